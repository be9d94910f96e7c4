import type { DomainText } from '../domain-text.js';

/** Medicine and health. */
export const health: DomainText = {
  name: 'salud',
  groups: [
    {
      subjects: `la fiebre; la tos [seca]; el dolor [de espalda|de muelas|abdominal]; la infección [de orina|respiratoria]; la
        inflamación; la alergia [alimentaria]; la herida [quirúrgica]; la tensión [arterial]; el azúcar en sangre; la
        erupción; la anemia; la migraña; el mareo; la hemorragia`,
      predicates: `>aumentar; >desaparecer {en <n2-9> días|con el reposo|por completo}; >empeorar {por la noche|tras la comida|con el
        ejercicio}; mejorar {con el tratamiento|poco a poco}; >persistir más de <n2-9> {días|semanas}; requerir {cirugía|antibióticos|
        reposo absoluto|un análisis de sangre|atención inmediata}; causar {insomnio|fatiga|vómitos|pérdida de apetito};
        responder {al tratamiento|a la medicación}; preocupar {al médico|a la familia}; ser {grave%|leve%|crónic@|
        contagios@|pasajer@}; deberse {al estrés|a un virus|a la dieta}; extenderse {al pecho|a la pierna};
        impedir {dormir bien|caminar|trabajar}`,
    },
    {
      plural: true,
      subjects: `el paciente [ingresado|de la habitación <n2-60>]; la paciente; el enfermo; la embarazada; el bebé; la niña; el
        anciano; el donante; la lesionada; el herido; el recién! nacido; <persona>`,
      predicates: `tener {fiebre|tos|alergia a la penicilina|la tensión alta|diabetes|anemia|dolor de cabeza|más de <n40-80> años|antecedentes
        familiares}; tomar {la medicación|anticoagulantes|antibióticos|un analgésico|la pastilla cada ocho horas}; estar {embarazad@|
        consciente%|en ayunas|vacunad@|sedad@|fuera de peligro|ingresad@}; recibir {el alta|una transfusión|la segunda dosis|oxígeno};
        necesitar {cirugía|reposo|rehabilitación|una radiografía|silla de ruedas}; dar positivo en {la prueba|el control}; fumar;
        vomitar; respirar {con dificultad|con normalidad}; mostrar {síntomas|signos de mejoría|confusión}; seguir {una dieta|el
        tratamiento}; perder {peso|el conocimiento|mucha sangre}; mejorar; empeorar; firmar el consentimiento;
        recuperar {la memoria|el apetito|la movilidad}; someterse a {una operación|una ecografía}; padecer {asma|insomnio|hipertensión}`,
    },
    {
      plural: true,
      subjects: `el medicamento; la vacuna [contra la gripe]; el jarabe; la pomada; el antibiótico; el suero; la dieta [blanda]; el
        análisis [de sangre|de orina]; la prueba [de embarazo|de alergia]; el tratamiento [hormonal]; la dosis;
        el cultivo; la ecografía; la biopsia`,
      predicates: `dar {positivo|negativo|buen resultado}; hacer efecto; tener {efectos secundarios|contraindicaciones|un coste elevado};
        estar {caducad@|disponible% en farmacias|indicad@ para niños|agotad@|autorizad@}; aliviar {el dolor|la
        inflamación|los síntomas}; contener {lactosa|cortisona|gluten}; requerir receta; interferir con {el alcohol|otros
        fármacos}; provocar {somnolencia|alergia|náuseas}; confirmar {el diagnóstico|la sospecha}; descartar {el tumor|una
        fractura}; costar menos de <n5-90> euros`,
    },
  ],
  people: `el médico [de guardia|de familia]; la médica; la enfermera [jefe]; el cirujano; la doctora <nombre>; el dentista; la
    fisioterapeuta; el farmacéutico; la psicóloga; el pediatra; la anestesista`,
  actions: `llamar {al médico|a una ambulancia|a emergencias}; tomar {la pastilla|el jarabe|la temperatura}; guardar {cama|reposo|
    ayuno}; ir {a urgencias|al dentista|a la farmacia|a rehabilitación}; lavarse las manos; vendarse la muñeca; dejar de fumar; beber
    {mucha agua|una infusión}; hacer {ejercicio|la cura|una pausa}; aplicarse {la crema|hielo en la rodilla}; pedir {cita con el
    especialista|una segunda opinión|la baja}; ponerse {la mascarilla|la vacuna|el termómetro}; suspender el tratamiento;
    consultar el prospecto; evitar {la sal|el alcohol|los esfuerzos}; donar sangre; revisarse la vista; desinfectar la herida`,
  happenings: `tener {fiebre|tos|náuseas|dolor de garganta|un esguince|la gripe|sueño|alergia al polen}; encontrarse mal; ponerse
    enferm@; sentirse {cansad@|mejor|maread@}; dormir mal; romperse {un brazo|el tobillo}; desmayarse; necesitar gafas; estar {de baja|a
    dieta|vacunad@|ronc@}; sudar mucho; perder el apetito; engordar; toser toda la noche`,
  impersonal: `haber {camas libres|lista de espera|un brote de gripe|médico de guardia|riesgo de contagio}; ser {urgente operar|
    hora de la medicación}; doler mucho`,
  anonymous: `dar el alta {al paciente|a la niña}; dar el alta; retirar {la vía|los puntos|la escayola}; repetir {el análisis|la prueba};
    cerrar {la planta|el quirófano}; avisar {a la familia|al especialista}; ampliar el horario de visitas; recetar {reposo|un
    antibiótico}; trasladar al herido en helicóptero`,
  passives: [
    {
      objects: `la dosis; el tratamiento; la operación; la visita; el quirófano; la cita; la vacunación; el ingreso; el diagnóstico`,
      verbs: `suspender; retrasar; confirmar; autorizar; prolongar; repetir; anular`,
    },
  ],
};

