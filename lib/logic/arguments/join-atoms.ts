import { listAtoms } from '../formula/atoms.js';
import type { Formula } from '../formula/formula.js';
import { nameAtom } from '../grammar/constructions/build-formula.js';
import { pairLetters, renameByPairs } from '../metrics/align-atoms.js';
import type { GlossedAtom, GlossedFormula } from '../metrics/align-atoms.js';

/** Formulas of several sentences in letters that all of them share. */
export interface JoinedFormulas {
  /** One for each sentence, in their order. */
  formulas: Formula[];
  /** Every letter and the clause of its first mention. */
  atoms: GlossedAtom[];
}

/**
 * The least F1 of the words of clauses that are one atom of an argument. Clauses of three words that differ in one have 0.67
 * and are two atoms; one that lacks a word of four has 0.86 and is the same.
 */
const SAME_CLAUSE = 0.75;

/**
 * Writes the formulas of several sentences, each with letters of its own, in letters that they share: clauses with the same
 * words are one letter, whatever they are called. A letter whose clause denies the shared one becomes its negation. Within
 * a sentence different letters stay different.
 *
 * @param sentences - formulas and the clauses of their letters; letters without a clause are shared with no other sentence
 * @returns the formulas in the letters p, q, r and on, in the order of their first mention, and the clauses of these
 * @example joinAtoms([{ formula: parseFormula('p -> q'), atoms: [{ letter: 'p', gloss: 'llueve' }, …] }, …]).formulas
 */
export function joinAtoms(sentences: readonly GlossedFormula[]): JoinedFormulas {
  const atoms: GlossedAtom[] = [];
  const formulas = sentences.map((sentence) => {
    const own = listMentions(sentence);
    const pairs = pairLetters(own.filter(isGlossed), atoms.filter(isGlossed), SAME_CLAUSE);
    const others = new Map<string, string>();
    for (const { letter, gloss } of own.filter((one) => pairs.every(({ predicted }) => predicted !== one.letter))) {
      others.set(letter, nameAtom(atoms.length));
      atoms.push({ letter: nameAtom(atoms.length), gloss });
    }
    return renameByPairs(sentence.formula, pairs, others);
  });
  return { formulas, atoms };
}

/** The letters of a formula as its sentence mentions them, then those without a clause. */
function listMentions({ formula, atoms = [] }: GlossedFormula): GlossedAtom[] {
  const used = listAtoms(formula);
  const glossed = atoms.filter(({ letter }) => used.includes(letter));
  const bare = used.filter((name) => glossed.every(({ letter }) => letter !== name));
  return [...glossed, ...bare.map((letter) => ({ letter, gloss: '' }))];
}

function isGlossed({ gloss }: GlossedAtom): boolean {
  return gloss !== '';
}
