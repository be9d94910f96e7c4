import { attachPronouns } from '../morphology/attach-pronouns.js';
import { conjugate } from '../morphology/conjugate.js';
import type { Person } from '../morphology/conjugate.js';
import type { Clause, Modal, Tense } from './clause.js';

const REFLEXIVES = ['me', 'te', 'se', 'nos', 'se'] as const;

/** A conjugated verb with its pronouns. */
export interface VerbGroup {
  /** Pronouns that stand before the verb. */
  pronouns: string;
  verb: string;
}

const MODALS: Readonly<Record<Modal, readonly [verb: string, link: string]>> = {
  poder: ['poder', ''],
  deber: ['deber', ''],
  'tener que': ['tener', 'que '],
  'ir a': ['ir', 'a '],
  estar: ['estar', ''],
  querer: ['querer', ''],
  'acabar de': ['acabar', 'de '],
  'dejar de': ['dejar', 'de '],
  'hay que': ['haber', 'que '],
  'se puede': ['poder', ''],
  'se debe': ['deber', ''],
  'se permite': ['permitir', ''],
  'está prohibido': ['estar', 'prohibido '],
  'está permitido': ['estar', 'permitido '],
  'es obligatorio': ['ser', 'obligatorio '],
  conviene: ['convenir', ''],
};

/**
 * The verb of a clause.
 *
 * @param clause - with its verb and what stands before it
 * @param person - of the subject
 * @param tense - tense and mood
 * @param negated - commands then take the subjunctive
 * @returns the verb and its pronouns
 */
export function makeVerbGroup(clause: Clause, person: Person, tense: Tense, negated: boolean): VerbGroup {
  const { predicate, modal, subject } = clause;
  const pronouns = listPronouns(clause, person);
  if (modal === undefined) return placePronouns(predicate.infinitive, pronouns, person, tense, negated);
  const [verb, link] = MODALS[modal];
  const forms = conjugate(predicate.infinitive);
  const main = modal === 'estar' ? forms.gerund : predicate.infinitive;
  const passive = subject.kind === 'passive';
  const tail = passive ? main : attachPronouns(main, pronouns);
  const before = passive ? pronouns : modal.startsWith('se ') ? ['se'] : [];
  const group = placePronouns(verb, before, person, tense, negated);
  return { pronouns: group.pronouns, verb: `${group.verb} ${link}${tail}` };
}

function listPronouns({ predicate, subject }: Clause, person: Person): string[] {
  const own = predicate.clitic === undefined ? [] : [predicate.clitic];
  if (subject.kind === 'passive') return ['se', ...own];
  return predicate.reflexive ? [REFLEXIVES[person], ...own] : own;
}

function placePronouns(
  verb: string,
  pronouns: readonly string[],
  person: Person,
  tense: Tense,
  negated: boolean,
): VerbGroup {
  const form = conjugateIn(verb, person, tense, negated);
  const behind = tense === 'infinitive' || tense === 'gerund' || (tense === 'command' && !negated);
  if (behind) return { pronouns: '', verb: attachPronouns(form, pronouns) };
  if (tense === 'perfectInfinitive')
    return { pronouns: '', verb: `${attachPronouns('haber', pronouns)} ${conjugate(verb).participle}` };
  return { pronouns: pronouns.map((pronoun) => `${pronoun} `).join(''), verb: form };
}

function conjugateIn(verb: string, person: Person, tense: Tense, negated: boolean): string {
  const forms = conjugate(verb);
  if (tense === 'command') return negated || person !== 1 ? forms.subjunctive[person]! : forms.command;
  if (tense === 'infinitive' || tense === 'perfectInfinitive') return verb;
  if (tense === 'gerund' || tense === 'participle') return forms[tense];
  const auxiliary = AUXILIARIES[tense];
  if (auxiliary !== undefined) return `${conjugate('haber')[auxiliary][person]!} ${forms.participle}`;
  return forms[tense as SimpleTense][person]!;
}

type SimpleTense =
  'present' | 'preterite' | 'imperfect' | 'future' | 'conditional' | 'subjunctive' | 'imperfectSubjunctive';

const AUXILIARIES: Readonly<Partial<Record<Tense, SimpleTense>>> = {
  perfect: 'present',
  pluperfect: 'imperfect',
  conditionalPerfect: 'conditional',
  perfectSubjunctive: 'subjunctive',
  pluperfectSubjunctive: 'imperfectSubjunctive',
};
