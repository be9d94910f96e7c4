import type { DomainText } from '../domain-text.js';

/** Family, friends and everyday talk. */
export const family: DomainText = {
  name: 'vida diaria',
  groups: [
    {
      subjects: `mi madre; mi padre; mi hermana [mayor|pequeña]; mi hermano; mi tía; mi primo; mi abuela; mi vecino [de arriba]; tu
        hermana; tu jefe; nuestra vecina; el niño; la niña; el bebé; el abuelo; la suegra; <persona>; <persona>; <persona>; mi hijo; mi
        hija; mi mejor amiga; el novio de <persona>; la madre de <persona>; mi compañero de piso`,
      predicates: `venir {a cenar|a la fiesta|en tren|conmigo|sol@}; llamar {por teléfono|a la policía|a su madre|esta noche}; cocinar
        {paella|para todos|los domingos}; dormir {la siesta|mal|en el sofá}; llegar {tarde|a casa|antes de las <hora>|de viaje}; comer
        {carne|en casa|con nosotros|a las <hora>}; tener {razón|sueño|hambre|las llaves|coche|alergia a los gatos|tiempo|<n18-90>
        años|miedo|prisa}; salir {de casa|con amigos|a correr|de compras}; estar {enfadad@|content@|en casa|de viaje|cansad@|
        enferm@|ocupad@|dormid@}; limpiar {la cocina|el baño|su cuarto}; conducir; cantar en la ducha; regar las plantas; vivir
        {en <ciudad>|sol@|cerca|en el campo}; saber {nadar|la verdad|cocinar|el secreto}; traer {el postre|vino|buenas noticias}; querer {ir al
        cine|dormir|un helado}; leer {un cuento|el periódico|en la cama}; jugar {a las cartas|en el parque|con el perro}; decir {la
        verdad|una mentira|su opinión}; perder {las llaves|el tren|la paciencia}; fregar los platos; sacar la
        basura; trabajar {de noche|en un hospital|los sábados}; llorar; reírse; gritar; casarse {en mayo|con <persona>}; quedarse
        {a dormir|en casa|despiert@}; recoger {a los niños|la mesa}; ver {la tele|una película|el partido}; mentir; hablar con
        {<persona>|el médico|los vecinos}; prestar {el coche|dinero} a <persona>; fumar; pagar {la cena|el alquiler}`,
    },
  ],
  actions: `apagar {la tele|la luz|el móvil}; llamar a {~su madre|<persona>|un taxi|los vecinos}; ir {al cine|de compras|a la fiesta|a casa
    de <persona>|a misa|a la peluquería}; cerrar {la puerta|la ventana|el grifo}; hacer {la cama|los deberes|la compra|la cena|una
    tarta}; salir {a cenar|a pasear|con <persona>|temprano}; lavar {el coche|la ropa|los platos}; invitar a {<persona>|los vecinos};
    quedar con {<persona>|los amigos}; comprar {leche|un regalo|flores|el periódico}; ordenar {el cuarto|el armario|los libros}; tender la
    ropa; acostarse {temprano|tarde|antes de las <hora>}; levantarse {a las <hora>|temprano}; ducharse; vestirse; poner {la mesa|la
    lavadora|música}; escuchar {la radio|a <persona>|música}; ver {la película|una serie|el telediario}; pedir {perdón|una pizza|permiso};
    decir {la verdad|algo|~su nombre}; llevar {el postre|a los niños al parque|las llaves}; contarle el secreto a <persona>; comer
    {fruta|menos|con <persona>|fresas}; tomar {un café|el autobús|una ducha}; darse prisa; quedarse {en casa|a dormir|callad@}; descansar
    {un rato|el domingo}; bajar la basura; pintar {la habitación|la valla}; escribir {una carta|a <persona>}; leer {un libro|las
    instrucciones}; guardar {el secreto|silencio}; prestar el coche a <persona>; celebrar {el cumpleaños|la boda}`,
  happenings: `tener {sueño|hambre|tiempo|ganas de salir|razón|coche|hermanos|prisa|miedo|suerte|vergüenza}; estar {cansad@|de buen humor|
    en casa|enfadad@ con <persona>|libre%|enamorad@|preocupad@|aburrid@}; llegar {tarde|a tiempo|cansad@}; perder {las llaves|el autobús|la
    cartera}; encontrar {las gafas|piso}; cumplir <n18-80> años; dormirse; equivocarse de {calle|número}; oír {ruidos|el timbre}; saber {la
    respuesta|cocinar|~su dirección}; olvidar {la cita|el cumpleaños de <persona>}; conocer a {<persona>|los vecinos}; vivir
    {en <ciudad>|cerca del mar|sol@}; querer {ir al cine|más a <persona>|aprender a nadar}; necesitar {ayuda|dormir|las gafas}; ponerse
    {nervios@|triste%|content@}; enfadarse con <persona>; recibir {visita|una carta de <persona>}; echar de menos a <persona>; aburrirse; mentir`,
  impersonal: `haber {visita|leche|fiesta en casa de <persona>|ruido en la calle|luz|agua caliente|
    tiempo|sitio en el coche|comida para todos}; ser {tarde|domingo|fiesta|de noche|mi cumpleaños|temprano}; hacer falta {ayuda|otra silla};
    haber alguien en casa; llover; quedar {leche|sitio}`,
  anonymous: `cortar {la luz|el agua|la calle}; llamar a la puerta; traer {el sofá|las pizzas}; subir el alquiler; cerrar {la
    tienda|el bar a medianoche}; poner {una película buena|música}; robar {el coche|la bicicleta de <persona>}; arreglar
    {el ascensor|la calefacción}`,
  passives: [
    {
      objects: `la luz; el agua caliente; la fiesta; la cena; el regalo; la habitación; la ventana; la puerta`,
      verbs: `apagar; cortar; preparar; guardar; alquilar; cerrar; abrir; pintar`,
    },
  ],
};

