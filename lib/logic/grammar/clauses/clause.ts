import type { NounPhrase, Determiner } from '../lexicon/noun-phrase.js';
import type { Predicate } from '../lexicon/predicate.js';
import type { Person } from '../morphology/conjugate.js';
import type { Gender } from '../morphology/inflect-nouns.js';

/** Who or what a clause is about. */
export type Subject =
  | { kind: 'noun'; phrase: NounPhrase; plural: boolean; determiner: Determiner }
  | { kind: 'person'; person: Person; polite: boolean; gender: Gender; spoken: boolean }
  /** «alguien», with «nadie» in negations. */
  | { kind: 'someone' }
  /** Of weather and existence. */
  | { kind: 'none' }
  /** «They», untold. */
  | { kind: 'they' }
  /** What something is done to, in a passive with «se». */
  | { kind: 'passive'; phrase: NounPhrase; plural: boolean; determiner: Determiner };

/** A verb before the verb. */
export type Modal = PersonalModal | ImpersonalModal;

type PersonalModal = 'poder' | 'deber' | 'tener que' | 'ir a' | 'estar' | 'querer' | 'acabar de' | 'dejar de';

/** What is said of an action without telling whose it is. */
export type ImpersonalModal =
  | 'hay que'
  | 'se puede'
  | 'se debe'
  | 'se permite'
  | 'está prohibido'
  | 'está permitido'
  | 'es obligatorio'
  | 'conviene';

/** What an atom says, before tense, mood and negation. */
export interface Clause {
  subject: Subject;
  predicate: Predicate;
  /** The complement without open places. */
  complement: string;
  modal: Modal | undefined;
  /** A time or a place at the end, or empty. */
  adjunct: string;
  /** True where the subject stands behind the verb. */
  inverted: boolean;
  /** The same without the pronoun that it has for what was named before. */
  meaning?: Clause;
}

/** Tenses and moods as a clause can have them. */
export type Tense =
  | 'present'
  | 'preterite'
  | 'imperfect'
  | 'future'
  | 'conditional'
  | 'perfect'
  | 'pluperfect'
  | 'conditionalPerfect'
  | 'subjunctive'
  | 'imperfectSubjunctive'
  | 'perfectSubjunctive'
  | 'pluperfectSubjunctive'
  | 'command'
  | 'infinitive'
  | 'perfectInfinitive'
  | 'gerund'
  | 'participle';

/** How a clause is said. */
export interface Manner {
  tense: Tense;
  /** The word of negation, or empty. */
  negation: '' | 'no' | 'nunca' | 'jamás' | 'tampoco';
  /** True where the subject is left out. */
  dropsSubject: boolean;
}

/** A clause as it is said. */
export interface Utterance {
  text: string;
  /** Where the word of negation stands in it. */
  negationSpan: readonly [start: number, end: number] | undefined;
}
