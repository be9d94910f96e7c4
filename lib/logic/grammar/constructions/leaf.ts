import type { Form } from '../clauses/choose-tense.js';

/**
 * Leaves that have their subject in common: any subject; one that was named before them (`who`); whoever it is (`anyone`, in
 * the plural `people`); each of a kind (`each`), and the many of one (`many`).
 */
export interface SubjectGroup {
  kind: 'any' | 'who' | 'anyone' | 'people' | 'each' | 'many';
}

/** A clause, or a part of one, in a derivation. */
export interface Leaf {
  kind: 'leaf';
  form: Form;
  /** `np`, `vp`, `tail` and `head` are parts of clauses that coordinations share; `who` is the subject of the clauses behind it. */
  part: 'clause' | 'np' | 'vp' | 'tail' | 'head' | 'who';
  negation: '' | 'no' | 'nunca' | 'jamás' | 'tampoco';
  verbFirst: boolean;
  /** Leaves of one group share their subject. */
  subjectGroup: SubjectGroup | undefined;
  /** Parts with the same number make up clauses that differ in one place only. */
  pair: number | undefined;
  /** True where that place is the subject. */
  swaps: boolean;
}
