import { writeNounPhrase } from '../lexicon/noun-phrase.js';
import { conjugate } from '../morphology/conjugate.js';
import { agree } from '../morphology/inflect-nouns.js';
import { contract } from '../morphology/join-words.js';
import { isStative } from '../morphology/verb-classes.js';
import { agreeComplement, findAgreement } from './agreement.js';
import type { Clause, Manner, Subject, Tense, Utterance } from './clause.js';
import type { Time } from './time.js';
import { makeVerbGroup } from './verb-group.js';

const PRONOUNS = [['yo'], ['tú'], ['él', 'ella'], ['nosotros', 'nosotras'], ['ellos', 'ellas']] as const;

/**
 * Says a clause.
 *
 * @param clause - what is said
 * @param manner - tense, negation, subject
 * @returns Spanish without capital and stop
 */
export function sayClause(clause: Clause, manner: Manner): Utterance {
  const { tense, dropsSubject } = manner;
  if (tense === 'participle') return { text: sayDone(clause), negationSpan: undefined };
  const negative = manner.negation !== '';
  const nobody = manner.negation === 'no' && isIndefinite(clause.subject) && !clause.inverted && !lacksSubject(tense);
  const negation = nobody ? '' : manner.negation;
  const agreement = { ...findAgreement(clause.subject), ...agreeWithObject(clause) };
  const group = makeVerbGroup(clause, agreement.person, tense, negative);
  const verb = `${negation === '' ? '' : `${negation} `}${group.pronouns}${fixExistence(clause, group.verb)}`;
  const silent = dropsSubject || lacksSubject(tense);
  const subject = silent ? '' : nameSubject(distinguish(clause, tense), nobody);
  const complement = agreeComplement(clause.complement, agreement);
  const words = clause.inverted ? [verb, complement, subject] : [subject, verb, complement];
  const text = contract([...words, clause.adjunct].filter((word) => word !== '').join(' '));
  const word = nobody ? subject.split(' ')[0]! : negation;
  return { text, negationSpan: findNegation(text, word) };
}

/** «Publicadas las notas»: a participle with what it was done to. */
function sayDone(clause: Clause): string {
  const { gender, plural } = findAgreement(clause.subject);
  const done = agree(conjugate(clause.predicate.infinitive).participle.slice(0, -1), gender, plural);
  return contract([done, nameSubject(clause.subject), clause.complement].filter((word) => word !== '').join(' '));
}

function lacksSubject(tense: Tense): boolean {
  return tense === 'command' || tense === 'infinitive' || tense === 'perfectInfinitive' || tense === 'gerund';
}

const AGREEING = new Set(['quedar', 'faltar', 'sobrar', 'existir']);

/** «Quedan cartas»: what is left or lacking is the verb's subject, though it stands behind it. */
function agreeWithObject({ subject, predicate, complement }: Clause): { person?: 4; plural?: true } {
  const plural = subject.kind === 'none' && AGREEING.has(predicate.infinitive) && /^\p{Ll}+s(?:\s|$)/u.test(complement);
  return plural ? { person: 4, plural: true } : {};
}

/** «Alguien» and «algún»: denied as «nadie» and «ningún». */
function isIndefinite(subject: Subject): boolean {
  return subject.kind === 'someone' || (subject.kind === 'noun' && subject.determiner === 'some');
}

const SAME_AS_THIRD: ReadonlySet<Tense> = new Set<Tense>([
  ...(['imperfect', 'conditional', 'conditionalPerfect', 'pluperfect'] as const),
  ...(['subjunctive', 'imperfectSubjunctive', 'perfectSubjunctive', 'pluperfectSubjunctive'] as const),
]);

/** «Yo» is said where the verb could be the third person's. */
function distinguish({ subject, predicate }: Clause, tense: Tense): Subject {
  if (subject.kind !== 'person' || subject.person !== 0 || predicate.reflexive) return subject;
  return SAME_AS_THIRD.has(tense) ? { ...subject, spoken: true } : subject;
}

/** «Hay» where the present of haber stands alone. */
function fixExistence(clause: Clause, verb: string): string {
  return clause.subject.kind === 'none' ? verb.replace(/^ha(?= que |$)/, 'hay') : verb;
}

/**
 * The words of a subject.
 *
 * @param subject - of a clause
 * @param nobody - for «nadie» instead of «alguien»
 * @returns empty where Spanish leaves it out
 */
export function nameSubject(subject: Subject, nobody = false): string {
  if (subject.kind === 'noun' || subject.kind === 'passive') {
    const words = writeNounPhrase(subject.phrase, subject.plural, subject.determiner);
    return nobody ? words.replace(/^algún/, 'ningún').replace(/^alguna/, 'ninguna') : words;
  }
  if (subject.kind === 'someone') return nobody ? 'nadie' : 'alguien';
  if (subject.kind !== 'person') return '';
  if (subject.polite) return subject.person === 2 ? 'usted' : 'ustedes';
  const forms = PRONOUNS[subject.person];
  return subject.spoken ? (forms[subject.gender === 'f' ? 1 : 0] ?? forms[0]) : '';
}

function findNegation(text: string, word: string): readonly [number, number] | undefined {
  if (word === '') return undefined;
  const at = ` ${text} `.indexOf(` ${word} `);
  return at < 0 ? undefined : [at, at + word.length];
}

const PAST: Readonly<Partial<Record<Tense, 'past' | 'perfect'>>> = {
  preterite: 'past',
  imperfect: 'past',
  imperfectSubjunctive: 'past',
  perfect: 'perfect',
  perfectSubjunctive: 'perfect',
  pluperfectSubjunctive: 'perfect',
  conditionalPerfect: 'perfect',
  pluperfect: 'perfect',
  perfectInfinitive: 'perfect',
};

/**
 * The gloss of a clause: affirmative, and in the present but where the past is part of what it says.
 *
 * @param clause - what is said
 * @param tense - in which the sentence says it
 * @param time - of the sentence
 * @returns a clause with its subject
 */
export function glossClause(clause: Clause, tense: Tense, time: Time): string {
  const meant = clause.meaning ?? clause;
  const plain = meant.modal === 'ir a' ? { ...meant, modal: undefined } : meant;
  return sayClause(plain, { tense: chooseGlossTense(plain, tense, time), negation: '', dropsSubject: false }).text;
}

function chooseGlossTense(clause: Clause, tense: Tense, time: Time): Tense {
  if (tense === 'imperfectSubjunctive' && time === 'h') return 'present';
  if (tense === 'infinitive' && time === 'b') return 'imperfect';
  if (tense === 'infinitive' && time === 'a') return choosePast(clause);
  const kind = PAST[tense];
  if (kind === undefined) return 'present';
  if (kind === 'perfect') return 'perfect';
  if (tense !== 'imperfectSubjunctive') return tense;
  return choosePast(clause);
}

/**
 * The past in which a story tells a clause.
 *
 * @param clause - what is said
 * @returns the imperfect for states, the preterite for events
 */
export function choosePast(clause: Clause): 'preterite' | 'imperfect' {
  if (clause.modal !== undefined && clause.modal !== 'acabar de' && clause.modal !== 'dejar de') return 'imperfect';
  return isStative(clause.predicate.infinitive) ? 'imperfect' : 'preterite';
}
