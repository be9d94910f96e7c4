import type { DomainText } from '../domain-text.js';

/** Logic, numbers and puzzles. */
export const logic: DomainText = {
  name: 'lógica y matemáticas',
  groups: [
    {
      subjects: `el número [entero|natural|<código>!]; n; x; el cociente; la suma; el producto; el resto; el divisor; la raíz; el
        término [general]; el determinante; el coeficiente; el exponente; el resultado`,
      predicates: `ser {par%|impar%|prim@|positiv@|negativ@|múltiplo de <n2-20>|mayor% que <n2-90>|menor% que <n2-90>|racional%|divisible% entre
        <n2-20>|igual% a cero|enter@|un cuadrado perfecto}; acabar en {cero|cinco|cifra par}; valer {cero|<n2-90>|uno}; superar {el cien|a su
        predecesor}; dividir a {<n20-90>|los demás}; tener {dos cifras|tres divisores|inverso|signo negativo}; coincidir con {la
        media|el máximo}; pertenecer {al conjunto|al intervalo}`,
    },
    {
      plural: true,
      subjects: `el triángulo; la función; la serie; la matriz; el conjunto [<código>!]; la sucesión; el grafo; la ecuación; el
        polígono; la relación; el sistema [de ecuaciones]; el espacio; la gráfica; el cuadrilátero; la recta`,
      predicates: `ser {continu@|simétric@|finit@|vací@|convergente%|invertible%|regular%|conex@|transitiv@|acotad@|creciente%|biyectiv@};
        tener {solución|un único máximo|tres lados iguales|un ángulo recto|inversa|ciclos|más de <n2-90> elementos|infinitas
        soluciones}; converger {a cero|en el intervalo}; divergir; cortar al eje {horizontal|vertical}; contener {el cero|al
        vacío|a su complementario}; alcanzar {un máximo|su cota}; carecer de {raíces reales|solución}; estar {bien
        definid@|ordenad@|contenid@ en el plano}; ser derivable% en {el origen|todo punto}`,
    },
    {
      plural: true,
      subjects: `la premisa [mayor|menor]; la conclusión; el argumento; la hipótesis; el teorema; la conjetura; la proposición; el
        axioma; la teoría [de <nombre>]; el contraejemplo; la prueba; el razonamiento; la tesis; la afirmación`,
      predicates: `ser {verdader@|fals@|válid@|correct@|necesari@|demostrable%|trivial%|contradictori@|consistente%}; cumplirse {en todos los
        casos|siempre|para los pares}; seguirse de {las premisas|la hipótesis|los axiomas}; admitir {un contraejemplo|otra
        lectura|excepciones}; depender {de la hipótesis|del axioma de elección}; conducir a {un absurdo|una paradoja|la misma
        conclusión}; quedar {demostrad@|refutad@|en duda}; sostenerse; explicar {los hechos|el fenómeno}; contener {un error|una
        falacia}; tener {sentido|un fallo|fundamento}; implicar {la conclusión|un límite}`,
    },
    {
      subjects: `el acusado; la testigo; el mayordomo; el prisionero; el guardián [de la izquierda]; el caballero; el escudero; el
        barbero; la princesa; el filósofo; Sócrates; Platón; el hermano
        [mayor|menor]; la jardinera; el sospechoso; el mentiroso`,
      predicates: `mentir; decir la verdad; tener {la llave|el tesoro|un cómplice|coartada|el anillo}; estar {en la biblioteca|detrás de la cortina|en el jardín|loc@}; ser {culpable%|inocente%|mortal%|human@|list@}; conocer {la salida|el secreto|al
        asesino}; guardar {el anillo|silencio|las pruebas}; huir; ver {al ladrón|la huella}; llevar sombrero
        {rojo|negro}; proteger a {la reina|<persona>}; esconder {el diamante|la carta}`,
    },
    {
      subjects: `el cofre [de plata|de oro|de plomo]; la puerta [roja|azul|del norte]; la caja [fuerte|negra]; la habitación [del fondo]; el
        cajón; el sobre [lacrado]; el pasadizo; la urna`,
      predicates: `estar {cerrad@|vací@|abiert@|marcad@|detrás de la cortina}; contener {el tesoro|una trampa|la carta|un mensaje falso}; abrirse {con la
        llave|desde fuera}; llevar {un sello|la inscripción verdadera}; conducir {a la salida|al tesoro}; ser {segur@|fals@|roj@}; pertenecer a
        {la reina|<persona>}`,
    },
  ],
  people: `el matemático; la lógica; el filósofo; la profesora; el detective; la investigadora`,
  actions: `demostrar {el teorema|la conjetura|el lema}; aceptar {la premisa|el axioma|la conclusión}; negar {la tesis|la evidencia}; aplicar
    {la inducción|la regla|el teorema de <nombre>}; sumar {las cifras|los ángulos}; despejar la incógnita; dividir entre {<n2-20>|dos};
    elegir la puerta {roja|azul}; dibujar {la gráfica|un triángulo}; multiplicar por {cero|<n2-20>}; comprobar el resultado; abrir el
    cofre; plantear {la ecuación|una hipótesis}; seguir {la pista|el razonamiento}`,
  happenings: `tener {razón|una prueba|la llave}; llegar {a un absurdo|a la misma conclusión}; encontrar {un contraejemplo|la solución|la pista};
    saber {la respuesta|sumar}; equivocarse; resolver {el acertijo|el misterio}; cometer {un error|una falacia}; caer en {contradicción|un
    círculo vicioso}`,
  impersonal: `haber {solución|contradicción|infinitos primos|un culpable|dos salidas|un error en la prueba|un tesoro}; existir {un límite|una
    solución|un contraejemplo|un elemento neutro|Dios}; tratarse de {una paradoja|un caso particular}`,
  anonymous: `encontrar {el cofre|la solución|al culpable}; publicar la demostración; refutar la teoría; aceptar el artículo; resolver el
    caso`,
  passives: [
    {
      objects: `la igualdad; el teorema; la hipótesis; la condición; la conclusión; el límite; la contradicción; la propiedad; la
        regla`,
      verbs: `cumplir; demostrar; verificar; aplicar; deducir; alcanzar; refutar; mantener`,
    },
  ],
};