/** The house and its devices. */
export const home: DomainText = {
  name: 'hogar',
  groups: [
    {
      plural: true,
      subjects: `la lavadora; la caldera; el termostato; la alarma [de humo|de la casa]; la lámpara [del salón]; el timbre; la persiana; el
        aspirador; la calefacción; el ascensor; la puerta [del garaje|principal]; el router; el televisor; el sensor [de
        movimiento|de humedad]; la cámara [de la entrada]; el altavoz; la cerradura [electrónica]; el enchufe; la
        bombilla; el aire acondicionado; el calentador; el cargador; el mando`,
      predicates: `>encenderse {al anochecer|sol@|al detectar movimiento|a las <hora>}; >apagarse {a medianoche|al salir de casa|de
        repente}; estar {encendid@|conectad@ a la red|estropead@|en garantía|apagad@|bloquead@|instalad@}; funcionar {con
        pilas|bien|por control remoto}; hacer {ruido|un zumbido|saltar los plomos}; >sonar; fallar; avisar {al dueño|por el móvil}; gastar
        {mucha luz|poca energía}; necesitar {pilas|una revisión|una pieza}; tener {batería|conexión|una fuga|garantía};
        detectar {humo|movimiento|una fuga de gas|presencia}; atascarse; abrirse {con el móvil|desde dentro|al introducir el
        código}; recibir {la señal|una actualización}; calentarse demasiado; perder {agua|la conexión}; marcar más de
        <n20-30> grados; cerrarse {de golpe|por dentro}`,
    },
    {
      plural: true,
      subjects: `la casa [de campo|de <persona>]; el piso [de alquiler|de arriba]; el tejado; la cocina; el baño; la pared [del fondo]; el
        garaje; el jardín; la terraza; el sótano; el dormitorio; la escalera; el balcón; la habitación`,
      predicates: `estar {limpi@|vací@|en obras|en venta|recién pintad@|a oscuras|orientad@ al sur|amueblad@}; tener {goteras|humedad|
        luz natural|dos ventanas|calefacción|vistas al mar}; necesitar {reformas|pintura|ventilación}; medir más de <n20-200> metros;
        dar {a la calle|al patio}; pertenecer a {<persona>|la comunidad}; costar más de <n90-400> mil euros; oler a {humedad|pintura|
        flores}; inundarse; alquilarse {por días|a estudiantes}`,
    },
  ],
  people: `el fontanero; la electricista; el cerrajero; la inquilina; el casero; la pintora; el vecino; la portera`,
  actions: `encender {la luz|el horno|la calefacción|el ventilador}; apagar {la calefacción|el aire acondicionado|la alarma}; cerrar {la
    llave del gas|el garaje|la persiana}; cambiar {la bombilla|las sábanas|el filtro|la cerradura}; pulsar {el botón rojo|el
    interruptor}; llamar {al fontanero|al casero|a los bomberos}; desenchufar {la plancha|el televisor}; barrer {el salón|la
    terraza}; regar {las plantas|el césped}; reparar {el grifo|la caldera|el tejado}; pintar {la cocina|el dormitorio}; planchar {las
    camisas|los pantalones}; instalar {un detector|paneles solares}; mudarse {a <ciudad>|de piso}; alquilar {una habitación|el
    garaje}; sacar la basura; ventilar {la casa|el dormitorio}; introducir {el código|la llave}; ajustar el termostato`,
  happenings: `tener {la llave|mascota|balcón|goteras en casa}; quedarse {sin luz|a oscuras|encerrad@ en el ascensor}; perder {la llave|el
    mando}; oír {la alarma|un golpe}; vivir {en un quinto piso|de alquiler}; oler el gas; necesitar {una escalera|un
    enchufe}`,
  impersonal: `haber {luz|gas|una fuga de agua|corriente|cobertura|humo en la cocina|alguien en el salón|goteras|wifi}; oler a
    {gas|quemado}; hacer {frío en casa|calor en el dormitorio}`,
  anonymous: `cortar {el gas|el suministro}; arreglar {el ascensor|la fachada}; vender el piso; instalar {la fibra|el contador};
    derribar el edificio; subir {la fianza|la comunidad}; alquilar el local`,
  passives: [
    {
      objects: `la alarma; la calefacción; la luz [del pasillo]; el riego; la caldera; la persiana; la temperatura; el gas`,
      verbs: `activar; encender; apagar; cortar; revisar; regular; conectar; programar`,
    },
  ],
};

