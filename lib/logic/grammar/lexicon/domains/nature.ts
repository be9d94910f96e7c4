import type { DomainText } from '../domain-text.js';

/** Weather. */
export const weather: DomainText = {
  name: 'clima',
  groups: [
    {
      subjects: `el viento [del norte|de levante|de poniente]; la temperatura [mínima|máxima|nocturna]; la humedad [relativa];
        el nivel del río; el caudal del arroyo; la presión atmosférica; la radiación solar; el nivel del embalse; la niebla;
        la sensación térmica`,
      predicates: `>subir; >bajar; >aumentar durante {la noche|la madrugada|la tarde|el fin de semana}; >disminuir de golpe;
        superar el {máximo histórico|umbral de alerta|valor previsto}; alcanzar {valores extremos|un nuevo récord|la media del mes}; mantenerse {estable%|dentro de lo normal|por debajo de la media}; variar según {la altitud|la hora del día|la
        estación}; cambiar de un momento a otro; preocupar a {los agricultores|los pescadores|los vecinos de <ciudad>};
        afectar a {los vuelos|los cultivos|las carreteras|la navegación}; remitir antes {del mediodía|del anochecer}`,
    },
    {
      subjects: `la tormenta [eléctrica|de arena]; el temporal; la borrasca; la ola de calor; la ola de frío; el huracán; la nevada; la
        granizada; la lluvia [torrencial|persistente]; la sequía; la inundación; el frente frío; el ciclón`,
      predicates: `>llegar {a la costa|al interior|a <ciudad>|al valle|a las islas}; durar más de <n2-9> {días|horas};
        dañar {la cosecha|los tejados|el tendido eléctrico|el paseo marítimo}; provocar {cortes de luz|retrasos|el cierre del
        puerto|desprendimientos}; obligar a cerrar {el aeropuerto|los colegios|el parque|la autopista}; cruzar {la península|el
        golfo|la cordillera}; alejarse de la costa; perder fuerza; ganar intensidad; arruinar {la vendimia|las
        vacaciones|la feria}; >desatarse; sorprender a {los excursionistas|los turistas|los pastores}; derribar {varios
        árboles|un muro|una antena}; inundar {los sótanos|el túnel|la carretera vieja}`,
    },
    {
      subjects: `el cielo; el mar; la carretera de <ciudad>; el camino forestal; la playa [del norte]; el lago; el puerto de montaña; la
        pista de esquí; la laguna; el sendero; el valle; la cima; el pantano`,
      predicates: `estar {despejad@|tranquil@|helad@|cubiert@|sec@}; >helarse; aparecer {cubiert@ de nieve|envuelt@ en
        niebla|vací@}; verse desde {el pueblo|el mirador|la torre}; cambiar de color; quedar {aislad@|a la sombra}`,
    },
  ],
  people: `el meteorólogo; la meteoróloga; el montañero; la capitana del barco; el farero; el guarda forestal; la pescadora`,
  actions: `abrir el paraguas; ponerse {el abrigo|la bufanda|el impermeable|las botas de agua}; cerrar {las ventanas|las
    persianas|el toldo}; quedarse en casa; suspender {la excursión|el paseo|la regata}; recoger {la ropa tendida|las
    sombrillas|las velas}; consultar {el pronóstico|el radar|el barómetro}; encender {la estufa|la chimenea|la
    calefacción}; bajar a la playa; llevar {paraguas|gafas de sol|cadenas en el coche}; refugiarse en {una cabaña|el portal|la
    ermita}; regar el jardín; cubrir {las plantas|la leña|la piscina}; quitar la nieve de la entrada; aplazar {la salida|el
    viaje}`,
  happenings: `mojarse; tener {frío|calor}; resfriarse; quemarse con el sol; pasar la noche a la intemperie; perderse en la
    niebla; sudar; quedar atrapad@ por la nieve; oír los truenos; ver relámpagos`,
  impersonal: `llover {con fuerza|todo el día|a cántaros|en <ciudad>}; llover; nevar; nevar en {la sierra|cotas bajas|<ciudad>};
    tronar; granizar; helar por la noche; amanecer; anochecer pronto; hacer {frío|calor|viento|sol|buen tiempo|mal tiempo};
    haber {niebla|tormenta|hielo en la carretera|nubes|relámpagos|riesgo de aludes|alerta roja|mucho oleaje}; refrescar al
    atardecer; estar nublado; ser de noche; escampar; oler a tierra mojada; lloviznar`,
  anonymous: `cerrar {el puerto de montaña|la playa|el parque}; activar la alerta {amarilla|naranja|roja}; cancelar {los
    vuelos|la romería|los fuegos artificiales}; anunciar {lluvia|nieve|chubascos|una tregua}; izar la bandera {roja|verde}; abrir
    las compuertas de la presa; echar sal en las aceras; pedir prudencia a los conductores`,
  passives: [
    {
      objects: `el aviso [de tormenta|por viento]; la alerta; el boletín meteorológico; el plan de emergencia`,
      verbs: `publicar; emitir; retirar; activar; ampliar; actualizar; levantar`,
    },
  ],
};

