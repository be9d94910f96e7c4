/**
 * A sentence for each construction: its family, the sentence, its formula. Clauses are in brackets, with their mood before a
 * colon: s subjunctive, i infinitive, c command, np and vp a subject and the verb of two, t the end of a clause; - is a clause
 * with «no», ~ one with «tampoco».
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
`;
