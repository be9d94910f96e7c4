/** Phrases that fallacies, and sound reasons about the same things, are written with. `@` agrees with a person: o or a; `^` is nothing or a. */
export const phrases = {
  /** Said of a person. */
  vice: split(`no terminó ni el bachillerato; tiene dos divorcios; debe dinero a medio barrio; viste como un payaso; estuvo en la
    cárcel; no ha trabajado en su vida; es un^ amargad@; lleva años sin pagar impuestos; cambió tres veces de partido; vive todavía
    con su madre; no sabe ni escribir su nombre; está resentid@ con todo el mundo; es un^ ignorante; se pasa el día en el bar;
    suspendió todos los exámenes de la carrera; tiene fama de mentiros@; solo busca salir en la tele; es demasiado joven para
    entender nada; habla con un acento ridículo; fue despedid@ de tres empresas`),
  /** What is drawn from it. */
  dismiss:
    split(`no hay que hacerle caso; lo que dice no vale nada; su opinión no cuenta; no merece respuesta; sus palabras sobran;
    no puede tener razón; su argumento no vale; no tiene derecho a opinar; nada de lo que diga sirve; lo mejor es ignorar sus palabras; se
    equivoca; no hay por qué escuchar más`),
  /** Ruin, as it will be. */
  ruin: split(`nadie respetará ninguna norma; el país entero se hundirá; acabaremos todos en la ruina; viviremos en una dictadura;
    desaparecerá la familia; la ciudad será un desierto; volveremos a la edad de piedra; no quedará piedra sobre piedra; perderemos
    todas las libertades; reinará el caos; se acabará la civilización; nos quedaremos sin futuro; no habrá quien viva aquí`),
  /** Ruin, as something that one does. */
  loss: split(`resignarse al desastre; dejar que todo se hunda; aceptar la ruina; vivir de rodillas; renunciar al futuro; perderlo
    todo; quedarse de brazos cruzados para siempre; entregar el país al caos; rendirse sin luchar; darlo todo por perdido; cerrar
    mañana mismo; morirse de hambre`),
  /** What nobody asked for. */
  extreme:
    split(`que nadie vuelva a trabajar; que todo el mundo haga lo que le dé la gana; que vivamos en una cárcel; que no quede nada en
    pie; que los niños no aprendan nada; que cierren todas las escuelas; que nadie pueda salir de casa; que se arruinen las
    familias; que nos convirtamos en robots; que no haya ninguna ley; que paguen siempre los mismos; que todo siga igual de mal`),
  extremeInf:
    split(`acabar con todas las normas; prohibirlo todo; volver a la Edad Media; echar a la calle a media plantilla; regalar el
    dinero de todos; arruinar a las familias; convertirnos en robots; cerrar todas las escuelas; vivir sin ninguna ley; dejar que
    la gente se muera; encerrar a media ciudad; no volver a trabajar nunca`),
  /** Known for something else than what they speak of. */
  celebrity:
    split(`un cantante famoso; la actriz más premiada del año; un futbolista de primera; una presentadora de televisión; un
    escritor de novelas de amor; el influencer con más seguidores; un torero retirado; la campeona mundial de ajedrez; un astronauta
    jubilado; la modelo de moda; un tertuliano de la radio; el cocinero de la tele; el dueño de la mayor empresa del país; un
    premio Nobel de Literatura`),
  /** What moves to pity or fear. */
  pity: split(`el llanto de esos niños; las lágrimas de una madre; el dolor de los ancianos; la mirada triste de ese perro; las noches
    en vela de su abuela; el miedo de los más pequeños; el hambre de esas criaturas; la soledad de su padre; el último abrazo
    de su hermano; las manos heladas de los mendigos; la angustia de las familias; el sufrimiento de los enfermos`),
  /** Where it can be looked up. */
  source:
    split(`el informe de la auditoría; los registros de los últimos diez años; un estudio con doce mil casos; las mediciones de tres
    laboratorios; las grabaciones de la entrada; el acta firmada por todos; los expedientes del archivo; los datos del censo; un
    ensayo con grupo de control; el parte de la inspección; el dictamen de dos peritos; las facturas del año`),
  /** What sound reasoners add. */
  caveat:
    split(`eso no prueba nada; eso no basta para saberlo; eso no decide la cuestión; hay que comprobarlo aparte; de ahí no se sigue
    nada; habrá que mirar los datos; eso es solo un indicio; conviene no sacar conclusiones; lo que cuenta son las pruebas; todavía no
    se puede afirmar nada; eso no quita ni pone; faltan datos para decirlo`),
  /** What somebody gets from it, said of a person. */
  interest:
    split(`cobra de los que ganan con ello; tiene acciones en el negocio; quiere quedar bien con su jefe; espera un cargo a cambio;
    vive de las subvenciones; le debe un favor al alcalde; es de los que sacan tajada; trabaja para la competencia; busca que le
    renueven el contrato; tiene un primo en la junta; vende justo lo que recomienda; lo hace todo por dinero; se presenta a las
    elecciones; lleva años en nómina del partido; necesita salir en los periódicos`),
  /** What somebody is called. */
  insult:
    split(`un^ payas@; un^ fracasad@; un^ vendid@; un^ ignorante; un^ chiflad@; un^ sinvergüenza; un^ trampos@; un^ arribista;
    un^ caradura; un^ niñat@; un^ envidios@; un^ mentiros@; un^ creíd@; un^ inútil; un^ cobarde`),
  /** What is felt. */
  feel: split(`se me saltaron las lágrimas; se nos encogió el corazón; me hirvió la sangre; nos dio muchísima pena; sentí un nudo en la
    garganta; lloré toda la noche; me entró un miedo terrible; se me puso la piel de gallina; me llené de orgullo; nos invadió la
    tristeza; me tembló la voz; sentí una rabia inmensa; se me partió el alma; nos emocionamos hasta los huesos; me dio un escalofrío`),
  /** What happens before something else. */
  omen: split(`se cruzó un gato negro; se rompió un espejo; pasó un cometa; cambió la luna; alguien derramó la sal; se paró el reloj de
    la torre; llegó un circo; estrenaron una película; cantó una lechuza; abrieron una tienda de zapatos; pintaron la fachada; volvió
    la vecina del quinto; se casó la hija del panadero; hubo un eclipse; plantaron un olivo`),
  /** What has nothing to do with anything. */
  aside:
    split(`mi abuela hacía el mejor pan del pueblo; tenemos el puente más largo del país; las fiestas han salido estupendas; los
    niños cantan como los ángeles; nuestra selección juega de maravilla; el mar está precioso en otoño; somos gente trabajadora; mi
    padre fue bombero; la vida son dos días; el jardín está lleno de rosas; ayer vi salir el sol; la cocina de aquí gusta en todo el
    mundo; tenemos dos premios de arquitectura; los perros son muy fieles; hace treinta años no había ni teléfono`),
} as const satisfies Record<string, readonly string[]>;

/** How sure a conclusion is said to be, by severity. */
export const certainty: Readonly<Record<1 | 2 | 3, readonly string[]>> = {
  1: split('quizá; probablemente; seguramente; tal vez; a lo mejor; posiblemente'),
  2: [''],
  3: split('sin duda; por fuerza; evidentemente; sin ninguna duda; con toda seguridad; necesariamente'),
};

/** What joins sentences, whatever they are; each time another. */
export const connectives = {
  so: split(
    `luego; por lo tanto,; así que; de modo que; por consiguiente,; de manera que; en consecuencia,; por eso; conque`,
  ),
  because: split('porque; ya que; puesto que; dado que; pues'),
  but: split('pero; sin embargo,; ahora bien,; no obstante,; con todo,'),
  say: split('afirma; sostiene; asegura; dice; opina; mantiene; declara; cree; repite'),
} as const;

function split(text: string): string[] {
  return text.split(';').map((phrase) => phrase.trim().replace(/\s+/g, ' '));
}