/** Experiments, nature's laws, machines and space. */
export const science: DomainText = {
  name: 'ciencia y técnica',
  groups: [
    {
      plural: true,
      subjects: `la muestra [de agua|<código>!]; el metal; el gas; la reacción; el líquido; la mezcla; el ácido; el reactivo; la
        disolución; el cristal; el cobre; el isótopo; la proteína; la bacteria; el compuesto <código>; el hielo; el átomo`,
      predicates: `reaccionar {con el oxígeno|en caliente|al contacto con el aire}; >dilatarse; cambiar de {color|estado|fase}; alcanzar {los <n20-900>
        grados|el equilibrio|el punto de fusión}; hervir a <n40-300> grados; >evaporarse; disolverse en {agua|alcohol}; conducir {la
        electricidad|el calor}; contener {sodio|plomo|impurezas|microplásticos}; ser {tóxic@|inflamable%|soluble%|estable%|radiactiv@};
        estar {contaminad@|a temperatura ambiente|en el tubo <n2-20>|purificad@}; emitir {luz|radiación|gases}; crecer en {el
        laboratorio|la placa}; perder {masa|electrones}; mutar; flotar en el agua; pesar más de <n2-90> gramos`,
    },
    {
      plural: true,
      subjects: `el motor [eléctrico|diésel!]; la turbina; el robot [<nombre>!]; el telescopio; la sonda; el cohete; el satélite; el reactor; el
        circuito; la máquina; el sensor [térmico|de presión]; la válvula; la bomba; el prototipo; el láser; el brazo mecánico; el
        generador`,
      predicates: `>arrancar {en frío|a la primera|a las <hora>}; >detenerse {de golpe|por seguridad|al fallar un sensor}; fallar {en pleno
        vuelo|durante la prueba}; recibir {corriente|la orden|una señal de la Tierra}; estar {calibrad@|en órbita|averiad@|apagad@|en
        marcha|sobrecalentad@}; alcanzar {la órbita|la máxima potencia|los <n200-900> grados}; girar {a la izquierda|a <n20-90> revoluciones};
        abrirse {a presión alta|con el mando}; enviar {datos|imágenes|una señal}; consumir {hidrógeno|demasiado}; perder
        {presión|altura|combustible|el contacto}; detectar {vida|una fuga|un planeta nuevo}; tener {combustible|dos motores|un fallo}; superar {la
        prueba|la atmósfera}; despegar {desde <ciudad>|el <n2-30> de mayo}; funcionar {con hidrógeno|a pleno rendimiento}; medir {la
        temperatura|el viento solar}`,
    },
  ],
  people: `el científico; la científica; el físico; la química; el astronauta; la bióloga; el geólogo; la ingeniera; el técnico de laboratorio`,
  actions: `repetir {el experimento|la medición}; calentar {la muestra|el tubo|la mezcla}; añadir {el reactivo|agua destilada|dos gotas de
    ácido}; medir {la temperatura|el pH|la longitud}; publicar {los resultados|el artículo}; calibrar {el sensor|la balanza}; abrir la
    válvula; cerrar la válvula; encender {el mechero|el láser}; usar {guantes|el microscopio|gafas de seguridad}; lanzar {la sonda|el
    cohete}; tomar {una muestra|nota de los valores}; anotar los resultados; verter el líquido; enfriar {el motor|la mezcla}; pulsar el
    botón de {parada|emergencia}`,
  happenings: `obtener {el mismo resultado|financiación|una patente}; descubrir {un planeta|la cura|un error}; recibir {el premio Nobel|la señal};
    observar {el eclipse|un cambio de color}; perder {los datos|el contacto con la nave}; tener {pruebas|permiso del comité}; equivocarse de
    {reactivo|fórmula}`,
  impersonal: `haber {oxígeno|agua en Marte|vida en el planeta|corriente|una fuga de gas|presión suficiente|eclipse|gravedad}; existir
    {materia oscura|otra explicación}; producirse {un cortocircuito|una explosión|la reacción}`,
  anonymous: `lanzar {el satélite|la sonda}; cancelar {la misión|el experimento}; descubrir {un fósil|otro planeta}; apagar el reactor;
    financiar el proyecto; evacuar {el laboratorio|la central}; construir {el telescopio|otra central}`,
  passives: [
    {
      objects: `el experimento; la muestra; la reacción; el calor; la energía; la válvula; la hipótesis; el gas; la corriente; el dato`,
      verbs: `repetir; analizar; producir; liberar; cerrar; confirmar; medir; enfriar; descartar; recoger`,
    },
  ],
};