/** Animals, wild and tame. */
export const animals: DomainText = {
  name: 'animales',
  groups: [
    {
      plural: true,
      subjects: `el perro [pastor|del vecino|callejero]; la gata [negra|siamesa]; el gato; el caballo [blanco|de carreras]; la yegua;
        el loro; la cabra; el burro; el conejo; la tortuga; el zorro; la loba; el oso [pardo]; el mono; la ardilla; el hámster; la
        oveja; el jabalí; el hurón; la nutria`,
      predicates: `dormir {en el establo|junto a la puerta|al sol|bajo la mesa}; comer {hierba|fruta|sobras|de la mano}; escaparse del
        {corral|jardín|recinto}; tener {hambre|sed|miedo|crías|parásitos|la pata rota}; morder {la correa|el cojín|a los
        desconocidos}; esconderse {debajo de la cama|entre los arbustos|en la madriguera}; acercarse {a la valla|al
        agua|a los niños}; beber {agua|leche}; correr {por el prado|detrás de la pelota|hacia el bosque}; estar {enferm@|nervios@|
        vacunad@|sol@|tranquil@}; obedecer {a su dueño|la orden}; perder pelo; mirar por la ventana; ser {mans@|agresiv@|
        curios@|muy viej@}; necesitar {espacio|ejercicio|un veterinario|compañía}; vivir en {la granja|una jaula|el refugio};
        atacar a {las gallinas|los intrusos}; reconocer {la voz de <persona>|el camino}; arañar {la puerta|el sofá}`,
    },
    {
      plural: true,
      subjects: `el/f águila [imperial]; la cigüeña; el halcón; la gaviota; el búho; la golondrina; el pato; el cuervo; el flamenco; la
        paloma; el canario; el mirlo; la urraca`,
      predicates: `>cantar {al amanecer|en la rama|toda la noche}; volar {hacia el sur|sobre el río|en círculos|muy bajo};
        hacer {el nido en el tejado|su nido}; poner {huevos|dos huevos}; emigrar {en otoño|antes del frío}; volver al nido; alimentar
        a {sus crías|sus polluelos}; posarse en {el cable|la antena|la torre de la iglesia}; cazar {ratones|insectos|peces}; tener
        un ala rota; comer {semillas|lombrices}; mudar las plumas`,
    },
  ],
  people: `el veterinario; la veterinaria; el cazador; la ganadera; el cuidador del zoo; la criadora; el pastor`,
  actions: `pasear al perro; vacunar {al gato|al cachorro|a las terneras}; dar de comer a {las gallinas|los peces|los patos};
    adoptar {un gato|un perro abandonado|una tortuga}; llevar al perro al veterinario; limpiar {la jaula|el acuario|la
    cuadra}; acariciar al {gato|caballo|cachorro}; ordeñar las vacas; ensillar el caballo; ponerle el bozal al perro;
    soltar {las ovejas|a los perros|la correa}; esquilar las ovejas; cerrar el gallinero`,
  happenings: `tener alergia a los gatos; tener miedo a las {arañas|serpientes|abejas}; recibir una mordedura; ver {un lobo|huellas
    de oso|un nido}; oír ladridos; encontrar {un erizo|un pájaro herido}; querer mucho a ~su gato`,
  impersonal: `haber {abejas en el jardín|ratones en el granero|peces en la charca|lobos en la zona|avispas|garrapatas}; oler a
    establo`,
  anonymous: `soltar los toros; cerrar la reserva natural; rescatar {al delfín|a la ballena varada}; prohibir la caza; poner
    comederos en el parque`,
  passives: [
    {
      objects: `el recinto [de los leones]; la colmena; el hábitat; la especie [protegida|invasora]; el rebaño`,
      verbs: `proteger; vigilar; trasladar; recuperar; estudiar`,
    },
  ],
};

