/**
 * Constructions of clauses that have their subject or their beginning in common, in the notation of the table of rules.
 *
 * `{s.who@who}` is the subject of the `@` places behind it: `@each` one of a kind, whose determiner the construction says
 * (`#todo` agrees), `@many` all of it, and without such a place `@anyone` and `@people` are whoever it is. `{v.head}` is what
 * the `tail` places behind it have in common: «no tiene ni fiebre ni tos».
 */
export const sharedRules = `
N ni…ni | 2 | pfhcba | 4 | ¬a ∧ ¬b | {s.who@who} ni {a.=+@:0} ni {b.=+@:0}
N o…o | 2 | pfhba | 4 | a ∨ b | {s.who@who} <o {a.=@:0} o {b.=@:0}|o bien {a.=@:0} o bien {b.=@:0}>
N, además de | 2 | pfba | 4 | a ∧ b | {s.who@who}, <además|aparte> de {a.inf@:0}, {b.main@:0}
N, en vez de | 2 | pfba | 4 | ¬a ∧ b | {s.who@who}, en <vez|lugar> de {a.inf+@:0}, {b.main+@:0}
N, que P, Q | 6 | pfba | 30 | a ∧ b | {s.who@who}, que {a.ind@:0}, {b.main@:0}
N no solo…sino | 6 | pfba | 24 | a ∧ b | {s.who@who} no <solo|solamente> {a.main+@:0}, sino que <también |además |>{b.main+@:0}
N, si P, Q | 4 | pfhb | 10 | a → b | {s.who@who}, si <{a.si@:2}|{a.si:2}>, {b.main@:2}
N, cuando P, Q | 4 | pfb | 7 | a → b | {s.who@who}, cuando <{a.when@:2}|{a.when:2}>, {b.main@:2}
N, en caso de que P, Q | 4 | pfh | 7 | a → b | {s.who@who}, en caso de <que {a.subp@:2}|que {a.subp:2}|{a.inf@:0}>, {b.main@:2}
N, salvo que P, Q | 5 | pfh | 8 | ¬a → b | {s.who@who}, <salvo que|a menos que|a no ser que> <{a.subp@:2}|{a.subp:2}>, {b.main@:2}
N solo P si Q | 3 | pfhb | 12 | a → b | {s.who@who} <solo|únicamente|solamente> {a.main+@:0} si {b.si:2}
N solo P cuando Q | 3 | pf | 8 | a → b | {s.who@who} <solo|únicamente> {a.main+@:0} <cuando {b.when:2}|en caso de que {b.subp:2}>
quien P, Q | 4 | pfb | 9 | a → b | <quien|el que|todo el que|aquel que> {a.ind@anyone:2}<,|> {b.main@:2}
quien + sub, Q | 4 | pf | 9 | a → b | <quien|el que|todo el que|cualquiera que> {a.sub@anyone:2}<,|> {b.main@:2}
quienes P, Q | 4 | pfb | 9 | a → b | <quienes|los que|todos los que> <{a.ind@people:2}|{a.ind@people:0}> {b.main@:2}
quienes + sub, Q | 4 | pf | 7 | a → b | <quienes|los que|todos los que> {a.sub@people:2} {b.main@:2}
Q quien P | 4 | pf | 9 | a → b | {b.main@anyone:0} quien <{a.ind@:2}|{a.sub@:2}>
solo quien | 4 | pf | 8 | b → a | <solo|únicamente> <quien|el que> {a.ind@anyone:2} {b.main+@:0}
nadie que | 4 | pf | 7 | a → ¬b | nadie que {a.sub@anyone:2} {b.main+@:0}
todo N que | 4 | pfb | 12 | a → b | <#todo|cualquier> {s.who@each} que {a.ind@:2} {b.main@:2}
todo N que + sub | 4 | pf | 8 | a → b | <#todo|cualquier> {s.who@each} que {a.sub@:2} {b.main@:2}
ningún N que | 4 | pf | 7 | a → ¬b | #ningún {s.who@each} que {a.sub@:2} {b.main+@:0}
los N que | 4 | pfb | 9 | a → b | {s.who@many} que {a.ind@:2} {b.main@:2}
los N que + sub | 4 | pf | 9 | a → b | {s.who@many} que {a.sub@:2} {b.main@:2}
solo los N que | 4 | pf | 8 | b → a | <solo|únicamente> {s.who@many} que {a.ind@:2} {b.main+@:0}
V tanto A como B | 1 | pfhcbai | 5 | a ∧ b | {v.head+} tanto {a.tail} como {b.tail}
no V ni A ni B | 1 | pfhcbai | 6 | ¬a ∧ ¬b | {v.head-} ni {a.tail} ni {b.tail}
V o A o B | 1 | pfhbai | 5 | a ∨ b | {v.head+} <o {a.tail} o {b.tail}|o bien {a.tail} o bien {b.tail}|ya sea {a.tail} o {b.tail}|bien {a.tail}, bien {b.tail}>
V no solo A, sino B | 1 | pfhba | 5 | a ∧ b | {v.head+} no <solo|solamente> {a.tail}<,|> sino <también|además> {b.tail}
no V solo A, sino B | 1 | pfhba | 4 | a ∧ b | {v.head-} <solo|únicamente> {a.tail}, sino también {b.tail}
V solo A, no B | 1 | pfhba | 4 | a ∧ ¬b | {v.head+} <solo|únicamente> {a.tail}<,| y> no {b.tail}
`;