/** Journeys, roads and traffic. */
export const travel: DomainText = {
  name: 'viajes y tráfico',
  groups: [
    {
      plural: true,
      subjects: `el tren [de alta velocidad|nocturno|de las <hora>!]; el autobús [escolar]; el avión; el vuelo [a <ciudad>|<código>!]; el ferry;
        el metro; el barco; el tranvía; el taxi; el crucero; el camión [de reparto]; la furgoneta; el coche [eléctrico|de alquiler]; la
        moto; la ambulancia; el carro; el auto; la bicicleta`,
      predicates: `>salir {con retraso|a las <hora>|de <ciudad>|a tiempo}; >llegar {con retraso|a <ciudad>|antes de las <hora>|puntual%}; tener
        {avería|plazas libres|aire acondicionado|la rueda pinchada|retraso|seguro|más de <n4-20> años|combustible}; parar {en <ciudad>|en la
        gasolinera|en todas las estaciones}; circular {por la derecha|los domingos|con normalidad|de noche}; averiarse {en el
        túnel|a mitad de camino}; llevar {cadenas|pasajeros|mercancías}; superar {el límite de velocidad|los <n80-200>
        kilómetros por hora|la revisión}; chocar con {un árbol|la valla|otro vehículo}; frenar {a tiempo|de golpe}; estar {llen@|
        averiad@|asegurad@|en el taller|aparcad@ en doble fila}; consumir {poco|gasóleo}; pasar {la inspección|por <ciudad>|cada media
        hora}; girar {a la izquierda|en la rotonda}; adelantar por la derecha; volcar en la curva; entrar en {la
        autopista|el puerto}; perder {aceite|el enlace}`,
    },
    {
      plural: true,
      subjects: `la carretera [nacional|comarcal]; la autopista; el aeropuerto [de <ciudad>]; la estación [de esquí|central]; el puerto; el
        túnel; el puente; el hotel; la frontera; la calle [mayor]; el semáforo; el peaje; el paso de peatones; el
        aparcamiento; el museo; la rotonda`,
      predicates: `estar {cerrad@|en obras|abiert@ al tráfico|colapsad@|vací@|cortad@ por nieve|lejos|en verde}; tener {plazas
        libres|vigilancia|mucho tráfico|dos carriles|acceso para sillas de ruedas}; >abrir {a las <hora>|los domingos|en verano};
        cerrar {por obras|a las <hora>|en invierno}; quedar {lejos del centro|cerca de la playa|bloquead@};
        conectar con {la autopista|el aeropuerto}; cobrar {peaje|entrada}; colapsarse {en agosto|los viernes}; reabrir en <fecha>`,
    },
  ],
  people: `el conductor [novel]; la conductora; el turista; la pasajera; el peatón; la ciclista; el piloto; la azafata; el revisor; la guía; el
    viajero; la camionera; el agente de tráfico`,
  actions: `reservar {el hotel|una habitación doble|con antelación|el vuelo}; comprar {el billete|un mapa|el seguro de viaje}; facturar {la
    maleta|el equipaje}; llevar {el pasaporte|el casco|poco equipaje|chaleco reflectante}; reducir la velocidad; parar {en el semáforo|a
    descansar}; ceder el paso; tomar {el metro|un taxi|la salida <n2-40>|el vuelo de las <hora>}; girar {a la derecha|en la próxima
    calle}; alquilar {un coche|una bicicleta}; visitar {el museo|la catedral|<ciudad>|a unos amigos}; cruzar {la calle|la
    frontera|el puente}; aparcar {en batería|junto al hotel}; abrocharse el cinturón; encender las luces; llenar el depósito; poner
    {el intermitente|las cadenas}; viajar {a <ciudad>|en barco|en primera|con <persona>}; cambiar {de hotel|la rueda|dinero}; hacer
    {escala en <ciudad>|la maleta|trasbordo}; conducir {despacio|de noche}; mostrar {el visado|la tarjeta de embarque}; cancelar {la
    reserva|el viaje}; enviar una postal; adelantar al camión`,
  happenings: `perder {el vuelo|la maleta|el tren|el enlace}; tener {visado|billete|carné de conducir|el pasaporte en regla|jet lag|una
    avería}; llegar {a <ciudad>|al aeropuerto a tiempo|de noche}; marearse en el {barco|coche}; estar {de vacaciones|en <ciudad>|perdid@}; quedarse
    {sin gasolina|atrapad@ en el atasco}; recibir una multa; dormirse al volante; pinchar una rueda; encontrar {alojamiento|aparcamiento}`,
  impersonal: `haber {atasco|retrasos|hielo en la calzada|huelga de pilotos|plazas|obras en la autopista|un control de policía|un accidente};
    ser temporada alta; quedar {plazas|billetes|dos horas de viaje}`,
  anonymous: `cortar {la carretera|el tráfico|la calle mayor}; cancelar {el vuelo|la excursión|la reserva}; retrasar {el embarque|la salida}; abrir {el
    túnel|la frontera}; multar al {conductor|ciclista}; fletar {un autobús|otro avión}; cambiar {el horario|la puerta de embarque}; pedir {el
    visado|el pasaporte}; retirar el carné; desviar el tráfico por <ciudad>`,
  passives: [
    {
      objects: `el vuelo; la reserva; el billete; la excursión; la maleta; el embarque; la carretera; el tráfico; la velocidad`,
      verbs: `cancelar; confirmar; retrasar; adelantar; anunciar; cambiar; cortar; reducir; desviar`,
    },
  ],
};