/** Fields, crops and gardens. */
export const farming: DomainText = {
  name: 'campo',
  groups: [
    {
      subjects: `el trigo; la cosecha [de uva|temprana]; el olivar; la viña; el huerto [ecológico]; el maíz; el tomate [de rama]; la
        huerta; el almendro; el cerezo; la patata; el limonero; el girasol; el arrozal; el rosal; la higuera`,
      predicates: `>crecer {deprisa|en secano|a la sombra|con poca agua}; >florecer {en marzo|antes de tiempo}; >secarse; >madurar
        {en verano|despacio}; necesitar {riego|abono|sol|poda}; tener {plaga|hongos|pulgones|raíces profundas}; dar {buen fruto|poca
        producción|beneficios}; estar {madur@|enferm@|en flor|list@ para la recolección}; resistir {la
        helada|la sequía}; pudrirse; ocupar <n2-40> hectáreas; recibir {agua del canal|subvención}`,
    },
    {
      plural: true,
      subjects: `el tractor [nuevo|averiado]; la cosechadora; el pozo; el sistema de riego; la bomba de agua; el invernadero; la
        cooperativa; la almazara; el molino; la bodega; el granero`,
      predicates: `funcionar {a pleno rendimiento|con energía solar|desde el alba}; estar {averiad@|llen@|vací@|en obras}; pertenecer
        {a la familia <nombre>|al ayuntamiento}; necesitar {una reparación|una pieza nueva|permiso}; costar más de <n2-90> mil euros;
        abastecer a {toda la finca|los pueblos vecinos}; cumplir la normativa; abrir {en septiembre|todo el año}`,
    },
  ],
  people: `el agricultor; la agricultora; el jornalero; la jardinera; el apicultor; la ingeniera agrónoma; el viticultor`,
  actions: `regar {el huerto|los tomates|el césped|las macetas}; podar {los rosales|la viña|los frutales}; abonar {la tierra|el
    campo}; sembrar {trigo|cebada|garbanzos|antes de marzo}; recoger {la aceituna|la uva|las almendras|los pimientos}; arar {la parcela|el
    campo}; quitar las malas hierbas; vender {la cosecha|el tractor|la finca}; plantar {un limonero|lavanda|tres cerezos}; encender
    el riego; trasplantar los {esquejes|bulbos}; fumigar {el campo|los frutales}`,
  happenings: `perder la cosecha; recibir una subvención; quedarse sin agua para el riego; llenar el granero; tener
    {tierras en <ciudad>|un huerto|buena mano con las plantas}`,
  impersonal: `haber {plaga de langosta|agua en el pozo|fruta en los árboles|setas en el bosque|sequía}; ser época de {siembra|vendimia|poda}`,
  anonymous: `subir el precio del {agua|gasóleo|abono}; retrasar la vendimia; contratar temporeros; limitar el riego`,
  passives: [
    {
      objects: `la uva; la aceituna; el heno; la parcela [abandonada]; el abono; la subvención [agraria]`,
      verbs: `recoger; vender; repartir; pagar; aprovechar`,
    },
  ],
};