/** Food and recipes. */
export const cooking: DomainText = {
  name: 'cocina',
  groups: [
    {
      subjects: `la masa [de pan|del bizcocho]; la salsa [de tomate]; el arroz; el caldo; el guiso; la crema [pastelera]; el
        bizcocho; la tortilla; el pollo; el pescado; la carne [picada]; la verdura; el flan; la mayonesa; la sopa; el puré; el
        merengue; el pan; el cordero; la lasaña; la empanada`,
      predicates: `estar {list@|crud@|sos@|demasiado salad@|en su punto|frí@|quemad@|congelad@|templad@}; >cocerse a fuego lento;
        >quemarse; pegarse {a la sartén|al fondo}; >espesar; >hervir; reposar {<n5-50> minutos|toda la noche|en la
        nevera}; llevar {huevo|harina|nata|ajo|gluten|frutos secos|demasiado aceite}; necesitar {más sal|otro hervor|tiempo de
        horno|un poco de leche}; tener {buen color|grumos|mal olor|sabor a limón}; >cortarse; dorarse por ambos lados; oler {bien|a
        canela}; quedar {jugos@|tiern@|sec@|crud@ por dentro}; gustar a {los niños|todos los invitados}; enfriarse demasiado pronto;
        servirse {frí@|caliente%|con arroz}`,
    },
    {
      plural: true,
      subjects: `el horno; la nevera; la batidora; la olla exprés!; la sartén [antiadherente]; el lavavajillas; la vitrocerámica; el
        microondas; la cafetera; el congelador; la campana extractora`,
      predicates: `estar {encendid@|limpi@|estropead@|libre%|precalentad@|vací@|desenchufad@}; funcionar {bien|con gas}; alcanzar
        <n140-240> grados; hacer ruido; calentar {demasiado|poco}; perder {agua|vapor}; pitar; apagarse sol@; caber en la
        cocina; consumir mucha luz`,
    },
    {
      plural: true,
      subjects: `el restaurante; la cafetería [de la esquina]; la panadería; el bar; la pizzería; la pastelería; el comedor
        [social|escolar]; la taberna; el mercado`,
      predicates: `abrir {los domingos|a las <hora>|todo el verano}; cerrar {los lunes|por reforma|a medianoche}; tener {terraza|menú
        infantil|mesas libres|buenas críticas|platos veganos|servicio a domicilio}; aceptar {tarjetas|reservas|perros}; servir
        {desayunos|cenas|comida casera|marisco fresco}; estar {llen@|vací@|de moda}; cobrar {el pan aparte|por el agua}`,
    },
  ],
  people: `el cocinero; la cocinera; el camarero; la chef; el panadero; la pastelera; el sumiller; el pinche`,
  actions: `batir {los huevos|las claras|la nata}; añadir {sal|azúcar|harina|una pizca de pimienta|más caldo|dos hojas de laurel};
    bajar el fuego; subir el fuego; apagar {el horno|el fuego}; precalentar el horno; remover {la salsa|el guiso|la mezcla}; pelar {las
    patatas|los tomates|una cebolla}; cortar {el pan|la carne en dados|las zanahorias}; freír {el pescado|los
    huevos|las croquetas}; tapar {la olla|la cazuela}; escurrir {la pasta|las lentejas}; probar {el caldo|el postre}; poner {la mesa|
    la pasta a hervir|el pollo en la nevera}; pedir {la cuenta|postre|un café|una pizza}; servir {el vino|la sopa|el
    postre}; fregar los platos; descongelar {la carne|el pan}; amasar la masa; colar la infusión; usar {aceite de oliva|leche
    entera|levadura|mantequilla}; reservar mesa; comprar {pan|fruta|marisco}; rallar el queso; desayunar {tostadas|fruta}`,
  happenings: `tener hambre; quemarse con {el aceite|la sartén}; ser {vegan@|alérgic@ al marisco|intolerante% a la lactosa}; cenar
    {tarde|poco|fuera}; quedarse con hambre; olvidar {la sal|el postre en la nevera}`,
  impersonal: `haber {pan|leche en la nevera|postre|suficientes huevos|mesa libre|sopa para cenar|humo en la cocina}; faltar {sal|azúcar|
    aceite}; sobrar {comida|arroz|masa}; oler a quemado; ser hora de {comer|cenar}`,
  anonymous: `traer {la cuenta|el segundo plato}; cerrar la cocina; regalar el postre; cambiar el menú; subir el precio del menú;
    servir {paella|cocido}`,
  passives: [
    {
      objects: `la cebolla; el ajo; el tomate; la patata; el pimiento; el calabacín; la almendra; el queso [fresco]; la mantequilla`,
      verbs: `pelar; picar; dorar; añadir; mezclar; asar; rallar; retirar`,
    },
  ],
};