/** Games, cards, boards and screens. */
export const games: DomainText = {
  name: 'juegos',
  groups: [
    {
      plural: true,
      subjects: `el jugador [inicial|activo|de tu derecha]; la jugadora; el dragón; el mago; el equipo [rojo|azul]; el ladrón; la
        reina; el caballero; el rival; el banquero; la hechicera; el explorador; el monstruo; el líder; el oponente; el guardia; <persona>`,
      predicates: `sacar {un seis|doble|una carta|la carta más alta}; perder {una vida|el turno|la partida|dos puntos|todas las cartas}; ganar {la
        partida|<n2-20> puntos|una moneda|la ronda|un turno extra}; robar {una carta|dos cartas|el tesoro}; caer en {la cárcel|la casilla
        <n2-60>|una trampa}; llegar {a la meta|al castillo|al nivel <n2-40>}; tener {tres monedas|la llave|más de <n2-20> puntos|el
        comodín|una espada|las mejores cartas}; mover {ficha|dos casillas|la torre}; pasar {turno|por la salida}; atacar {primero|al
        dragón|el castillo}; retroceder {<n2-9> casillas|a la salida}; descartar una carta; pagar {el alquiler|<n10-90> monedas}; estar
        {eliminad@|en jaque|escondid@|envenenad@|fuera de peligro}; lanzar {el dado|un hechizo}; completar {la misión|el mapa|una
        escalera}; cantar {bingo|línea}; avanzar {tres casillas|hasta el puente}; hacer trampas; abrir el cofre; enseñar
        {sus cartas|la mano}; acertar {la palabra|la adivinanza}`,
    },
    {
      plural: true,
      subjects: `la carta; el dado; la ficha; el tablero; la partida; el turno; la ronda; la torre; el peón; el cronómetro; la baraja; el
        hechizo; el nivel [<n2-40>!]; el tesoro; la apuesta; el alfil; la puerta secreta; el comodín`,
      predicates: `valer {doble|<n2-20> puntos|lo mismo}; >terminar {en empate|al sonar la campana|en tablas}; estar {boca abajo|bloquead@|en la
        casilla <n2-60>|agotad@|protegid@}; cambiar de {mano|color|dueño}; llegar {a cero|al borde}; quedar {libre%|anulad@|fuera del
        tablero}; contar {el doble|para el desempate}; mostrar {un seis|un número par}; activarse {al tercer turno|con la llave}; caer al
        suelo; durar más de <n2-90> minutos; volver {al mazo|a la caja}`,
    },
  ],
  people: `el jugador; la árbitra; el novato; la experta; el anfitrión; la campeona`,
  actions: `tirar {el dado|los dados|otra vez}; robar {una carta|del mazo}; mover {el caballo|~su ficha|<n2-9> casillas}; pasar turno; jugar {una
    carta|el comodín|a las damas|en línea}; apostar {todo|dos fichas|al rojo}; barajar las cartas; enrocar; guardar {la partida|el
    comodín}; usar {la poción|el escudo|la llave}; descartarse de dos cartas; pedir {carta|revancha}; atacar {al dragón|por la
    izquierda}; repartir las cartas; cambiar {de personaje|la ficha}; abrir {el cofre|la trampilla}; esconderse en {la torre|el
    sótano}; retirarse; coronar el peón; decir {la palabra mágica|uno}; devolver las fichas`,
  happenings: `ganar {la partida|la ronda|<n2-20> monedas}; perder {el turno|una vida|la partida}; sacar {un seis|un as|tres iguales}; caer en {la
    trampa|la casilla roja}; quedarse {sin cartas|sin vidas|con una sola carta}; subir de nivel; acertar {la pregunta|el número}; tener {el
    comodín|más fichas|dos reyes}; llegar {a la meta|al final}; recibir {un punto|el doble}; estar {en jaque|eliminad@}`,
  impersonal: `haber {empate|cartas en el mazo|jaque mate|bote|dos jugadores con los mismos puntos|turno extra|casillas libres}; quedar {cartas|
    un solo jugador|fichas en el tablero}; acabarse el tiempo; tocar {a la derecha|robar}`,
  anonymous: `repartir {otra carta|los premios}; bajar la barrera; cambiar las reglas; descalificar al {tramposo|equipo}; doblar la
    apuesta; apagar la consola`,
  passives: [
    {
      objects: `la partida; la ronda; la carta; el turno; la apuesta; el punto; la ficha; el premio; la puerta`,
      verbs: `repetir; anular; devolver; terminar; doblar; sumar; ganar; abrir; perder; repartir`,
    },
  ],
};

