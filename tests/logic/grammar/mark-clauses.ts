import type { KnownClause, Mood } from '../../../lib/logic/grammar/reading/tokenize-sentence.js';

const MOODS: Readonly<Record<string, Mood>> = {
  '': 'indicative',
  s: 'subjunctive',
  i: 'infinitive',
  c: 'command',
  np: 'np',
  vp: 'vp',
  t: 'tail',
  g: 'gerund',
  p: 'participle',
  n: 'noun',
};

/** A sentence whose clauses are in brackets: its plain text and its clauses, which are atoms in their order. */
export function markClauses(marked: string): { text: string; clauses: KnownClause[]; atoms: number } {
  const clauses: KnownClause[] = [];
  let atoms = 0;
  const text = marked.replace(/\[(?:([a-z]*)([-~]?):)?([^\]]*)\]/g, (_, mood = '', mark = '', words: string) => {
    const negation = mark === '-' ? 'no' : mark === '~' ? 'tampoco' : '';
    clauses.push({ text: words, atom: mood === 'vp' ? -1 : atoms++, negation, moods: [MOODS[mood as string]!] });
    return words;
  });
  return { text, clauses, atoms };
}
