/**
 * The constructions, a line each: family | level | times | weight | formula | template.
 *
 * Levels: 1 coordinates parts of clauses, 2 clauses, 3 and 4 are conditions (3 stand inside others as well), 5 exceptions, 6
 * joins these in a sentence, 7 are whole statements. In a template, `<x|y>` are alternatives, and `{a.form:level}` is a place
 * of the formula's letter a; `=` takes the form of the whole, `+` wants it affirmed, `-` says it negated while the formula's
 * letter is the affirmation, `~` says it with «tampoco», `@` places share their subject, `^` begins with its verb, `*` is a
 * condition that begins with its own words, `%` stands only where the word before is repeated («que», «si»); `:0/1` is filled
 * at level 0 but read up to 1, `:2-2` is at least 2. The places `np`, `vp` and `tail` are a subject, a verb for several
 * subjects, and a complement behind the verb of another clause.
 */
export const coordinations = `
y | 2 | * | 7.7 | a ∧ b | {a.=:1/2} y {b.=:1/2}
y tres | 2 | * | 2 | a ∧ b ∧ c | {a.=:0}, {b.=:0} y {c.=:0}
y también | 2 | pfba | 4.4 | a ∧ b | {a.main:0} y <también|además> {b.main+:0}
pero | 2 | * | 3 | a ∧ b | {a.=:0} pero {b.=:0}
o | 2 | * | 4.6 | a ∨ b | {a.=:1/2} o {b.=:1/2}
o tres | 2 | * | 1.5 | a ∨ b ∨ c | {a.=:0}, {b.=:0} o {c.=:0}
o…o | 2 | pfhbai | 4 | a ∨ b | o {a.=:0} o {b.=:0}
o bien…o bien | 2 | pfhba | 3 | a ∨ b | o bien {a.=:0} o bien {b.=:0}
o bien…, o bien | 2 | pfhba | 2 | a ∨ b | o bien {a.=:0/1}, o bien {b.=:0/1}
ni…ni | 2 | pfhcba | 4 | ¬a ∧ ¬b | ni {a.=+:0} ni {b.=+:0}
no…ni | 2 | pfhcba | 5 | ¬a ∧ ¬b | {a.=-@:0} ni {b.=+@:0}
y, o bien, o bien | 2 | pfba | 1.2 | a ∧ (b ∨ c) | {a.=:0/1} y, <o bien|o> {b.=:0}<,|> <o bien|o> {c.=:0}
y, o bien | 2 | pfhb | 2 | (a ∧ b) ∨ c | {a.=:0/1} y {b.=:0}, <o|o bien> {c.=:0}
V A y B, o | 2 | pfhb | 1.8 | (a ∧ b) ∨ c | {a.=+:0} y {b.tail}, <o|o bien> {c.=:0}
o, y además | 2 | pfhba | 3 | (a ∨ b) ∧ c | {a.=:0/1} o {b.=:0}, y además {c.=:0}
V A o B, y además | 2 | pfhba | 2.6 | (a ∨ b) ∧ c | {a.=+:0} o {b.tail}, y además {c.=:0}
o, y | 2 | pfhba | 2 | (a ∨ b) ∧ c | {a.=:0} o {b.=:0}, y {c.=:0}
ni, y | 2 | pfhba | 2 | ¬a ∧ ¬b ∧ c | ni {a.=+:0} ni {b.=+:0}, <y|pero|pero sí> {c.=+:0}
no…ni, pero | 2 | pfhba | 3 | ¬a ∧ ¬b ∧ c | {a.=-@:0} ni {b.=+@:0}, <y|pero|pero sí> {c.=+:0}
y que | 2 | * | 6 | a ∧ b | {a.=%:0/2} y que {b.=%:0}
o que | 2 | * | 5 | a ∨ b | {a.=%:0/2} o que {b.=%:0}
y si | 2 | pfhcbi | 5.6 | a ∧ b | {a.=%:0/2} y si {b.=%:0}
o si | 2 | pfhcbi | 7 | a ∨ b | {a.=%:0/2} o si {b.=%:0}
y, o si | 2 | pfhb | 17.5 | (a ∧ b) ∨ c | {a.=%:0} y {b.=:0}, <o|o bien> si {c.=%:0}
o cuando | 2 | pfb | 15.2 | a ∨ b | {a.=%:0/2} o cuando {b.=%:0}
y, o cuando | 2 | pfb | 45.2 | (a ∧ b) ∨ c | {a.=%:0} y {b.=:0}, <o|o bien> cuando {c.=%:0}
o bien y | 2 | pfhb | 1 | (a ∧ b) ∨ c | o bien {a.=:0} y {b.=:0}, o bien {c.=:0}
o…o, y | 2 | pfba | 7.9 | (a ∨ b) ∧ c | o {a.main:0} o {b.main:0}, y además {c.main:0}
ni…ni…ni | 2 | pfhba | 1.6 | ¬a ∧ ¬b ∧ ¬c | ni {a.=+:0} ni {b.=+:0} ni {c.=+:0}
bien…bien | 2 | pfa | 3.5 | a ∨ b | bien {a.main:0}, bien {b.main:0}
no…tampoco | 2 | pfhba | 3 | ¬a ∧ ¬b | {a.=-:0} y {b.=~:0}
no…sino que | 2 | pfba | 4.2 | ¬a ∧ b | {a.main-@:0}, sino que {b.main+@:0}
sin que | 2 | pfhba | 4 | a ∧ ¬b | {a.main+:0} sin que {b.sub+:0}
sin + inf | 2 | pfhbai | 4 | a ∧ ¬b | {a.main+@:0}<|, pero|, aunque> sin {b.inf+@:0}
en vez de | 2 | pfba | 4.4 | a ∧ ¬b | {a.main+@:0} <en vez|en lugar|lejos> de {b.inf+@:0}
En vez de | 2 | pfba | 5 | ¬a ∧ b | <en vez|en lugar|lejos> de {a.inf+@:0}, {b.main+@:0}
además de | 2 | pfba | 5.1 | a ∧ b | <además|aparte> de {a.inf+@:0}, {b.main@:0}
no es que | 2 | pfba | 3.6 | ¬a ∧ b | no es que {a.sub+:0}, sino que {b.ind:0}
a la vez que | 2 | pfba | 2.8 | a ∧ b | {a.main:0} <a la vez|al mismo tiempo> que {b.main:0}
tanto…como | 1 | pfhba | 5 | a ∧ b | tanto {a.np} como {b.np} {v.vp}
A y B | 1 | pfhba | 3 | a ∧ b | {a.np} y {b.np} {v.vp}
ni A ni B | 1 | pfhba | 5 | ¬a ∧ ¬b | ni {a.np} ni {b.np} {v.vp}
A o B | 1 | pfhba | 4 | a ∨ b | <|o >{a.np} o {b.np} {v.vp}
V A y B | 1 | pfhcbai | 4 | a ∧ b | {a.=+:0} y {b.tail}
V A o B | 1 | pfhcbai | 3.8 | a ∨ b | {a.=+:0} o {b.tail}
V A, B o C | 1 | pfhbai | 1 | a ∨ b ∨ c | {a.=+:0}, {b.tail} o {c.tail}
V A, B y C | 1 | pfhbai | 1.3 | a ∧ b ∧ c | {a.=+:0}, {b.tail} y {c.tail}
no V A ni B | 1 | pfhcbai | 4 | ¬a ∧ ¬b | {a.=-:0} ni {b.tail}
no V A ni B ni C | 1 | pfhcba | 2 | ¬a ∧ ¬b ∧ ¬c | {a.=-:0} ni {b.tail} ni {c.tail}
V A pero no B | 1 | pfhba | 3 | a ∧ ¬b | {a.=+:0} pero no {b.tail}
no V A sino B | 1 | pfhba | 3 | ¬a ∧ b | {a.=-:0}, sino {b.tail}
V A, pero no B | 1 | pfhba | 3 | a ∧ ¬b | {a.=+:0}, pero <no|nunca> {b.tail}
no V A, pero sí B | 1 | pfhba | 3 | ¬a ∧ b | {a.=-:0}<,|> pero sí {b.tail}
V A o B, pero no C | 1 | pfhba | 2 | (a ∨ b) ∧ ¬c | {a.=+:0} o {b.tail}, pero <no|nunca|en ningún caso> {c.tail}
no V A ni B, pero sí C | 1 | pfhba | 2 | ¬a ∧ ¬b ∧ c | {a.=-:0} ni {b.tail}, pero sí {c.tail}
A, B y C | 1 | pfhba | 2.4 | a ∧ b ∧ c | {a.np}, {b.np} y {c.np} {v.vp}
A, B o C | 1 | pfhba | 2.9 | a ∨ b ∨ c | {a.np}, {b.np} o {c.np} {v.vp}
ni A ni B ni C | 1 | pfhba | 3.1 | ¬a ∧ ¬b ∧ ¬c | ni {a.np} ni {b.np} ni {c.np} {v.vp}
B también | 2 | pfba | 4.5 | a ∧ b | {a.main+:0} y {b.np} también
B tampoco | 2 | pfba | 3 | ¬a ∧ ¬b | {a.main-:0} y {b.np} tampoco
B no | 2 | pfba | 4.4 | a ∧ ¬b | {a.main+:0}<,|> pero {b.np} no
B sí | 2 | pfba | 3.8 | ¬a ∧ b | {a.main-:0}<,|> pero {b.np} sí
no es cierto que | 2 | p | 10.5 | ¬a | <no es cierto|no es verdad|es falso> que {a.sub+:0/5}
no se da el caso | 2 | p | 7.5 | ¬a | <no se da el caso de que|no es el caso que|no ocurre que> {a.sub+:0/5}
es mentira que | 2 | p | 9 | ¬a | es mentira que {a.ind+:0/5}
no es cierto que…y que | 2 | p | 10.2 | ¬(a ∧ b) | no es <cierto|verdad> que {a.sub:0} y que {b.sub:0/5}
no es cierto que…o que | 2 | p | 8.4 | ¬(a ∨ b) | no es <cierto|verdad> que {a.sub:0} o que {b.sub:0/5}
no es cierto que…ni que | 2 | p | 7.3 | ¬a ∧ ¬b | no es <cierto|verdad> que {a.sub+:0} ni que {b.sub+:0/5}
no es cierto que, pero sí | 2 | p | 7.4 | ¬a ∧ b | <no es cierto|no es verdad|es falso> que {a.sub+:0}<,|> pero sí que {b.ind:0}
es cierto que, pero | 2 | p | 7.1 | a ∧ b | es <cierto|verdad> que {a.ind:0/1}, pero {b.main:0}
es imposible que…y que | 2 | p | 6.7 | ¬(a ∧ b) | <no es posible|no puede ser|es imposible> que {a.sub:0} y que {b.sub:0}
no es posible que…a la vez | 2 | p | 5.4 | ¬(a ∧ b) | <no es posible que|no puede ser que|es imposible que> {a.sub+:0} y {b.sub+:0} a la vez
incompatible | 2 | p | 10.6 | ¬(a ∧ b) | que {a.sub+:0} es incompatible con que {b.sub+:0/5}
al menos una | 2 | p | 7.1 | a ∨ b | <se da al menos una de estas dos cosas|al menos una de las dos cosas es cierta|al menos una de las dos afirmaciones es cierta|como mínimo se cumple una de estas condiciones>: {a.ind:0} o {b.ind:0/5}
ninguna de las dos | 2 | p | 12.1 | ¬a ∧ ¬b | <no se da ninguna de las dos cosas|ninguna de las dos cosas es cierta|ninguna de las dos afirmaciones es cierta>: ni {a.ind+:0} ni {b.ind+:0/5}
`;