/** Sport. */
export const sport: DomainText = {
  name: 'deporte',
  groups: [
    {
      subjects: `el equipo [local|visitante|juvenil]; la selección [nacional|femenina]; el club; el <nombre>; la plantilla; el rival;
        la pareja finalista; el conjunto andaluz; el campeón; la subcampeona`,
      predicates: `ganar {el partido|la liga|la final|por dos goles|fuera de casa|el derbi}; perder {el partido|por un punto|el balón|la
        categoría}; empatar {a cero|en casa|el encuentro}; marcar {un gol|primero|en la prórroga|de penalti}; jugar {en
        casa|con diez|la prórroga|a puerta cerrada}; clasificarse para {la final|las semifinales|el mundial}; pasar de
        ronda; quedar {eliminad@|en primer lugar|líder%}; descender de categoría; fichar a {un portero|un extranjero|<persona>}; cambiar
        de entrenador; sumar {tres puntos|<n20-80> puntos}; tener {bajas|la moral alta|ventaja en el marcador}; cobrar la prima;
        levantar la copa; presentar una reclamación; salir al ataque; recibir {una sanción|un gol}`,
    },
    {
      plural: true,
      subjects: `el portero [suplente]; la delantera; el delantero; el defensa; la capitana; el ciclista; la tenista; el corredor; la
        nadadora; el árbitro; el boxeador; la gimnasta; el piloto; la atleta; <persona>; el centrocampista`,
      predicates: `estar {lesionad@|en forma|sancionad@|convocad@|cansad@|inscrit@}; lesionarse {la rodilla|en el entrenamiento};
        superar {la marca|el control antidopaje|a su rival|las pruebas físicas}; recibir {tarjeta roja|una amonestación|el
        premio|ofertas de otros clubes}; batir el récord; llegar {a la meta|en primera posición|a tiempo}; fallar
        {el penalti|el último tiro|el saque}; entrenar {a diario|con el grupo|por la mañana}; abandonar {la carrera|el campo|el
        torneo}; renovar el contrato; jugar de titular; ganar {la medalla de oro|la etapa|el combate}; subir al podio; tener
        {experiencia|dorsal|licencia federativa}; pitar {falta|el final|penalti}; protestar la decisión; cruzar la meta`,
    },
    {
      subjects: `el partido; la carrera; la final [de copa]; el torneo; la prórroga; el combate; la etapa [reina|de montaña]; el
        maratón; la regata; el entrenamiento`,
      predicates: `>empezar {a las <hora>|con retraso|en <ciudad>}; >terminar {en empate|antes de tiempo|con polémica}; >suspenderse;
        >aplazarse {por lluvia|hasta <fecha>}; durar {más de dos horas|noventa minutos}; jugarse {a puerta cerrada|en campo neutral};
        retransmitirse por {televisión|radio|internet}; decidir el título; atraer a {mucho público|patrocinadores}`,
    },
  ],
  people: `el entrenador; la entrenadora; la jugadora; el aficionado; la preparadora física; el presidente del club; el socio`,
  actions: `entrenar {más|a diario|con pesas}; calentar antes del partido; salir a correr; nadar {en la piscina|dos kilómetros}; jugar
    {al tenis|al baloncesto|al ajedrez|de defensa}; montar en bicicleta; apuntarse {al gimnasio|al torneo|a yoga}; ver {el partido|la
    final}; comprar {la entrada|el abono}; animar al equipo; lanzar {el penalti|el tiro libre|la jabalina}; sacar de banda; pasar
    {el balón|la pelota}; pedir {el cambio|tiempo muerto}; hacer {flexiones|estiramientos|deporte}; ponerse {el casco|las espinilleras};
    devolver la pelota; cambiar de club`,
  happenings: `ganar {la partida|el torneo|la apuesta}; perder {la final|el equilibrio|la partida}; lesionarse; quedar en segundo lugar; pasar
    de ronda; empatar; llegar agotad@ a la meta; tener agujetas; batir ~su récord; caerse de la bicicleta`,
  impersonal: `haber {prórroga|penaltis|empate|público en las gradas|partido esta semana|dos vueltas}; ser {fuera de juego|penalti|falta}`,
  anonymous: `expulsar {al portero|al entrenador}; anular {el gol|la prueba}; aplazar {el partido|la carrera}; pitar penalti; cambiar
    el reglamento; cerrar el estadio; repetir la salida; vender todas las entradas`,
  passives: [
    {
      objects: `el gol; la prueba; el partido; la entrada; el resultado; la inscripción; el título`,
      verbs: `anular; repetir; disputar; vender; revisar; confirmar; celebrar`,
    },
  ],
};
