/**
 * The constructions, a line each: family | level | times | weight | formula | template.
 *
 * Levels: 1 coordinates clauses, 2 are conditions, 3 exceptions, 4 whole statements. In a template, `(x )` may be left out,
 * `<x|y>` are alternatives, and `{a.form:level}` is a place of the formula's letter a; `=` takes the form of the whole,
 * `+` wants it affirmed, `-` says it negated while the formula's letter is the affirmation, `~` says it with «tampoco», `@`
 * places share their subject, `^` begins with its verb; `:0/1` is filled at level 0 but read up to 1, `:2-2` is at least 2. The
 * places `np`, `vp` and `tail` are a subject, a verb for two subjects, and a complement behind the verb of another clause.
 */
export const coordinations = `
y | 1 | * | 15 | a ∧ b | {a.=:0/1} y {b.=:0/1}
y tres | 1 | * | 2 | a ∧ b ∧ c | {a.=:0}, {b.=:0} y {c.=:0}
y también | 1 | pfba | 3 | a ∧ b | {a.main:0} y <también|además> {b.main+:0}
pero | 1 | * | 3 | a ∧ b | {a.=:0} pero {b.=:0}
o | 1 | * | 9 | a ∨ b | {a.=:0/1} o {b.=:0/1}
o tres | 1 | * | 1.5 | a ∨ b ∨ c | {a.=:0}, {b.=:0} o {c.=:0}
o…o | 1 | pfhbai | 4 | a ∨ b | o {a.=:0} o {b.=:0}
o bien…o bien | 1 | pfhba | 3 | a ∨ b | o bien {a.=:0} o bien {b.=:0}
ni…ni | 1 | pfhcba | 4 | ¬a ∧ ¬b | ni {a.=+:0} ni {b.=+:0}
no…ni | 1 | pfhcba | 5 | ¬a ∧ ¬b | {a.=-@:0} ni {b.=+@:0}
y, o bien, o bien | 1 | pfba | 1 | a ∧ (b ∨ c) | {a.=:0} y, o bien {b.=:0}, o bien {c.=:0}
y, o bien | 1 | pfhb | 1 | (a ∧ b) ∨ c | {a.=:0} y {b.=:0}, o bien {c.=:0}
o bien y | 1 | pfhb | 1 | (a ∧ b) ∨ c | o bien {a.=:0} y {b.=:0}, o bien {c.=:0}
o…o, y | 1 | pfba | 2 | (a ∨ b) ∧ c | o {a.main:0} o {b.main:0}, y además {c.main:0}
ni…ni…ni | 1 | pfhba | 1 | ¬a ∧ ¬b ∧ ¬c | ni {a.=+:0} ni {b.=+:0} ni {c.=+:0}
bien…bien | 1 | pfa | 3 | a ∨ b | bien {a.main:0}, bien {b.main:0}
no…tampoco | 1 | pfhba | 3 | ¬a ∧ ¬b | {a.=-:0} y {b.=~:0}
no…sino que | 1 | pfba | 3 | ¬a ∧ b | {a.main-@:0}, sino que {b.main+@:0}
sin que | 1 | pfhba | 4 | a ∧ ¬b | {a.main+:0} sin que {b.sub+:0}
sin + inf | 1 | pfhbai | 3 | a ∧ ¬b | {a.main+@:0} sin {b.inf+@:0}
en vez de | 1 | pfba | 3 | a ∧ ¬b | {a.main+@:0} en <vez|lugar> de {b.inf+@:0}
a la vez que | 1 | pfba | 2.8 | a ∧ b | {a.main:0} <a la vez|al mismo tiempo> que {b.main:0}
tanto…como | 1 | pfhba | 5 | a ∧ b | tanto {a.np} como {b.np} {v.vp}
A y B | 1 | pfhba | 3 | a ∧ b | {a.np} y {b.np} {v.vp}
ni A ni B | 1 | pfhba | 5 | ¬a ∧ ¬b | ni {a.np} ni {b.np} {v.vp}
A o B | 1 | pfhba | 3 | a ∨ b | {a.np} o {b.np} {v.vp}
V A y B | 1 | pfhcbai | 5 | a ∧ b | {a.=+:0} y {b.tail}
V A o B | 1 | pfhcbai | 6 | a ∨ b | {a.=+:0} o {b.tail}
V A, B o C | 1 | pfhbai | 1 | a ∨ b ∨ c | {a.=+:0}, {b.tail} o {c.tail}
V A, B y C | 1 | pfhbai | 1 | a ∧ b ∧ c | {a.=+:0}, {b.tail} y {c.tail}
no V A ni B | 1 | pfhcbai | 5 | ¬a ∧ ¬b | {a.=-:0} ni {b.tail}
V A pero no B | 1 | pfhba | 3 | a ∧ ¬b | {a.=+:0} pero no {b.tail}
no V A sino B | 1 | pfhba | 3 | ¬a ∧ b | {a.=-:0}, sino {b.tail}
no es cierto que | 1 | p | 10.5 | ¬a | <no es cierto|no es verdad|es falso> que {a.sub+:0/3}
no se da el caso | 1 | p | 7.5 | ¬a | <no se da el caso de que|no es el caso que|no ocurre que> {a.sub+:0/3}
es mentira que | 1 | p | 9 | ¬a | es mentira que {a.ind+:0/3}
no es cierto que…y que | 1 | p | 5.4 | ¬(a ∧ b) | no es <cierto|verdad> que {a.sub:0} y que {b.sub:0/3}
no es cierto que…o que | 1 | p | 5.4 | ¬(a ∨ b) | no es <cierto|verdad> que {a.sub:0} o que {b.sub:0/3}
no es cierto que…ni que | 1 | p | 6 | ¬a ∧ ¬b | no es <cierto|verdad> que {a.sub+:0} ni que {b.sub+:0/3}
no es posible que…a la vez | 1 | p | 5.4 | ¬(a ∧ b) | <no es posible que|no puede ser que|es imposible que> {a.sub+:0} y {b.sub+:0} a la vez
incompatible | 1 | p | 8.1 | ¬(a ∧ b) | que {a.sub+:0} es incompatible con que {b.sub+:0/3}
al menos una | 1 | p | 6 | a ∨ b | se da al menos una de estas dos cosas: {a.ind:0} o {b.ind:0/3}
ninguna de las dos | 1 | p | 8.1 | ¬a ∧ ¬b | no se da ninguna de las dos cosas: ni {a.ind+:0} ni {b.ind+:0/3}
`;