/** Conditions, in the same notation. */
export const conditions = `
si | 4 | pfhcbi | 20 | a → b | si {a.si:2}, {b.main:3}
si…entonces | 4 | pfhbi | 12 | a → b | si {a.si:2}, entonces {b.main:4}
si sin coma | 4 | pfhbi | 16.2 | a → b | si {a.si:0} {b.main:0/2}
cuando sin coma | 4 | pfb | 15.9 | a → b | cuando {a.when:0} {b.main:0/2}
Q si P | 4 | pfhcbi | 12 | a → b | {b.main:2} si {a.si:2}
cuando | 4 | pfbi | 10 | a → b | <cuando|cuando|en el momento en que|el día que> {a.when:2}, {b.main:3}
Q cuando P | 4 | pfbi | 5 | a → b | {b.main:2} cuando {a.when:2}
siempre que + ind | 4 | pb | 5.2 | a → b | siempre que {a.ind:2}, {b.main:3}
Q siempre que P | 4 | pb | 5.5 | a → b | {b.main:2} siempre que {a.ind:2}
cuando…entonces | 4 | pfb | 5.1 | a → b | cuando {a.when:2}, entonces {b.main:2}
cada vez que | 4 | pb | 5 | a → b | cada vez que {a.ind:2}, {b.main:3}
Q cada vez que P | 4 | pb | 6.7 | a → b | {b.main:2} cada vez que {a.ind:2}
en cuanto | 4 | pfbi | 5 | a → b | <en cuanto|tan pronto como|una vez que> {a.when:0/2}, {b.main:3}
Q en cuanto P | 4 | pfbi | 15.9 | a → b | {b.main:0/2} <en cuanto|tan pronto como> {a.when:0/2}
en caso de que | 4 | pfhi | 7 | a → b | en <caso de|el caso de> que {a.subp:2}, {b.main:3}
Q en caso de que P | 4 | pfhi | 5.9 | a → b | {b.main:2} en caso de que {a.subp:2}
de + inf | 4 | hc | 14 | a → b | de {a.inf+@:0/2}, {b.main@:2}
de no + inf | 4 | pfhc | 8 | ¬a → b | de {a.inf-@:0}, {b.main@:2}
de haber | 4 | pfhc | 5 | a → b | de {a.inf+:0}, {b.main:3}
de no haber | 4 | pfhc | 5 | ¬a → b | de {a.inf-:0}, {b.main:3}
con que | 4 | pf | 5 | a → b | <con que|con solo que|a poco que> {a.sub+:0}, {b.main:3}
Q con que P | 4 | pf | 18.1 | a → b | {b.main:0} <con que|con solo que> {a.sub+:0}
suponiendo que | 4 | pf | 4.1 | a → b | <suponiendo|en el supuesto de|siempre|a condición de> que {a.subp:2}, {b.main:3}
supongamos que | 4 | p | 4.9 | a → b | <supongamos|imaginemos> que {a.ind:2}<;|:> entonces {b.main:2}
con N | 4 | pfb | 6 | a → b | <con|en caso de> {a.noun:0}, {b.main:2}
sin N | 4 | pfb | 5 | ¬a → b | <sin|a falta de> {a.noun:0}, {b.main:2}
sin N, no | 4 | pfb | 13.7 | ¬a → ¬b | sin {a.noun:0}<,|> {b.main-:0}
con N que tiene | 4 | pf | 5 | a → b | con {a.noun@:0}, {b.main@:2}
sin N que tiene | 4 | pf | 14.6 | ¬a → ¬b | sin {a.noun@:0}<,|> {b.main-@:0}
sin + inf, no | 4 | pf | 15.5 | b → a | sin {a.inf+@:0/2}<,|> {b.main-@:0}
gerundio | 4 | fh | 7 | a → b | {a.ger+@:0}, {b.main@:2}
gerundio sin sujeto | 4 | pf | 6 | a → b | {a.ger+:0}, {b.main:2}
una vez + participio | 4 | pf | 6 | a → b | una vez {a.part+:0}, {b.main:3}
como + sub | 4 | pf | 5.4 | a → b | como {a.sub:0/2}, {b.main:3}
mientras | 4 | fi | 9 | a → b | mientras {a.sub:0/2}, {b.main:3}
Q mientras P | 4 | fi | 8 | a → b | {b.main:2} mientras {a.sub:0/2}
basta que | 4 | p | 5 | a → b | <basta con|basta|es suficiente|es suficiente con> que {a.sub:2} para que {b.sub:2}
para que basta que | 4 | p | 6.2 | b → a | para que {a.sub:0} <basta con|es suficiente con|basta> que {b.sub:2}
basta + inf | 4 | p | 11.2 | a → b | <basta con|basta|es suficiente con> {a.inf@:0/2} para {b.inf@:2}
para + inf basta | 4 | p | 7.3 | b → a | para {a.inf@:0/2} <basta con|es suficiente con|basta> {b.inf@:2}
hace falta N | 4 | p | 6.5 | b → a | <hace falta|se necesita|se requiere> {a.noun:0} para que {b.sub:2}
para que hace falta N | 4 | p | 7.4 | a → b | para que {a.sub:2} <hace falta|se necesita|se requiere> {b.noun:0}
bastará que | 4 | f | 6 | a → b | <bastará con|será suficiente con> que {a.sub:2} para que {b.sub:2}
bastaría que | 4 | h | 10 | a → b | <bastaría con|sería suficiente con> que {a.sub:2} para que {b.sub:2}
bastaba que | 4 | b | 6 | a → b | bastaba con que {a.sub:2} para que {b.sub:2}
condición suficiente | 4 | p | 5.6 | a → b | que {a.sub:2} <es condición suficiente|es suficiente|basta> para que {b.sub:2}
implica que | 4 | p | 7 | a → b | que {a.sub:2} <implica|significa|supone> que {b.ind:2}
inf implica inf | 4 | p | 6 | a → b | {a.inf@:0/2} <implica|exige|requiere|supone|obliga a|significa> {b.inf@:2}
inf exige que | 4 | p | 6.1 | a → b | {a.inf@:0/2} <exige|requiere> que {b.sub@:2}
inf es necesario para | 4 | p | 7.5 | b → a | {a.inf@:0/2} es <condición necesaria|necesario|requisito|requisito imprescindible|imprescindible|indispensable> para {b.inf@:2}
inf es suficiente para | 4 | p | 23.4 | a → b | {a.inf@:0/2} <es suficiente|es condición suficiente|basta> para {b.inf@:0/2}
inf equivale a inf | 4 | p | 21.1 | a ↔ b | {a.inf@:0/2} <equivale a|es lo mismo que> {b.inf@:0/2}
inf es necesario y suficiente | 4 | p | 24.2 | a ↔ b | {a.inf@:0/2} es <condición necesaria y suficiente|necesario y suficiente> para {b.inf@:0/2}
es necesario y suficiente inf | 4 | p | 18 | a ↔ b | es <condición necesaria y suficiente|necesario y suficiente> {a.inf@:0/2} para {b.inf@:0/2}
no basta con inf | 4 | p | 7.6 | ¬(a → b) | <no basta con|no es suficiente con> {a.inf@:0/2} para {b.inf@:2}
inf no implica inf | 4 | p | 17.8 | ¬(a → b) | {a.inf@:0/2} no <implica|supone|significa|garantiza> {b.inf@:0/2}
inf no es suficiente | 4 | p | 15.2 | ¬(a → b) | {a.inf@:0/2} no <es suficiente|es condición suficiente|basta> para {b.inf@:0/2}
inf no es necesario | 4 | p | 16.7 | ¬(b → a) | {a.inf@:0/2} no es <necesario|condición necesaria|imprescindible> para {b.inf@:0/2}
no hace falta inf | 4 | p | 15.2 | ¬(b → a) | no <hace falta|es necesario|es imprescindible> {a.inf@:0/2} para {b.inf@:0/2}
no basta que | 4 | p | 20 | ¬(a → b) | no <basta con|basta|es suficiente|es suficiente con> que {a.sub:0/2} para que {b.sub:0/2}
no hace falta que | 4 | p | 18.3 | ¬(b → a) | no <hace falta|es necesario|es imprescindible|es preciso> que {a.sub:0/2} para que {b.sub:0/2}
no es suficiente para que | 4 | p | 16.1 | ¬(a → b) | que {a.sub:0/2} no es <suficiente|condición suficiente> para que {b.sub:0/2}
no es necesario para que | 4 | p | 19.5 | ¬(b → a) | que {a.sub:0/2} no es <necesario|condición necesaria|imprescindible> para que {b.sub:0/2}
no se sigue que | 4 | p | 19.8 | ¬(a → b) | de que {a.<ind|sub>:0/2} no se <sigue|deduce|desprende> que {b.sub:0/2}
no siempre que | 4 | p | 13.1 | ¬(a → b) | no siempre que {a.ind:0/2}, {b.main:0/2}
no equivale a que | 4 | p | 20.1 | ¬(a ↔ b) | que {a.sub:0/2} no <equivale a|es equivalente a> que {b.sub:0/2}
no implica que…ni que | 4 | p | 15.2 | ¬(a → b) ∧ ¬(a → c) | que {a.sub:0/2} no <implica|significa|quiere decir> que {b.sub:0} ni que {c.sub:0}
imposible que si | 4 | p | 6.9 | b → ¬a | <es imposible|no es posible|no puede ser> que {a.sub+:0} si {b.si:2}
se sigue que | 4 | p | 5.6 | a → b | de que {a.ind:2} se <sigue|deduce|desprende> que {b.ind:2}
tanto si…como si | 4 | pfhbi | 8.5 | (a ∨ c) → b | tanto si {a.si:0} como si {c.si:0}, {b.main:3}
Q tanto si…como si | 4 | pfbi | 9.6 | (a ∨ c) → b | {b.main:2}, tanto si {a.si:0} como si {c.si:0}
ya sea que | 4 | pfi | 6.8 | (a ∨ c) → b | <ya sea|sea> que {a.sub:0} o que {c.sub:0}, {b.main:3}
ya P, ya Q | 4 | pfi | 6.2 | (a ∨ c) → b | <ya|sea que> {a.sub:0}, <ya|sea que> {c.sub:0}, {b.main:2}
llueva o nieve | 4 | pfi | 9.7 | (a ∨ c) → b | {a.sub:0} o {c.sub:0}, {b.main:2}
tanto cuando…como cuando | 4 | pfb | 7.7 | (a ∨ c) → b | tanto cuando {a.when:0} como cuando {c.when:0}, {b.main:3}
bien si, bien si | 4 | pfb | 8.1 | (a ∨ c) → b | {b.main:2}, <bien si {a.si:0}, bien si {c.si:0}|bien cuando {a.when:0}, bien cuando {c.when:0}>
da igual que | 4 | pf | 7.6 | (a ∨ c) → b | <da igual|da lo mismo|no importa> que {a.sub:0} o que {c.sub:0}<:|,> {b.main:2}
y también si | 4 | pfb | 8.4 | (a ∨ c) → b | {b.main:2} si {a.si:0/1}, <y también|y> si {c.si:0/1}
imperativo y | 4 | f | 12 | a → b | {a.imp+:0} y {b.fut:2}
imperativo o | 4 | f | 9 | ¬a → b | {a.imp+:0}<,|> o {b.fut:2}
imperativo doble, o | 4 | f | 7.3 | ¬(a ∧ c) → b | {a.imp+:0} y {c.imp+:0}<, o|; de lo contrario,|; si no,> {b.fut:2}
imperativo o imperativo, o | 4 | f | 7.3 | ¬(a ∨ c) → b | {a.imp+:0} o {c.imp+:0}, o {b.fut:2}
no + imperativo o | 4 | f | 6.5 | a → b | {a.imp-:0} o {b.fut:2}
no + imperativo y | 4 | f | 7.9 | ¬a → b | {a.imp-:0} y {b.fut:2}
imperativo de lo contrario | 4 | f | 7.2 | ¬a → b | {a.imp+:0}; <de lo contrario|si no|en caso contrario>, {b.fut:2}
solo si | 3 | pfhbi | 12 | a → b | {a.main+:0} <solo|únicamente|solamente> si {b.si:2}
solo cuando | 3 | pfbi | 6 | a → b | {a.main+:0} <solo|únicamente|solamente> cuando {b.when:2}
solo en caso de que | 3 | pfi | 4.5 | a → b | {a.main+:0} <solo|únicamente> <en caso de|en el caso de|a condición de> que {b.subp:2}
solo si Q, P | 4 | pfb | 6 | a → b | <solo|únicamente> <si {b.si:2}|cuando {b.when:2}>, {a.main+^:0}
solo P si Q | 4 | pfhb | 5.7 | a → b | solo {a.main+^:0} si {b.si:2}
para que es necesario | 4 | p | 7 | a → b | para que {a.sub:2} <es necesario|hace falta|es preciso|es imprescindible|se requiere|se necesita> que {b.sub:2}
para que será necesario | 4 | f | 8 | a → b | para que {a.sub:2} <será necesario|hará falta> que {b.sub:2}
es necesario para que | 4 | p | 6.1 | a → b | <es necesario|hace falta|es preciso|es imprescindible> que {b.sub:2} para que {a.sub:2}
para + inf | 4 | p | 7 | a → b | para {a.inf+@:0/2}<,|> <es necesario|hace falta|es imprescindible> que {b.sub@:2}
para + inf hay que | 4 | p | 8 | a → b | para {a.inf@:0/2}<,|> <hay que|es necesario|hace falta|es imprescindible|es preciso|es obligatorio> {b.inf@:2}
hasta que…no | 4 | pf | 10.9 | b → a | hasta que <{a.sub+:0}|{a.sub-:0}>, {b.main-:0}
condición necesaria | 4 | p | 5 | a → b | que {b.sub:2} es <condición necesaria|necesario|imprescindible|requisito> para que {a.sub:2}
no…sin que | 3 | pfhb | 7 | a → b | {a.main-:0} sin que {b.sub+:1/2}
no…ni…sin que | 3 | pfhb | 14.7 | (a ∨ c) → b | {a.main-@:0} ni {c.main+@:0} sin que {b.sub+:0}
no…ni…hasta que | 3 | f | 18 | (a ∨ c) → b | {a.main-@:0} ni {c.main+@:0} hasta que {b.sub+:0}
no…sin N | 3 | pfb | 14.7 | a → b | {a.main-:0} sin {b.noun:0}
solo con N | 3 | pfb | 14.9 | a → b | {a.main+:0} <solo con|solo en caso de> {b.noun:0}
no…sin + inf | 3 | pfhbi | 11.2 | a → b | {a.main-@:0} sin {b.inf+@:0}
no…hasta que | 3 | fi | 15.6 | a → b | {a.main-:0} hasta que {b.sub+:0/2}
no…hasta que no | 3 | fi | 11.5 | a → b | {a.main-:0} hasta que {b.sub-:0}
no…hasta que + ind | 3 | p | 14.8 | a → b | {a.main-:0} hasta que {b.ind+:0/2}
es imposible sin que | 4 | p | 20.1 | a → b | <es imposible|no es posible|no puede ser> que {a.sub+:0} sin que {b.sub+:0/2}
siempre y cuando | 3 | pfhi | 8 | b → a | {a.main:2} siempre y cuando {b.subp:2}
siempre que + sub | 3 | pfhi | 6 | b → a | {a.main:2} siempre que {b.subp:2}
Siempre y cuando, P | 4 | pfhi | 4 | a → b | siempre y cuando {a.subp:2}, {b.main:3}
con tal de que | 3 | pfh | 5 | b → a | {a.main:2} con tal <de que|que> {b.sub:2}
a condición de que | 3 | pfh | 5.4 | b → a | {a.main:2} <a condición de|con la condición de> que {b.sub:2}
y, K | 3 | pfbi | 24 | a ∧ b | {a.main:2} y, {b.main*:4-5}
si y solo si | 4 | pfhb | 26.9 | a ↔ b | {a.main:2} si y <solo|solamente|únicamente> si {b.si:2}
si, y solo si, | 4 | pf | 9.6 | a ↔ b | {a.main:2} si, y <solo|solamente> si, {b.si:2}
cuando y solo cuando | 4 | pfb | 12 | a ↔ b | {a.main:2} <cuando y solo cuando|cuando, y solo cuando,> {b.when:2}
y solo en ese caso | 4 | pfb | 9 | a ↔ b | {a.main:0/2} <si {b.si:2}|cuando {b.when:2}>, y <solo|únicamente|solamente> <en ese caso|entonces>
decir que | 4 | p | 18 | a ↔ b | <decir|afirmar> que {a.ind:0/2} <equivale a|es lo mismo que> <decir|afirmar> que {b.ind:0/2}
exactamente cuando | 4 | pb | 36 | a ↔ b | {a.main:0/2} <exactamente|justo> cuando {b.ind:0/2}
equivale a que | 4 | p | 16.8 | a ↔ b | que {a.sub:2} <equivale a|es equivalente a> que {b.sub:2}
necesario y suficiente | 4 | p | 16.8 | a ↔ b | es <necesario y suficiente|condición necesaria y suficiente> que {a.sub:2} para que {b.sub:2}
condición necesaria y suficiente | 4 | p | 14.4 | a ↔ b | que {a.sub:2} es condición necesaria y suficiente para que {b.sub:2}
y viceversa | 4 | pfb | 20 | a ↔ b | si {a.si:0/2}, {b.main:0/2}, y <viceversa|al revés|a la inversa>
no es cierto que, si | 4 | p | 18.7 | ¬(a → b) | no es <cierto|verdad> que, si {a.si:0/2}, {b.sub:0/5}
no es cierto que si | 4 | p | 20.6 | ¬(a → b) | no es <cierto|verdad> que si {a.si:0/2} {b.sub:0}
no es cierto que si…ni que si | 4 | p | 23.7 | ¬(a → b) ∧ ¬(c → d) | no es <cierto|verdad> que si {a.si:0} {b.sub:0/2}, ni que si {c.si:0} {d.sub:0/2}
no implica que | 4 | p | 21.7 | ¬(a → b) | que {a.sub:0/2} no <implica|significa|quiere decir> que {b.sub:0/5}
`;

