import type { Tense } from '../clauses/clause.js';
import type { KnownClause, Mood } from '../reading/tokenize-sentence.js';
import type { Plan, Sentence } from './write-sentence.js';

const MOOD: Readonly<Partial<Record<Tense, Mood>>> = {
  subjunctive: 'subjunctive',
  imperfectSubjunctive: 'subjunctive',
  perfectSubjunctive: 'subjunctive',
  pluperfectSubjunctive: 'subjunctive',
  infinitive: 'infinitive',
  perfectInfinitive: 'infinitive',
  command: 'command',
  gerund: 'gerund',
  participle: 'participle',
};

/**
 * The clauses of a sentence by their words, for reading it anew.
 *
 * @param sentence - its pieces
 * @param plan - what they say
 * @returns each wording once, in all moods in which it occurs
 */
export function identifyClauses(sentence: Sentence, plan: Plan): KnownClause[] {
  const known = new Map<string, KnownClause>();
  for (const { leaf, text } of sentence.pieces) {
    if (leaf === undefined) continue;
    const { atom, tense } = plan.get(leaf)!;
    const afterSi = leaf.form === 'si' && tense.endsWith('Subjunctive');
    const mood =
      leaf.part !== 'clause'
        ? leaf.part
        : leaf.form === 'noun'
          ? 'noun'
          : afterSi
            ? 'indicative'
            : (MOOD[tense] ?? 'indicative');
    const moods = [...(known.get(text)?.moods ?? []), mood];
    known.set(text, { text, atom, negation: leaf.negation, moods });
  }
  return [...known.values()];
}