/** Conditions, in the same notation. */
export const conditions = `
si | 2 | pfhcbi | 31.2 | a → b | si {a.si:1}, {b.main:1}
si…entonces | 2 | pfhbi | 12 | a → b | si {a.si:1}, entonces {b.main:2}
Q si P | 2 | pfhcbi | 12 | a → b | {b.main:1} si {a.si:1}
cuando | 2 | pfbi | 8 | a → b | cuando {a.when:1}, {b.main:1}
Q cuando P | 2 | pfbi | 5 | a → b | {b.main:1} cuando {a.when:1}
siempre que + ind | 2 | pb | 4 | a → b | siempre que {a.ind:1}, {b.main:1}
Q siempre que P | 2 | pb | 4 | a → b | {b.main:1} siempre que {a.ind:1}
cuando…entonces | 2 | pfb | 5.1 | a → b | cuando {a.when:1}, entonces {b.main:1}
cada vez que | 2 | pb | 5 | a → b | cada vez que {a.ind:1}, {b.main:1}
Q cada vez que P | 2 | pb | 4.9 | a → b | {b.main:1} cada vez que {a.ind:1}
en cuanto | 2 | pfbi | 4 | a → b | <en cuanto|tan pronto como> {a.when:0/1}, {b.main:1}
Q en cuanto P | 2 | pfbi | 13.5 | a → b | {b.main:0/1} <en cuanto|tan pronto como> {a.when:0/1}
en caso de que | 2 | pfhi | 7 | a → b | en <caso de|el caso de> que {a.subp:1}, {b.main:1}
Q en caso de que P | 2 | pfhi | 4 | a → b | {b.main:1} en caso de que {a.subp:1}
de + inf | 2 | hc | 14 | a → b | de {a.inf+@:0}, {b.main@:1}
de no + inf | 2 | pfhc | 8 | ¬a → b | de {a.inf-@:0}, {b.main@:1}
de haber | 2 | pfhc | 5 | a → b | de {a.inf+:0}, {b.main:1}
de no haber | 2 | pfhc | 5 | ¬a → b | de {a.inf-:0}, {b.main:1}
con que | 2 | pf | 4 | a → b | <con que|con solo que> {a.sub+:0}, {b.main:1}
suponiendo que | 2 | pf | 4.1 | a → b | <suponiendo|en el supuesto de> que {a.subp:1}, {b.main:1}
como + sub | 2 | pf | 5.4 | a → b | como {a.sub:0/1}, {b.main:1}
mientras | 2 | fi | 9 | a → b | mientras {a.sub:0/1}, {b.main:1}
Q mientras P | 2 | fi | 8 | a → b | {b.main:1} mientras {a.sub:0/1}
basta que | 2 | p | 5 | a → b | <basta con|basta|es suficiente|es suficiente con> que {a.sub:1} para que {b.sub:1}
bastará que | 2 | f | 6 | a → b | <bastará con|será suficiente con> que {a.sub:1} para que {b.sub:1}
bastaría que | 2 | h | 10 | a → b | <bastaría con|sería suficiente con> que {a.sub:1} para que {b.sub:1}
bastaba que | 2 | b | 6 | a → b | bastaba con que {a.sub:1} para que {b.sub:1}
condición suficiente | 2 | p | 5.6 | a → b | que {a.sub:1} <es condición suficiente|es suficiente|basta> para que {b.sub:1}
implica que | 2 | p | 6.5 | a → b | que {a.sub:1} <implica|significa> que {b.ind:1}
se sigue que | 2 | p | 5.6 | a → b | de que {a.ind:1} se <sigue|deduce|desprende> que {b.ind:1}
tanto si…como si | 2 | pfhbi | 8.5 | (a ∨ c) → b | tanto si {a.si:0} como si {c.si:0}, {b.main:1}
Q tanto si…como si | 2 | pfbi | 6.8 | (a ∨ c) → b | {b.main:1}, tanto si {a.si:0} como si {c.si:0}
ya sea que | 2 | pfi | 6.8 | (a ∨ c) → b | <ya sea|sea> que {a.sub:0} o que {c.sub:0}, {b.main:1}
imperativo y | 2 | f | 12 | a → b | {a.imp+:0} y {b.fut:1}
imperativo o | 2 | f | 9 | ¬a → b | {a.imp+:0} o {b.fut:1}
imperativo de lo contrario | 2 | f | 7.2 | ¬a → b | {a.imp+:0}; <de lo contrario|si no|en caso contrario>, {b.fut:1}
solo si | 2 | pfhbi | 12 | a → b | {a.main+:0} <solo|únicamente|solamente> si {b.si:1}
solo cuando | 2 | pfbi | 6 | a → b | {a.main+:0} <solo|únicamente|solamente> cuando {b.when:1}
solo en caso de que | 2 | pfi | 4.5 | a → b | {a.main+:0} <solo|únicamente> en caso de que {b.subp:1}
solo si Q, P | 2 | pfb | 4 | a → b | <solo|únicamente> si {b.si:1}, {a.main+^:0}
solo P si Q | 2 | pfhb | 4 | a → b | solo {a.main+^:0} si {b.si:1}
para que es necesario | 2 | p | 7 | a → b | para que {a.sub:1} <es necesario|hace falta|es preciso|es imprescindible|se requiere|se necesita> que {b.sub:1}
para que será necesario | 2 | f | 8 | a → b | para que {a.sub:1} <será necesario|hará falta> que {b.sub:1}
es necesario para que | 2 | p | 5 | a → b | <es necesario|hace falta|es preciso|es imprescindible> que {b.sub:1} para que {a.sub:1}
para + inf | 2 | p | 5 | a → b | para {a.inf+@:0}, <es necesario|hace falta|es imprescindible> que {b.sub@:1}
condición necesaria | 2 | p | 5 | a → b | que {b.sub:1} es <condición necesaria|necesario|imprescindible|requisito> para que {a.sub:1}
no…sin que | 2 | pfhb | 7 | a → b | {a.main-:0} sin que {b.sub+:1}
no…sin + inf | 2 | pfhbi | 9.5 | a → b | {a.main-@:0} sin {b.inf+@:0}
no…hasta que | 2 | fi | 12.8 | a → b | {a.main-:0} hasta que {b.sub+:0/1}
no…hasta que no | 2 | fi | 11.5 | a → b | {a.main-:0} hasta que {b.sub-:0}
no…hasta que + ind | 2 | p | 12.2 | a → b | {a.main-:0} hasta que {b.ind+:0/1}
es imposible sin que | 2 | p | 16.5 | a → b | <es imposible|no es posible|no puede ser> que {a.sub+:0} sin que {b.sub+:0/1}
siempre y cuando | 2 | pfhi | 8 | b → a | {a.main:1} siempre y cuando {b.subp:1}
siempre que + sub | 2 | pfhi | 6 | b → a | {a.main:1} siempre que {b.subp:1}
Siempre y cuando, P | 2 | pfhi | 4 | a → b | siempre y cuando {a.subp:1}, {b.main:1}
con tal de que | 2 | pfh | 5 | b → a | {a.main:1} con tal <de que|que> {b.sub:1}
a condición de que | 2 | pfh | 5.4 | b → a | {a.main:1} <a condición de|con la condición de> que {b.sub:1}
si y solo si | 2 | pfhb | 33.6 | a ↔ b | {a.main:1} si y <solo|solamente|únicamente> si {b.si:1}
si, y solo si, | 2 | pf | 9.6 | a ↔ b | {a.main:1} si, y solo si, {b.si:1}
cuando y solo cuando | 2 | pfb | 12 | a ↔ b | {a.main:1} cuando y solo cuando {b.when:1}
exactamente cuando | 2 | pb | 36 | a ↔ b | {a.main:0/1} <exactamente|justo> cuando {b.ind:0/1}
equivale a que | 2 | p | 16.8 | a ↔ b | que {a.sub:1} <equivale a|es equivalente a> que {b.sub:1}
necesario y suficiente | 2 | p | 16.8 | a ↔ b | es <necesario y suficiente|condición necesaria y suficiente> que {a.sub:1} para que {b.sub:1}
condición necesaria y suficiente | 2 | p | 14.4 | a ↔ b | que {a.sub:1} es condición necesaria y suficiente para que {b.sub:1}
y viceversa | 2 | pfb | 32.6 | a ↔ b | si {a.si:0/1}, {b.main:0/1}, y viceversa
no es cierto que, si | 2 | p | 18.7 | ¬(a → b) | no es <cierto|verdad> que, si {a.si:0/1}, {b.sub:0/3}
no implica que | 2 | p | 18.4 | ¬(a → b) | que {a.sub:0/1} no <implica|significa|quiere decir> que {b.sub:0/3}
`;