/** Exceptions and whole statements, in the same notation. */
export const statements = `
a menos que | 5 | pfhi | 20 | ¬b → a | {a.main:4}, <a menos que|salvo que|a no ser que|excepto que> {b.subp:2}
a menos que sin coma | 5 | pfhi | 10 | ¬b → a | {a.main:2/4} <a menos que|salvo que|a no ser que|excepto que> {b.subp:2}
A menos que, P | 5 | pfhi | 11 | ¬a → b | <a menos que|salvo que|a no ser que> {a.subp:2}, {b.main:3}
salvo si | 5 | pfbi | 9 | ¬b → a | {a.main:4}, <salvo|excepto> si {b.si:2}
salvo cuando | 5 | pfb | 6 | ¬b → a | {a.main:4}, <salvo|excepto> cuando {b.when:2}
salvo en caso de | 5 | pf | 7.6 | ¬b → a | {a.main:4}, <salvo|excepto> en caso de <{b.noun:0}|que {b.subp:2}>
Salvo en caso de, P | 5 | pf | 4.9 | ¬a → b | <salvo|excepto> en caso de {a.noun:0}, {b.main:3}
en cuyo caso | 7 | pf | 12 | (¬b → a) ∧ (b → c) | {a.main:4}<,|> <a menos que|salvo que|a no ser que> {b.subp:2}, <en cuyo caso|y entonces|y en ese caso> {c.main:2}
si no | 7 | pfbi | 18 | (a → b) ∧ (¬a → c) | si {a.si:2}, {b.main:2}; <si no|de lo contrario|en caso contrario|en otro caso>, {c.main:3}
. si no | 7 | pfi | 11.9 | (a → b) ∧ (¬a → c) | si {a.si:2}, {b.main:2}. <Si no|De lo contrario|En caso contrario>, {c.main:2}
y, si no, | 7 | pfbi | 11.3 | (a → b) ∧ (¬a → c) | si {a.si:2}, {b.main:0/2} y, si no, {c.main:2}
Q si P; si no | 7 | pfi | 6.8 | (b → a) ∧ (¬b → c) | {a.main:2} si {b.si:2}; <si no|de lo contrario>, {c.main:3}
si y solo si; si no | 7 | pf | 7.8 | (a ↔ b) ∧ (¬b → c) | {a.main:0/1} <si y solo si|si, y solo si,> {b.si:2}; <si no|de lo contrario|en caso contrario>, {c.main:2}
o…o, pero no ambas | 5 | pfba | 20.4 | (a ∨ b) ∧ ¬(a ∧ b) | <o|o bien> {a.main:0} <o|o bien> {b.main:0}, pero no <ambas cosas|las dos cosas|ambas cosas a la vez>
P o Q, pero no ambas | 5 | pfba | 20.2 | (a ∨ b) ∧ ¬(a ∧ b) | {a.main:0} o {b.main:0}, pero no <ambas cosas|las dos cosas>
V A o B, pero no ambas | 5 | pfbai | 22.2 | (a ∨ b) ∧ ¬(a ∧ b) | {a.main+:0} o {b.tail}, pero <no las dos cosas|no ambas cosas|nunca las dos cosas|no #ambos|no #los dos>
A o B, pero no ambos | 5 | pfba | 17.8 | (a ∨ b) ∧ ¬(a ∧ b) | <|o >{a.np} o {b.np} {v.vp}, pero no <#ambos|#los dos>
exactamente una | 5 | p | 26 | (a ∨ b) ∧ ¬(a ∧ b) | <se da exactamente una|solo se da una|se cumple solo una> de estas dos cosas: {a.ind:0} o {b.ind:0/5}
solo una es cierta | 5 | p | 22.3 | (a ∨ b) ∧ ¬(a ∧ b) | <solo una|exactamente una> de <las dos cosas|estas dos afirmaciones> es cierta: {a.ind:0} o {b.ind:0/5}
P; Q | 7 | pfbai | 8 | a ∧ b | {a.main:2}<;|.> {b.main:2}
K; K | 7 | pfbi | 14 | a ∧ b | {a.main:3-6}<;|.> {b.main:3-6}
K; P | 7 | pfbi | 7 | a ∧ b | {a.main:3-6}<;|.> {b.main:0/2}
P; K | 7 | pfbi | 9.6 | a ∧ b | {a.main:0/2}<;|.> {b.main:3-6}
P; Q; R | 7 | pfba | 19.8 | a ∧ b ∧ c | {a.main:0/2}; {b.main:0/2}; {c.main:0/2}
K; K; K | 7 | pfbi | 69.6 | a ∧ b ∧ c | {a.main:3-4}; {b.main:3-4}; {c.main:3-4}
y en cualquier caso | 7 | pfb | 8.7 | a ∧ b | {a.main:3-5}, y, <en cualquier caso|en todo caso|de todos modos>, {b.main:0/2}
y en ambos casos | 6 | pfba | 17.8 | (a ∨ b) ∧ c | {a.main:0/1} o {b.main:0/1}, y en <ambos casos|los dos casos> {c.main:0}
; y | 7 | pfbi | 6.5 | a ∧ b | {a.main:3-4}; y {b.main:2/4}
; además | 7 | pfb | 8 | a ∧ b | {a.main:6}; <además|también|asimismo>, {b.main:5}
. Además | 7 | pfb | 6 | a ∧ b | {a.main:6}. <Además|También|Asimismo|Por otra parte>, {b.main:5}
, y K | 6 | pfbi | 12 | a ∧ b | {a.main:3-4}, y {b.main:3-4}
K, y P | 6 | pfb | 10.7 | a ∧ b | {a.main:3-4}, y {b.main:0}
P, y si | 7 | pfb | 8.6 | a ∧ b | {a.main:6}, y {b.main*:4-5}
, y además | 6 | pfba | 7.1 | a ∧ b | {a.main:2/7}, y además {b.main:2/5}
, pero | 6 | pfbai | 14 | a ∧ b | {a.main:2}, pero {b.main:2}
, pero si | 6 | pfb | 12 | a ∧ b | {a.main:2/4}, pero<,|> {b.main*:4-5}
, pero P | 6 | pfb | 8 | a ∧ b | {a.main:4-5}, pero {b.main:0}
K, pero K | 6 | pfb | 11.9 | a ∧ b | {a.main:3-4}, pero {b.main:3-4}
aunque | 6 | pfba | 10 | a ∧ b | <aunque|si bien> {a.ind:2}, {b.main:2}
aunque, si | 6 | pfb | 8 | a ∧ b | <aunque|a pesar de que> {a.ind:2}, {b.main*:4-5}
, aunque | 6 | pfba | 7 | a ∧ b | {a.main:4}, <aunque|si bien|y eso que> {b.ind:2}
a pesar de que | 6 | pfba | 7 | a ∧ b | <a pesar de que|pese a que> {a.ind:2}, {b.main:3}
, a pesar de que | 6 | pfba | 5 | a ∧ b | {a.main:2} <a pesar de que|pese a que> {b.ind:2}
sin embargo | 7 | pfba | 9 | a ∧ b | {a.main:6}; <sin embargo|no obstante|en cambio|aun así|por el contrario|por su parte>, {b.main:5}
. Sin embargo | 7 | pfba | 8.1 | a ∧ b | {a.main:6}. <Sin embargo|No obstante|En cambio|Aun así|Ahora bien>, {b.main:5}
mientras que | 6 | pfba | 24 | a ∧ b | {a.main:0/2}, mientras que {b.main:0/2}
no solo…sino | 6 | pfba | 21.4 | a ∧ b | no solo {a.main+^:0}, sino que <también|además> {b.main+:0}
no solo no…sino | 6 | pfba | 22.1 | ¬a ∧ b | no solo {a.main-^:0}, sino que <también |además |>{b.main+:0}
marco | 7 | pfb | 7 | a | <según el reglamento|según la ley|según el contrato|de acuerdo con las normas|en principio|por lo general|en esta empresa|en mi casa|en este edificio|como norma general|según los expertos|en nuestro caso>, {a.main:2-6}
según | 6 | pfba | 5.4 | a | {a.main:2-5}, según <la prensa|los médicos|el acuerdo|la norma|la empresa|los vecinos|el informe>
por un lado | 7 | pfba | 25 | a ∧ b | por un lado, {a.main:0/2}; por otro, {b.main:0/2}
, o bien | 6 | pfba | 6 | a ∨ b | <|o bien >{a.main:2/7}, o bien {b.main:2/5}
`;
