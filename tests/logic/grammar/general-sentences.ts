/** Sentences of many fields in which constructions meet, in the marks of the golden sentences, with their formulas. */
export const generalSentences = `
[El ascensor funciona], pero, si [se va la luz], [se bloquea]. | p ∧ (q → r)
[El museo es gratuito], pero si [hay exposición temporal], [se paga entrada]. | p ∧ (q → r)
[El jefe aprobó el plan] y, cuando [s:llegue el dinero], [empezarán las obras]. | p ∧ (q → r)
[El banco cobra comisión] y, en caso de que [s:haya descubierto], [aplica un recargo]. | p ∧ (q → r)
Si [el tribunal admite el recurso], [se revisa la pena] solo si [aparecen pruebas nuevas]. | p → (q → r)
Cuando [se cuelga el sistema], [el técnico lo reinicia] siempre que [s:tenga permiso]. | p → (r → q)
Si [es festivo], [el autobús no circula] a menos que [s:haya fútbol]. | ¬r → (p → q)
[-:El perro no ladró] ni [mordió a nadie], pero [el cartero se asustó]. | ¬p ∧ ¬q ∧ r
[-:No venden alcohol] ni [tabaco] sin que [s:enseñes el documento]. | (p ∨ q) → r
Para [i:pescar en el río] hay que [i:tener licencia]. | p → q
Para [i:alquilar un coche] es necesario [i:presentar el carné], salvo que [s:seas cliente]. | ¬r → (p → q)
[i:Entrar en la reserva] exige [i:pagar una tasa]. | p → q
[i:Ganar la liga] requiere [i:marcar muchos goles]. | p → q
[i:Firmar el contrato] implica [i:aceptar las normas]. | p → q
[i:Vivir en la isla] supone [i:depender del barco]. | p → q
[i:Tener título] es condición necesaria para [i:ejercer la abogacía]. | q → p
No es necesario que [s:llueva] para que [s:haya setas]. | ¬(q → p)
Que [s:el cielo esté gris] no significa que [s:vaya a llover]. | ¬(p → q)
Que [s:el número termine en tres] no implica que [s:sea primo]. | ¬(p → q)
[El motor arranca] si [giras la llave], y solo entonces. | p ↔ q
[El premio se reparte] cuando, y solo cuando, [coinciden los seis números]. | p ↔ q
Sin [n:luz], [-:la fábrica no funciona]. | ¬p → ¬q
Con [n:niebla], [el aeropuerto cierra]. | p → q
A no ser que [s:llueva] y [s:haga viento], [la regata se celebra]. | ¬(p ∧ q) → r
[El seguro paga] siempre y cuando [s:avises a tiempo] y [s-:no mientas]. | (q ∧ ¬r) → p
Es necesario que [s:firmes] y que [s:pagues] para que [s:te den las llaves]. | r → (p ∧ q)
Para que [s:crezca el pan] hace falta que [s:haya levadura] y que [s:la masa repose]. | p → (q ∧ r)
Si [tienes fiebre] o si [te duele la garganta], [quédate en casa]. | (p ∨ q) → r
Una vez que [termina la función], [se encienden las luces]. | p → q
De [i:llover mañana], [aplazaríamos el partido]. | p → q
De [i-:no pagar la multa], [te quitarán el coche]. | ¬p → q
[c:Come despacio] o [te dolerá la tripa]. | ¬p → q
[c:Guarda el secreto] y [te daré un premio]. | p → q
No solo [canta bien], sino que además [compone sus canciones]. | p ∧ q
[-:No solo no pagó la cena], sino que [pidió dinero]. | ¬p ∧ q
O bien [pagas al contado] o bien [pagas a plazos], pero no ambas cosas. | (p ∨ q) ∧ ¬(p ∧ q)
[Puedes llevar la roja] o [t:la azul], pero no ambas. | (p ∨ q) ∧ ¬(p ∧ q)
[Puedes elegir vino] o [t:cerveza], pero no las dos cosas. | (p ∨ q) ∧ ¬(p ∧ q)
O [np:Marta] o [np:Juan] [vp:tiene la llave]. | p ∨ q
O [np:Marta] o [np:Juan] [vp:tiene la llave], pero no los dos. | (p ∨ q) ∧ ¬(p ∧ q)
Al menos una de las dos cosas es cierta: [el mapa es falso] o [el guía miente]. | p ∨ q
Ninguna de las dos cosas es cierta: ni [el mapa es falso] ni [el guía miente]. | ¬p ∧ ¬q
[Llegó el invierno]. [La nieve cubrió el valle]. | p ∧ q
Si [sube el pan], [protestamos]. Si [baja], [compramos más]. | (p → q) ∧ (r → s)
[Ana trabaja de noche] y además [estudia inglés]. | p ∧ q
[Ana trabaja de noche]; en cambio, [su marido madruga]. | p ∧ q
[El coche es viejo]. En cambio, [la moto es nueva]. | p ∧ q
[La ley se aprobó]. Ahora bien, si [el tribunal la anula], [habrá elecciones]. | p ∧ (q → r)
[La casa es grande]. Aun así, [-:no caben todos]. | p ∧ ¬q
Aunque [hace frío], [los niños juegan fuera] y [-:no se quejan]. | p ∧ q ∧ ¬r
Si bien [el piso es pequeño], [tiene mucha luz]. | p ∧ q
[El piso es pequeño], si bien [tiene mucha luz]. | p ∧ q
Lejos de [i:rendirse], [el equipo atacó]. | ¬p ∧ q
[Vino a la fiesta], pero sin [i:traer regalo]. | p ∧ ¬q
En principio, [la reunión es el jueves], a menos que [s:cambie la agenda]. | ¬q → p
Suponiendo que [s:el testigo diga la verdad], [el acusado es inocente]. | p → q
Con que [s:falte uno], [-:no hay partido]. | p → ¬q
A poco que [s:llueva], [se inunda el sótano]. | p → q
A condición de que [s:vuelvas pronto], [puedes salir]. | p → q
Siempre que [s:haya plazas], [te apuntas]. | p → q
Si [llueve], [-:no salgo], y viceversa. | p ↔ ¬q
Si [el paquete pesa más de dos kilos] y, o bien [va al extranjero] o bien [lleva cristal], [hay que asegurarlo]. | (p ∧ (q ∨ r)) → s
[El niño duerme] y [la niña tiene fiebre] o [t:tos]. | p ∧ (q ∨ r)
Tanto si [ganas] como si [pierdes], [te invito a cenar] y [-:no acepto excusas]. | (p ∨ q) → (r ∧ ¬s)
[El permiso caduca] si y solo si [cambias de domicilio] o [t:de trabajo], y, en cualquier caso, [debes avisar]. | (p ↔ (q ∨ r)) ∧ s
Si [el cliente paga], [se le envía el libro]; si no, [se le avisa] y, si [-:no contesta], [se cancela el pedido]. | (p → q) ∧ (¬p → (r ∧ (¬s → t)))
[El comité se reúne los lunes], salvo que [s:sea festivo], y entonces [se reúne los martes]. | (¬q → p) ∧ (q → r)
Cuando [hay tormenta], [se suspende el baile], excepto cuando [la orquesta toca dentro]. | ¬r → (p → q)
Solo cuando [se apagan las luces], [empieza la película]. | q → p
Únicamente si [el padre firma], [la niña viaja]. | q → p
Si [tose], [toma jarabe]; además, si [tiene fiebre], [guarda cama], salvo que [s:tenga que trabajar]. | (p → q) ∧ (¬t → (r → s))
[El piso tiene calefacción], [t:ascensor] y [t:garaje], pero [-:no admite perros]. | p ∧ q ∧ r ∧ ¬s
[-:Nunca viaja en avión] a menos que [s:sea urgente]. | ¬q → ¬p
[Los vecinos protestan]; sin embargo, [-:el alcalde no contesta] ni [convoca a nadie]. | p ∧ ¬q ∧ ¬r
`;
