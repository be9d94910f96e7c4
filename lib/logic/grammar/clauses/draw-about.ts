import type { Random } from '../../../core/index.js';
import { pick } from '../lexicon/fill-places.js';
import type { Predicate } from '../lexicon/predicate.js';
import type { Clause, Subject } from './clause.js';
import { nameSubject } from './say-clause.js';

/** What people do to things. */
const TO_THINGS =
  `revisar controlar conocer ver encontrar vender comprar necesitar usar cambiar vigilar retirar estudiar proteger
  fotografiar evitar criticar recomendar analizar rechazar aceptar esperar mencionar ignorar aprobar examinar pedir`.split(
    /\s+/,
  );

/** What people do to people. */
const TO_PEOPLE =
  `llamar ver conocer ayudar esperar vigilar avisar acompañar contratar denunciar despedir felicitar invitar
  recibir proteger buscar reconocer entrevistar criticar defender interrogar autorizar sustituir perdonar`.split(/\s+/);

/**
 * A clause about what was named before, with a pronoun for it.
 *
 * @param subject - who acts
 * @param object - what was named
 * @param personal - true for a person
 * @param random - the generator that chooses
 * @returns the clause, with its meaning in full words
 */
export function drawClauseAbout(
  subject: Subject,
  object: Extract<Subject, { kind: 'noun' }>,
  personal: boolean,
  random: Random,
): Clause {
  const infinitive = pick(random, personal ? TO_PEOPLE : TO_THINGS);
  const complement = (personal ? 'a ' : '') + nameSubject(object);
  const said = makePredicate(infinitive, choosePronoun(object), '');
  const rest = { subject, modal: undefined, adjunct: '', inverted: false };
  const meaning: Clause = { ...rest, predicate: makePredicate(infinitive, undefined, complement), complement };
  return { ...rest, predicate: said, complement: '', meaning };
}

function makePredicate(infinitive: string, clitic: string | undefined, complement: string): Predicate {
  return {
    infinitive,
    reflexive: false,
    clitic,
    complement,
    shared: '',
    own: '',
    family: `${infinitive} lo`,
    inverts: false,
  };
}

function choosePronoun({ phrase, plural }: Extract<Subject, { kind: 'noun' }>): string {
  const pronoun = phrase.gender === 'f' ? 'la' : 'lo';
  return plural ? `${pronoun}s` : pronoun;
}