/** Exceptions and whole statements, in the same notation. */
export const statements = `
a menos que | 3 | pfhi | 20 | ¬b → a | {a.main:2}, <a menos que|salvo que|a no ser que|excepto que> {b.subp:1}
a menos que sin coma | 3 | pfhi | 10 | ¬b → a | {a.main:1} <a menos que|salvo que|a no ser que|excepto que> {b.subp:1}
A menos que, P | 3 | pfhi | 11 | ¬a → b | <a menos que|salvo que|a no ser que> {a.subp:1}, {b.main:1}
salvo si | 3 | pfbi | 9 | ¬b → a | {a.main:2}, <salvo|excepto> si {b.si:1}
salvo cuando | 3 | pfb | 6 | ¬b → a | {a.main:1}, <salvo|excepto> cuando {b.when:1}
en cuyo caso | 4 | pf | 9 | (¬b → a) ∧ (b → c) | {a.main:2}, <a menos que|salvo que|a no ser que> {b.subp:1}, en cuyo caso {c.main:1}
si no | 4 | pfbi | 18 | (a → b) ∧ (¬a → c) | si {a.si:1}, {b.main:1}; <si no|de lo contrario|en caso contrario|en otro caso>, {c.main:1}
. si no | 4 | pfi | 11.9 | (a → b) ∧ (¬a → c) | si {a.si:1}, {b.main:1}. <Si no|De lo contrario|En caso contrario>, {c.main:1}
y, si no, | 4 | pfbi | 6 | (a → b) ∧ (¬a → c) | si {a.si:1}, {b.main:0/1} y, si no, {c.main:1}
Q si P; si no | 4 | pfi | 6.8 | (b → a) ∧ (¬b → c) | {a.main:1} si {b.si:1}; <si no|de lo contrario>, {c.main:1}
o…o, pero no ambas | 3 | pfba | 20.4 | (a ∨ b) ∧ ¬(a ∧ b) | <o|o bien> {a.main:0} <o|o bien> {b.main:0}, pero no <ambas cosas|las dos cosas|ambas cosas a la vez>
P o Q, pero no ambas | 3 | pfba | 16.1 | (a ∨ b) ∧ ¬(a ∧ b) | {a.main:0} o {b.main:0}, pero no <ambas cosas|las dos cosas>
V A o B, pero no ambas | 3 | pfbai | 13.8 | (a ∨ b) ∧ ¬(a ∧ b) | {a.main+:0} o {b.tail}, pero no <las dos cosas|ambas cosas>
A o B, pero no ambos | 3 | pfba | 17.8 | (a ∨ b) ∧ ¬(a ∧ b) | {a.np} o {b.np} {v.vp}, pero no <#ambos|#los dos>
exactamente una | 3 | p | 15 | (a ∨ b) ∧ ¬(a ∧ b) | <se da exactamente una|solo se da una|se cumple solo una> de estas dos cosas: {a.ind:0} o {b.ind:0/3}
P; Q | 4 | pfbai | 6 | a ∧ b | {a.main:1}; {b.main:1}
K; K | 4 | pfbi | 12 | a ∧ b | {a.main:2-2}; {b.main:2-2}
; y | 4 | pfbi | 5 | a ∧ b | {a.main:2-2}; y {b.main:1/2}
; además | 4 | pfb | 7 | a ∧ b | {a.main:3}; además, {b.main:2}
. Además | 4 | pfb | 5 | a ∧ b | {a.main:2}. <Además|También>, {b.main:2}
, y K | 4 | pfbi | 12 | a ∧ b | {a.main:2-2}, y {b.main:2-2}
, y además | 4 | pfba | 6 | a ∧ b | {a.main:1/4}, y además {b.main:1/3}
, pero | 4 | pfbai | 14 | a ∧ b | {a.main:1}, pero {b.main:1}
, pero si | 4 | pfb | 9 | a ∧ b | {a.main:1}, pero {b.main:2-2}
K, pero K | 4 | pfb | 11.9 | a ∧ b | {a.main:2-2}, pero {b.main:2-2}
aunque | 4 | pfba | 9 | a ∧ b | aunque {a.ind:1}, {b.main:1}
, aunque | 4 | pfba | 6 | a ∧ b | {a.main:1}, aunque {b.ind:1}
a pesar de que | 4 | pfba | 7 | a ∧ b | <a pesar de que|pese a que> {a.ind:1}, {b.main:1}
, a pesar de que | 4 | pfba | 4 | a ∧ b | {a.main:1} <a pesar de que|pese a que> {b.ind:1}
sin embargo | 4 | pfba | 8 | a ∧ b | {a.main:1}; <sin embargo|no obstante|en cambio>, {b.main:1}
. Sin embargo | 4 | pfba | 5 | a ∧ b | {a.main:2}. <Sin embargo|No obstante>, {b.main:2}
mientras que | 4 | pfba | 16.3 | a ∧ b | {a.main:0}, mientras que {b.main:0}
no solo…sino | 4 | pfba | 11.9 | a ∧ b | no solo {a.main+^:0}, sino que <también|además> {b.main+:0}
por un lado | 4 | pfba | 18.4 | a ∧ b | por un lado, {a.main:0/1}; por otro, {b.main:0/1}
, o bien | 4 | pfba | 6 | a ∨ b | <|o bien >{a.main:1/4}, o bien {b.main:1/3}
`;