/** Schools and exams. */
export const school: DomainText = {
  name: 'escuela',
  groups: [
    {
      plural: true,
      subjects: `el alumno [repetidor|de intercambio]; la alumna; el estudiante; la profesora [de química|sustituta]; el maestro; el tutor; la
        directora; el doctorando; <persona>; la becaria; el opositor; el conserje; la clase [de tercero]; el tribunal`,
      predicates: `aprobar {el examen|todas las asignaturas|la oposición|por los pelos}; suspender {matemáticas|el examen|dos
        asignaturas}; estudiar {en la biblioteca|todas las tardes|para el examen|inglés}; entregar {el trabajo|los deberes|la tesina}; copiar
        {en el examen|del vecino}; asistir {a clase|a la tutoría|al laboratorio}; llegar {tarde a clase|puntual%}; tener
        {beca|buenas notas|matrícula de honor|examen|los apuntes|dudas|clase a las <hora>}; repetir curso; leer {en voz alta|el
        capítulo <n2-20>}; levantar la mano; faltar {a clase|más de <n2-9> días}; hacer {los deberes|preguntas|el
        resumen|trampas}; pasar {de curso|lista}; explicar {el tema <n2-20>|la lección}; corregir {los exámenes|la ortografía};
        saber {la lección|la respuesta|francés}; sacar {un diez|buena nota|menos de un cinco}; solicitar {la beca|revisión
        del examen}; defender la tesis; graduarse {en junio|con honores}; perder {los apuntes|la beca}; castigar a <persona>`,
    },
    {
      plural: true,
      subjects: `el examen [final|de conducir|de química]; la clase [de música|de las <hora>!]; el curso [de verano|intensivo]; la asignatura; el trabajo [de
        fin de grado]; la beca; la matrícula; el título; la excursión; la biblioteca; el laboratorio; la tesis; la prueba [de acceso]`,
      predicates: `ser {difícil%|fácil%|obligatori@|gratuit@|oral%|por la tarde}; >empezar {a las <hora>|en septiembre|el lunes}; >terminar {en
        junio|a las <hora>}; durar {dos horas|todo el curso|<n2-9> meses}; incluir {un caso práctico|prácticas|el tema <n2-20>}; estar
        {suspendid@|convalidad@|abiert@|llen@}; tener {dos partes|plazas limitadas|nota mínima}; contar para {la nota|el
        expediente}; aplazarse; requerir {la nota media|conocimientos previos}; cubrir {la matrícula|el alojamiento}; costar menos de <n50-900> euros`,
    },
  ],
  people: `el profesor; la profesora; el alumno; la estudiante; el catedrático; la bibliotecaria; el orientador`,
  actions: `estudiar {más|el tema <n2-20>|toda la noche|con <persona>}; repasar {los apuntes|la lección}; hacer {los deberes|el ejercicio <n2-60>|un
    esquema}; entregar {el trabajo|la redacción|la práctica}; matricularse en {historia|la academia|el máster}; copiar el enunciado; leer {el
    libro|el capítulo}; tomar apuntes; preguntar {al profesor|en clase}; pedir {la beca|una tutoría|el libro}; devolver el libro a
    la biblioteca; presentarse {al examen|a la recuperación}; aprender {francés|los verbos|de memoria el poema}; resolver {el
    problema|la ecuación|el ejercicio}; levantar la mano; ir {a clase|al laboratorio|a la academia}; consultar el diccionario; memorizar {la
    tabla|las fechas}`,
  happenings: `aprobar {el examen|la asignatura|el curso}; suspender {el examen|física}; sacar {un nueve|buena nota|mala nota}; tener {examen|
    clase|dudas|beca|los apuntes}; repetir curso; quedarse {en blanco|a la recuperación}; entender {la lección|el problema|el latín}; llegar tarde {a clase|al examen}; perder {el libro|los apuntes}; obtener el título; estar {matriculad@|de vacaciones}`,
  impersonal: `haber {examen|clase|recreo|excursión|plazas en el curso|deberes|revisión de notas}; ser {época de exámenes|fin de curso}; quedar {plazas|una semana de curso}`,
  anonymous: `suspender {las clases|la excursión}; publicar las notas; cambiar {el horario|la fecha del examen}; cerrar {el colegio|la
    biblioteca}; conceder la beca; convocar {la plaza|la oposición}; repartir {los diplomas|los exámenes}; expulsar al alumno`,
  passives: [
    {
      objects: `el examen; la nota; la clase; el curso; la beca; la matrícula; la excursión; el trabajo`,
      verbs: `publicar; revisar; suspender; adelantar; aplazar; conceder; entregar; repetir; corregir`,
    },
  ],
};
