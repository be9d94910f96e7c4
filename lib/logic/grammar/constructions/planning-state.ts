import type { Random } from '../../../core/index.js';
import type { Time } from '../clauses/time.js';
import type { Clause, Subject, Tense } from '../clauses/clause.js';
import type { Topic } from '../clauses/draw-clause.js';
import type { Slice } from '../clauses/slices.js';
import type { Domain } from '../lexicon/lexicon.js';
import type { Person } from '../morphology/conjugate.js';
import type { Leaf, SubjectGroup } from './leaf.js';

/** What a leaf says and how. */
export interface Planned {
  /** The number of its atom, by first mention; −1 for a verb of two subjects. */
  atom: number;
  clause: Clause;
  tense: Tense;
  negation: Leaf['negation'];
  dropsSubject: boolean;
}

/** Words and bounds of a sentence. */
export interface Setting {
  domain: Domain;
  /** Words that now and then come in. */
  other: Domain;
  time: Time;
  slice: Slice;
  random: Random;
}

/** Clauses that have parts in common, as they are drawn. */
export interface Pair {
  topic: Topic;
  clauses: Clause[];
  tense?: Tense;
  /** True where the first is drawn, and only its beginning said. */
  isOpen?: boolean;
}

/** What has been chosen so far. */
export interface PlanningState extends Setting {
  topic: Topic | undefined;
  addressee: Topic;
  groups: Map<SubjectGroup, Topic>;
  pairs: Map<number, Pair>;
  used: Set<string>;
  atoms: number;
  /** The subject that was named last. */
  named: Subject | undefined;
  /** The subject of each person. */
  persons: Map<Person, Subject>;
  /** True where the sentence commands. */
  commands: boolean;
  /** What a later part of the sentence may say again, and where that begins. */
  said: Planned[];
  echoes: ReadonlySet<Leaf>;
}

/**
 * Whether a clause has its verb in a person: infinitives, gerunds and the like name no subject.
 *
 * @param leaf - of a derivation
 * @returns false for these
 */
export function isConjugated(leaf: Leaf): boolean {
  return !/^(?:inf|ger|noun|part)$/.test(leaf.form);
}

/**
 * Whether a clause commands.
 *
 * @param leaf - of a derivation
 * @param setting - of its sentence
 * @returns true for commands
 */
export function isCommand(leaf: Leaf, setting: Setting): boolean {
  return leaf.form === 'imp' || (leaf.form === 'main' && setting.time === 'i');
}

/**
 * Whether a subject, said twice, is the same one: «un perro» and «alguien» need not be.
 *
 * @param subject - of a clause
 * @returns false for these
 */
export function isDefinite(subject: Subject): boolean {
  return subject.kind !== 'someone' && (subject.kind !== 'noun' || !/^(?:a|some)$/.test(subject.determiner));
}
