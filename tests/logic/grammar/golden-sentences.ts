/**
 * A sentence for each construction: its family, the sentence, its formula. Clauses are in brackets, with their mood before a
 * colon: s subjunctive, i infinitive, c command, np and vp a subject and the verb of several, t the end of a clause, g a gerund,
 * p a participle, n what is there; - is a clause with «no», ~ one with «tampoco».
 */
export const goldenSentences = `
y | [Llueve] y [hace frío]. | p ∧ q
y | [Ana compra pan] e [invita a Luis]. | p ∧ q
y tres | [Ana canta], [Luis baila] y [Eva toca el piano]. | p ∧ q ∧ r
y también | [Ana canta] y además [toca el piano]. | p ∧ q
pero | Si [llueve] pero [-:no hace frío], [salimos]. | (p ∧ ¬q) → r
o | [Llueve] o [nieva]. | p ∨ q
o | [Llama Ana] u [olvida la cita]. | p ∨ q
o tres | [Llueve], [nieva] o [graniza]. | p ∨ q ∨ r
o…o | O [apagas la tele] o [te vas a tu cuarto]. | p ∨ q
o bien…o bien | O bien [llueve] o bien [nieva]. | p ∨ q
bien…bien | Bien [ganaremos], bien [empataremos]. | p ∨ q
ni…ni | Ni [llueve] ni [nieva]. | ¬p ∧ ¬q
ni…ni…ni | Ni [llueve] ni [nieva] ni [graniza]. | ¬p ∧ ¬q ∧ ¬r
no…ni | [-:El tren no circula] ni [sale de la estación]. | ¬p ∧ ¬q
no…tampoco | [-:No llueve] y [~:tampoco nieva]. | ¬p ∧ ¬q
no…sino que | [-:El niño no duerme], sino que [juega en el parque]. | ¬p ∧ q
sin que | [El ladrón entró] sin que [s:saltara la alarma]. | p ∧ ¬q
sin + inf | [Luis sale de casa] sin [i:cerrar la puerta]. | p ∧ ¬q
en vez de | [Luis juega] en vez de [i:estudiar]. | p ∧ ¬q
a la vez que | [Ana canta] a la vez que [toca el piano]. | p ∧ q
tanto…como | Tanto [np:el casco] como [np:el chaleco] [vp:son obligatorios]. | p ∧ q
tanto…como | Tanto [np:el casco] como [np:el chaleco] [vp:son obligatorios] si [llueve]. | r → (p ∧ q)
A y B | [np:Ana] y [np:Luis] [vp:vendrán]. | p ∧ q
ni A ni B | Ni [np:mi tía] ni [np:mi tío] [vp:comen carne]. | ¬p ∧ ¬q
A o B | [np:Ana] o [np:Luis] [vp:vendrán]. | p ∨ q
V A y B | [El paciente tiene fiebre] y [t:tos]. | p ∧ q
V A o B | [Puedes elegir postre] o [t:café]. | p ∨ q
V A, B o C | [El paciente tiene fiebre], [t:tos] o [t:mareos]. | p ∨ q ∨ r
V A, B y C | [El paciente tiene fiebre], [t:tos] y [t:mareos]. | p ∧ q ∧ r
no V A ni B | [-:No habrá clases] ni [t:comedor]. | ¬p ∧ ¬q
V A pero no B | [El paciente tiene fiebre] pero no [t:tos]. | p ∧ ¬q
no V A sino B | [-:El paciente no tiene fiebre], sino [t:tos]. | ¬p ∧ q
y, o bien, o bien | [Llueve] y, o bien [salimos], o bien [dormimos]. | p ∧ (q ∨ r)
y, o bien | [Llueve] y [hace frío], o bien [nieva]. | (p ∧ q) ∨ r
o bien y | O bien [llueve] y [hace frío], o bien [nieva]. | (p ∧ q) ∨ r
o…o, y | O [llueve] o [nieva], y además [hace frío]. | (p ∨ q) ∧ r
no es cierto que | No es cierto que [s:el delantero esté lesionado]. | ¬p
no se da el caso | No se da el caso de que [s:llueva]. | ¬p
es mentira que | Es mentira que [Ana miente]. | ¬p
no es cierto que…y que | No es cierto que [s:llueva] y que [s:nieve]. | ¬(p ∧ q)
no es cierto que…o que | No es verdad que [s:el coche sea nuevo] o que [s:lo haya pagado él]. | ¬(p ∨ q)
no es cierto que…ni que | No es cierto que [s:llueva] ni que [s:nieve]. | ¬p ∧ ¬q
no es posible que…a la vez | No puede ser que [s:llueva] y [s:nieve] a la vez. | ¬(p ∧ q)
incompatible | Que [s:haya sol] es incompatible con que [s:llueva]. | ¬(p ∧ q)
al menos una | Se da al menos una de estas dos cosas: [llueve] o [nieva]. | p ∨ q
ninguna de las dos | No se da ninguna de las dos cosas: ni [llueve] ni [nieva]. | ¬p ∧ ¬q
si | Si [llueve] y [-:no llevo paraguas], [me mojo]. | (p ∧ ¬q) → r
si…entonces | Si [nieva esta noche], entonces [cierran el puerto de montaña]. | p → q
si…entonces | Si [llueve], entonces si [hace frío], [nieva]. | p → (q → r)
Q si P | [Saldremos] si [sale el sol] y [-:no hace viento]. | (q ∧ ¬r) → p
cuando | Cuando [suena el timbre], [los alumnos guardan los libros]. | p → q
cuando | Cuando [s:llegue Ana], [cenaremos]. | p → q
cuando…entonces | Cuando [suena el timbre], entonces [salimos]. | p → q
Q cuando P | [El gato se esconde] cuando [truena]. | q → p
siempre que + ind | Siempre que [como fresas], [me sale un sarpullido]. | p → q
Q siempre que P | [Me sale un sarpullido] siempre que [como fresas]. | q → p
cada vez que | Cada vez que [truena], [el gato se esconde] y [la abuela reza]. | p → (q ∧ r)
Q cada vez que P | [El gato se esconde] cada vez que [truena]. | q → p
en cuanto | Tan pronto como [s:llegue Ana], [cenaremos]. | p → q
Q en cuanto P | [Cenaremos] en cuanto [s:llegue Ana]. | q → p
en caso de que | En caso de que [s:el niño vomite] o [s:le suba la fiebre], [c:ve a urgencias]. | (p ∨ q) → r
Q en caso de que P | [Suena la alarma] en caso de que [s:haya humo]. | q → p
de + inf | De [i:haber frenado a tiempo], [-:el camión no habría volcado]. | p → ¬q
de no + inf | De [i-:no haber frenado a tiempo], [el camión habría volcado]. | ¬p → q
de haber | De [i:haber quórum], [se votará la ley]. | p → q
de no haber | De [i-:no haber acuerdo], [habrá huelga]. | ¬p → q
con que | Con solo que [s:falle un sensor], [el robot se detiene]. | p → q
suponiendo que | Suponiendo que [s:el número sea par], [es divisible entre dos]. | p → q
como + sub | Como [s-:no pagues la cuota], [te dan de baja]. | ¬p → q
mientras | Mientras [s:dure la huelga], [-:no habrá clases] ni [t:comedor]. | p → (¬q ∧ ¬r)
Q mientras P | [-:No habrá clases] mientras [s:dure la huelga]. | q → ¬p
basta que | Es suficiente que [s:falle un sensor] para que [s:el robot se detenga]. | p → q
bastará que | Bastará con que [s:falle un sensor] para que [s:el robot se detenga]. | p → q
bastaría que | Bastaría con que [s:fallara un sensor] para que [s:el robot se detuviera]. | p → q
bastaba que | Bastaba con que [s:fallara un sensor] para que [s:el robot se detuviera]. | p → q
condición suficiente | Que [s:falle un sensor] es condición suficiente para que [s:el robot se detenga]. | p → q
implica que | Que [s:el sospechoso huyera] implica que [tenía cómplice] o [conocía la salida]. | p → (q ∨ r)
se sigue que | De que [el número es par] se sigue que [es divisible entre dos]. | p → q
tanto si…como si | Tanto si [llueve] como si [nieva], [el tren circula]. | (p ∨ q) → r
Q tanto si…como si | [El tren circula], tanto si [llueve] como si [nieva]. | (q ∨ r) → p
ya sea que | Ya sea que [s:llueva] o que [s:nieve], [el tren circula]. | (p ∨ q) → r
imperativo y | [c:Entrena a diario] y [ganarás fuerza] o [perderás peso]. | p → (q ∨ r)
imperativo o | [c:Date prisa] o [perderás el tren]. | ¬p → q
imperativo de lo contrario | [c:Paga la multa]; de lo contrario, [te embargarán la cuenta]. | ¬p → q
solo si | [La puerta se abre] solo si [introduces el código]. | p → q
solo si | [El seguro cubre el daño] únicamente si [hubo incendio] o [t:inundación]. | p → (q ∨ r)
solo cuando | [La luz se enciende] únicamente cuando [anochece]. | p → q
solo en caso de que | [Suena la alarma] solo en caso de que [s:haya humo]. | p → q
solo si Q, P | Solo si [apruebas], [irás de viaje]. | q → p
solo P si Q | Solo [se abre la puerta] si [introduces el código]. | p → q
para que es necesario | Para que [s:salga el barco] es necesario que [s:amaine el viento]. | p → q
para que será necesario | Para que [s:salga el barco] hará falta que [s:amaine el viento]. | p → q
es necesario para que | Es imprescindible que [s:amaine el viento] para que [s:salga el barco]. | q → p
para + inf | Para [i:votar], es necesario que [s:estés empadronado]. | p → q
condición necesaria | Que [s:haya agua] es condición necesaria para que [s:haya vida]. | q → p
no…sin que | [-:No se sirve la cena] sin que [s:lleguen los abuelos] y [s:se apague el televisor]. | p → (q ∧ r)
no…sin + inf | [-:Luis no sale] sin [i:cerrar la puerta]. | p → q
no…hasta que | [-:No saldrás] hasta que [s:termines los deberes]. | p → q
no…hasta que no | [-:No saldrás] hasta que [s-:no termines los deberes]. | p → q
no…hasta que + ind | [-:No empieza la clase] hasta que [suena el timbre]. | p → q
es imposible sin que | Es imposible que [s:arranque el motor] sin que [s:haya corriente]. | p → q
siempre y cuando | [Mi madre me deja salir] siempre y cuando [s:haya cenado] y [s-:no tenga deberes]. | (q ∧ ¬r) → p
Siempre y cuando, P | Siempre y cuando [s:pagues], [puedes entrar]. | p → q
siempre que + sub | [Puedes entrar] siempre que [s:tengas carné]. | q → p
con tal de que | [Iremos] con tal de que [s-:no llueva]. | ¬q → p
a condición de que | [Te presto el coche] a condición de que [s:lo cuides]. | q → p
si y solo si | [El pedido se envía] si y solo si [el pago está confirmado]. | p ↔ q
si, y solo si, | [El pedido se envía] si, y solo si, [el pago está confirmado]. | p ↔ q
cuando y solo cuando | [El paquete se publica] cuando y solo cuando [pasan las pruebas]. | p ↔ q
exactamente cuando | [La luz se enciende] exactamente cuando [anochece]. | p ↔ q
equivale a que | Que [s:la votación sea válida] equivale a que [s:haya quórum] y [s-:no haya empate]. | p ↔ (q ∧ ¬r)
necesario y suficiente | Es necesario y suficiente que [s:el cultivo dé negativo] para que [s:den el alta]. | p ↔ q
condición necesaria y suficiente | Que [s:el cultivo dé negativo] es condición necesaria y suficiente para que [s:den el alta]. | p ↔ q
y viceversa | Si [llueve], [hay nubes], y viceversa. | p ↔ q
no es cierto que, si | No es cierto que, si [baja el precio], [s:suban las ventas]. | ¬(p → q)
no implica que | Que [s:llueva] no implica que [s:haga frío]. | ¬(p → q)
a menos que | [Iremos a la sierra], a menos que [s:haya tormenta]. | ¬q → p
a menos que | Si [el puerto está abierto] y [-:el servicio no está parcheado], [el atacante ejecuta código], a menos que [s:el cortafuegos lo bloquee]. | ¬s → ((p ∧ ¬q) → r)
a menos que sin coma | [Iremos a la sierra] a menos que [s:haya tormenta]. | ¬q → p
A menos que, P | Salvo que [s:el juez ordene lo contrario], [el testigo declarará] y [el jurado deliberará]. | ¬p → (q ∧ r)
salvo si | [El tren circula], salvo si [nieva]. | ¬q → p
salvo cuando | [El tren circula], excepto cuando [nieva]. | ¬q → p
en cuyo caso | Cuando [mi padre cocina], [mi madre friega] y [yo seco los platos], salvo que [s:haya visita], en cuyo caso [pedimos comida]. | (¬s → (p → (q ∧ r))) ∧ (s → t)
si no | Si [la clave es correcta], [se muestra el panel]; de lo contrario, [se registra el intento]. | (p → q) ∧ (¬p → r)
si no | Si [sopla levante] y [sube la marea], [se cierra el puerto]; si no, [salen los barcos] y [abre la lonja]. | ((p ∧ q) → r) ∧ (¬(p ∧ q) → (s ∧ t))
. si no | Si [la clave es correcta], [se muestra el panel]. De lo contrario, [se registra el intento]. | (p → q) ∧ (¬p → r)
y, si no, | Si [llueve], [jugamos dentro] y, si no, [vamos al parque]. | (p → q) ∧ (¬p → r)
Q si P; si no | [Jugamos dentro] si [llueve]; si no, [vamos al parque]. | (q → p) ∧ (¬q → r)
o…o, pero no ambas | O [llueve] o [nieva], pero no ambas cosas. | (p ∨ q) ∧ ¬(p ∧ q)
P o Q, pero no ambas | [Llueve] o [nieva], pero no las dos cosas. | (p ∨ q) ∧ ¬(p ∧ q)
V A o B, pero no ambas | [Puedes elegir postre] o [t:café], pero no las dos cosas. | (p ∨ q) ∧ ¬(p ∧ q)
A o B, pero no ambos | [np:Ana] o [np:Eva] [vp:ganan], pero no ambas. | (p ∨ q) ∧ ¬(p ∧ q)
exactamente una | Se da exactamente una de estas dos cosas: [llueve] o [nieva]. | (p ∨ q) ∧ ¬(p ∧ q)
P; Q | [Llueve]; [hace frío]. | p ∧ q
K; K | Si [ganamos] o [empatamos], [pasamos de ronda]; si [perdemos], [-:no jugamos la copa]. | ((p ∨ q) → r) ∧ (s → ¬t)
; y | Si [llueve], [me mojo]; y [hace frío]. | (p → q) ∧ r
; además | Si [llueve], [me mojo]; además, [hace frío]. | (p → q) ∧ r
. Además | Si [llueve], [me mojo]. Además, [hace frío]. | (p → q) ∧ r
, y K | Si [llueve], [me mojo], y si [nieva], [me quedo en casa]. | (p → q) ∧ (r → s)
, y además | [Llueve], y además [hace frío]. | p ∧ q
, pero | [El portero es joven], pero [tiene experiencia]. | p ∧ q
, pero si | [El tren circula], pero si [hay hielo en la vía], [se fleta un autobús]. | p ∧ (q → r)
K, pero K | Si [llueve], [salimos], pero si [nieva], [nos quedamos]. | (p → q) ∧ (r → s)
aunque | Aunque [la herida es profunda], [-:no sangra]. | p ∧ ¬q
, aunque | No es verdad que [s:el coche sea nuevo] o que [s:lo haya pagado él], aunque [lo conduce a diario]. | ¬(p ∨ q) ∧ r
a pesar de que | Pese a que [llovía], [salimos a pasear]. | p ∧ q
, a pesar de que | [Salimos a pasear] a pesar de que [llovía]. | p ∧ q
sin embargo | [Ana estudió]; sin embargo, [-:no aprobó]. | p ∧ ¬q
. Sin embargo | [Ana estudió]. Sin embargo, [-:no aprobó]. | p ∧ ¬q
mientras que | [Ana estudia], mientras que [Luis juega]. | p ∧ q
no solo…sino | No solo [llueve], sino que también [hace frío]. | p ∧ q
por un lado | Por un lado, [Ana estudia]; por otro, [-:no aprueba]. | p ∧ ¬q
, o bien | [Llueve] y [hace frío], o bien [nieva]. | (p ∧ q) ∨ r
o bien…, o bien | O bien [cambiamos las ruedas], o bien [compramos otro coche]. | p ∨ q
V A y B, o | Si [tienes carné] y [t:coche], o [vives cerca], [puedes trabajar aquí]. | ((p ∧ q) ∨ r) → s
o, y además | Si [hay nieve] o [se forma hielo], y además [es de noche], [la carretera se cierra]. | ((p ∨ q) ∧ r) → s
V A o B, y además | Si [hay nieve] o [t:hielo], y además [es de noche], [la carretera se cierra]. | ((p ∨ q) ∧ r) → s
o, y | [Vamos en tren] o [cogemos el coche], y [volvemos el lunes]. | (p ∨ q) ∧ r
ni, y | Ni [llegó el correo] ni [sonó el teléfono], y [todos se fueron a casa]. | ¬p ∧ ¬q ∧ r
no…ni, pero | [-:La enfermera no tomó la tensión] ni [midió la fiebre], pero sí [le puso el suero]. | ¬p ∧ ¬q ∧ r
y que | [Te dejo la moto] con tal de que [s:la cuides] y que [s:le eches gasolina]. | (q ∧ r) → p
y que | Que [s:el paciente mejore] implica que [come bien] y que [duerme]. | p → (q ∧ r)
o que | [Iremos a la playa], a menos que [s:haga frío] o que [s:haya medusas]. | ¬(q ∨ r) → p
y si | Si [tienes fiebre] y si [te duele la garganta], [quédate en casa]. | (p ∧ q) → r
o si | [El contrato termina] si [muere el titular] o si [se vende el piso]. | (q ∨ r) → p
y, o si | [El contrato termina] si [muere el titular] y [-:no hay herederos], o si [se vende el piso]. | ((q ∧ ¬r) ∨ s) → p
o cuando | [El perro ladra] cuando [tiene hambre] o cuando [oye un ruido]. | (q ∨ r) → p
y, o cuando | [El perro ladra] cuando [tiene hambre] y [está solo], o bien cuando [oye un ruido]. | ((q ∧ r) ∨ s) → p
En vez de | En vez de [i:estudiar], [Pablo jugó toda la tarde]. | ¬p ∧ q
además de | Además de [i:cocinar], [Pablo limpia la casa]. | p ∧ q
no es que | No es que [s:sea caro], sino que [-:no tengo dinero]. | ¬p ∧ ¬q
no V A ni B ni C | [-:El piso no tiene balcón] ni [t:ascensor] ni [t:garaje]. | ¬p ∧ ¬q ∧ ¬r
V A, pero no B | [El menú incluye pan], pero no [t:vino]. | p ∧ ¬q
no V A, pero sí B | [-:El hotel no tiene piscina], pero sí [t:gimnasio]. | ¬p ∧ q
V A o B, pero no C | [El billete permite llevar una maleta] o [t:una mochila], pero nunca [t:un perro]. | (p ∨ q) ∧ ¬r
no V A ni B, pero sí C | [-:La tienda no vende fruta] ni [t:verdura], pero sí [t:legumbres]. | ¬p ∧ ¬q ∧ r
A, B y C | [np:El pan], [np:la leche] y [np:el aceite] [vp:han subido]. | p ∧ q ∧ r
A, B o C | [np:El pan], [np:la leche] o [np:el aceite] [vp:han subido]. | p ∨ q ∨ r
ni A ni B ni C | Ni [np:el pan] ni [np:la leche] ni [np:el aceite] [vp:han subido]. | ¬p ∧ ¬q ∧ ¬r
B también | [Clara vendrá] y [np:su hermano] también. | p ∧ q
B tampoco | [-:Clara no vendrá] y [np:su hermano] tampoco. | ¬p ∧ ¬q
B no | [El gato come pescado], pero [np:el perro] no. | p ∧ ¬q
B sí | [-:El gato no nada], pero [np:el perro] sí. | ¬p ∧ q
no es cierto que, pero sí | No es cierto que [s:el actor haya muerto], pero sí que [está enfermo]. | ¬p ∧ q
es cierto que, pero | Es cierto que [el tren es caro], pero [llega antes]. | p ∧ q
es imposible que…y que | No es posible que [s:el acusado estuviera en casa] y que [s:cometiera el robo]. | ¬(p ∧ q)
Q con que P | [-:No hay partido] con que [s:falte uno]. | q → ¬p
supongamos que | Supongamos que [el número es par]; entonces [su cuadrado es par]. | p → q
con N | En caso de [n:incendio], [suena la alarma] y [se abren las puertas]. | p → (q ∧ r)
sin N | A falta de [n:acuerdo], [decide el presidente]. | ¬p → q
sin N, no | Sin [n:agua] [-:no hay vida]. | ¬p → ¬q
con N que tiene | Con [n:fiebre], [-:los niños no van al colegio]. | p → ¬q
sin N que tiene | Sin [n:permiso], [-:el camión no entra en el centro]. | ¬p → ¬q
sin + inf, no | Sin [i:pagar la cuota], [-:no puedes nadar]. | q → p
gerundio | [g:Estudiando cada día], [aprobarás el examen]. | p → q
gerundio sin sujeto | [g:Lloviendo], [-:no saldremos de casa]. | p → ¬q
una vez + participio | Una vez [p:aprobado el presupuesto], [empezarán las obras]. | p → q
para que basta que | Para que [s:se dispare la alarma] basta con que [s:alguien abra la ventana]. | q → p
basta + inf | Basta con [i:pulsar el botón] para [i:detener la cinta]. | p → q
para + inf basta | Para [i:detener la cinta] basta con [i:pulsar el botón]. | q → p
hace falta N | Hace falta [n:luz] para que [s:crezca la planta]. | q → p
para que hace falta N | Para que [s:crezca la planta] hace falta [n:luz]. | p → q
inf implica inf | [i:Entrar en la reserva] exige [i:pagar una tasa] y [i:llevar guía]. | p → (q ∧ r)
inf exige que | [i:Adoptar un perro] exige que [s:firmes un contrato]. | p → q
inf es necesario para | [i:Tener título] es requisito para [i:ejercer la abogacía]. | q → p
inf es suficiente para | [i:Tener título] es suficiente para [i:ejercer la abogacía]. | p → q
inf equivale a inf | [i:Ser puntual] equivale a [i:llegar a la hora]. | p ↔ q
inf es necesario y suficiente | [i:Ganar la final] es necesario y suficiente para [i:subir de categoría]. | p ↔ q
es necesario y suficiente inf | Es condición necesaria y suficiente [i:ganar la final] para [i:subir de categoría]. | p ↔ q
no basta con inf | No basta con [i:leer el manual] para [i:manejar la grúa]. | ¬(p → q)
inf no implica inf | [i:Tener dinero] no implica [i:ser feliz]. | ¬(p → q)
inf no es suficiente | [i:Tener título] no es suficiente para [i:ejercer la abogacía]. | ¬(p → q)
inf no es necesario | [i:Tener coche] no es necesario para [i:vivir en el centro]. | ¬(q → p)
no hace falta inf | No hace falta [i:ser socio] para [i:usar la piscina]. | ¬(q → p)
no basta que | No basta con que [s:haya quórum] para que [s:se apruebe la ley]. | ¬(p → q)
no hace falta que | No hace falta que [s:grites] para que [s:te oigan]. | ¬(q → p)
no es suficiente para que | Que [s:un río crezca] no es condición suficiente para que [s:se inunde el pueblo]. | ¬(p → q)
no es necesario para que | Que [s:llueva] no es necesario para que [s:haya setas]. | ¬(q → p)
no se sigue que | De que [s:la empresa gane dinero] no se deduce que [s:pague bien]. | ¬(p → q)
no siempre que | No siempre que [truena], [llueve]. | ¬(p → q)
no equivale a que | Que [s:un país sea rico] no equivale a que [s:sea justo]. | ¬(p ↔ q)
no implica que…ni que | Que [s:llueva] no implica que [s:haga frío] ni que [s:sople viento]. | ¬(p → q) ∧ ¬(p → r)
imposible que si | Es imposible que [s:gane] si [-:no entrena]. | ¬q → ¬p
ya P, ya Q | Ya [s:vengas en tren], ya [s:vengas en coche], [te recojo]. | (p ∨ q) → r
llueva o nieve | [s:Llueva] o [s:nieve], [el cartero pasa]. | (p ∨ q) → r
tanto cuando…como cuando | Tanto cuando [gana] como cuando [pierde], [el entrenador sonríe]. | (p ∨ q) → r
bien si, bien si | [La línea se corta], bien si [-:no pagas], bien si [cambias de compañía]. | (¬q ∨ r) → p
da igual que | Da igual que [s:llueva] o que [s:haga sol]: [la carrera se celebra]. | (p ∨ q) → r
y también si | [El vuelo se cancela] si [hay huelga], y también si [nieva]. | (q ∨ r) → p
imperativo doble, o | [c:Ponte el casco] y [c:abróchate el chaleco], o [-:no subirás al barco]. | ¬(p ∧ q) → ¬r
imperativo o imperativo, o | [c:Come algo] o [c:bebe agua], o [te marearás]. | ¬(p ∨ q) → r
no + imperativo o | [c-:No corras por el pasillo] o [te caerás]. | p → q
no + imperativo y | [c-:No llegues tarde] y [te guardaré un sitio]. | ¬p → q
para + inf hay que | Para [i:entrar en la cámara] es imprescindible [i:llevar guantes] y [i:ponerse la bata]. | p → (q ∧ r)
hasta que…no | Hasta que [s:llegue el juez], [-:la sesión no empieza]. | q → p
hasta que…no | Hasta que [s-:no firmes el recibo], [-:no te entregan el paquete]. | q → p
no…ni…sin que | [-:La tienda no vende alcohol] ni [sirve tabaco] sin que [s:enseñes el documento]. | (p ∨ q) → r
no…ni…hasta que | [-:El tren no saldrá] ni [abrirá las puertas] hasta que [s:llegue el revisor]. | (p ∨ q) → r
no…sin N | [-:No hay trato] sin [n:contrato]. | p → q
solo con N | [La fábrica funciona] solo con [n:luz]. | p → q
y, K | [La biblioteca abre a las nueve] y, si [hay exámenes], [cierra a medianoche]. | p ∧ (q → r)
y, K | Si [el horno está caliente], [mete la masa] y, si [la corteza se dora], [baja el fuego]. | p → (q ∧ (r → s))
y, K | [Los martes entrenamos] y, salvo que [s:diluvie], [corremos por el parque]. | p ∧ (¬q → r)
y solo en ese caso | [La beca se renueva] si [apruebas todo], y solo en ese caso. | p ↔ q
decir que | Decir que [el número es par] equivale a decir que [es múltiplo de dos]. | p ↔ q
no es cierto que si | No es verdad que si [comes deprisa] [s:engordes]. | ¬(p → q)
no es cierto que si…ni que si | No es cierto que si [sube el precio] [s:baje la venta], ni que si [baja el precio] [s:suba la venta]. | ¬(p → q) ∧ ¬(r → s)
salvo en caso de | [La visita será gratuita], salvo en caso de [n:exposición especial]. | ¬q → p
Salvo en caso de, P | Salvo en caso de [n:avería], [el ascensor funciona]. | ¬p → q
si y solo si; si no | [El agua hierve] si y solo si [alcanza cien grados]; de lo contrario, [sigue líquida]. | (p ↔ q) ∧ (¬q → r)
solo una es cierta | Solo una de las dos cosas es cierta: [el mapa es falso] o [el guía miente]. | (p ∨ q) ∧ ¬(p ∧ q)
P; Q; R | [El río baja crecido]; [los puentes aguantan]; [-:la carretera no está cortada]. | p ∧ q ∧ ¬r
K; K; K | Si [vienes en coche], [aparca en la calle]; si [vienes en tren], [coge un taxi]; si [vienes a pie], [llama antes]. | (p → q) ∧ (r → s) ∧ (t → u)
K; P | Si [llueve], [cogemos un taxi]; [-:no tengo paraguas]. | (p → q) ∧ ¬r
P; K | [El museo abre hoy]. Si [hay cola], [volveremos mañana]. | p ∧ (q → r)
K, y P | [El piso se alquila] solo si [hay aval] o [t:nómina], y [-:no se admiten perros]. | (p → (q ∨ r)) ∧ ¬s
P, y si | Aunque [hace frío], [los niños juegan fuera], y si [sale el sol], [meriendan en el patio]. | p ∧ q ∧ (r → s)
y en cualquier caso | [El permiso caduca] si y solo si [cambias de domicilio], y, en cualquier caso, [debes avisar]. | (p ↔ q) ∧ r
y en ambos casos | [El testigo miente] o [el reloj se adelanta], y en ambos casos [-:la coartada no vale]. | (p ∨ q) ∧ ¬r
, pero P | Si [pagas hoy], [te hacen descuento], pero [-:no aceptan cheques]. | (p → q) ∧ ¬r
aunque, si | Aunque [hace frío], si [sale el sol], [iremos al parque]. | p ∧ (q → r)
no solo no…sino | No solo [-:no pagó la cena], sino que [pidió dinero]. | ¬p ∧ q
marco | Según el reglamento, si [un jugador agrede a otro], [será expulsado]. | p → q
según | Si [sube la luz], [subirán los precios], según la prensa. | p → q
si sin coma | Si [llueve] [-:no salgo de casa]. | p → ¬q
cuando sin coma | Cuando [llueve] [cojo el autobús]. | p → q
`;