/** Music, books, films, museums and language. */
export const culture: DomainText = {
  name: 'cultura',
  groups: [
    {
      plural: true,
      subjects: `la película [de terror|muda]; el libro [de poemas]; la novela [negra]; el concierto; la obra [de teatro]; la exposición [de
        pintura]; el disco; la canción; la serie; el festival; el documental; la ópera; el cuadro; el poema; el programa [de
        radio]; la revista; el artículo`,
      predicates: `gustar {al público|a la crítica|a <persona>}; >estrenarse {en <ciudad>|en otoño|en <fecha>}; ganar {el premio|un Goya|el
        concurso}; durar {más de dos horas|tres actos|poco}; tener {éxito|buenas críticas|final feliz|subtítulos|música en directo|más de
        <n90-900> páginas}; estar {agotad@|basad@ en hechos reales|doblad@|traducid@ al inglés|prohibid@|en cartelera}; tratar de {la
        guerra|amor|política}; ser {aburrid@|gratuit@|un éxito|de <persona>|fals@}; publicarse {en mayo|en formato digital}; venderse
        {bien|por más de <n2-90> mil euros}; terminar {mal|con un aplauso}; emitirse {los jueves|en directo}; llenar {el teatro|la sala}`,
    },
    {
      plural: true,
      subjects: `el actor; la actriz; el director; la cantante; el grupo <nombre>; la orquesta; el pintor; la escritora; el poeta; el
        editor; la bailarina; el museo [de cera]; el teatro; la banda; el pianista; la guionista; <persona>`,
      predicates: `actuar {en <ciudad>|esta temporada|gratis}; firmar {ejemplares|el contrato|el cuadro}; recibir {el premio|una
        ovación|buenas críticas}; publicar {una novela|un disco|sus memorias}; cancelar {la gira|el estreno|la actuación}; ensayar {a
        diario|en el sótano}; vender {más de <n2-90> mil entradas|la obra}; tocar {el piano|en directo|dos horas}; estar {de gira|
        afónic@|en <ciudad>|de moda}; ganar {el festival|el concurso}; tener {talento|representante|un nuevo proyecto}; volver a los
        escenarios; agotar las entradas; cambiar {el final|de estilo}; hablar con {la prensa|el público}`,
    },
  ],
  people: `el lector; la espectadora; el crítico; la traductora; el músico; la librera; el acomodador; la profesora de piano`,
  actions: `leer {la novela|el prólogo|un poema}; ver {la película|la obra|la exposición}; comprar {las entradas|el disco|el libro};
    reservar {dos butacas|la visita guiada}; aprender {a tocar la guitarra|ruso|solfeo}; cantar {en el coro|bajo la ducha|a
    coro}; bailar {un tango|hasta tarde}; visitar {el museo|la galería}; escribir {un cuento|la reseña}; apagar el móvil;
    aplaudir; tocar {el violín|otra canción}; devolver el libro; ensayar {la escena|dos horas}; apuntarse al coro; pintar {un
    retrato|al óleo}; traducir el poema`,
  happenings: `tener {entradas|oído musical|invitación}; llegar tarde al {teatro|concierto}; quedarse {sin entrada|de pie}; ganar el concurso; conocer
    {al autor|la canción}; emocionarse; dormirse en {la ópera|el cine}; encontrar {butaca|el libro}`,
  impersonal: `haber {concierto|entradas|función|descuento para estudiantes|asientos libres|cola en el museo|subtítulos|intermedio}; ser {el
    estreno|gratis}; quedar {entradas|butacas}`,
  anonymous: `cancelar {el concierto|la función}; poner {la película|la canción}; traducir la novela; cerrar el {museo|cine};
    ampliar la exposición; apagar las luces; vender el cuadro; prohibir {el libro|las fotos}`,
  passives: [
    {
      objects: `la función; la entrada; el estreno; el premio; la exposición; la novela; el cuadro; la gira`,
      verbs: `suspender; vender; aplazar; entregar; inaugurar; publicar; restaurar; agotar; anunciar`,
    },
  ],
};
