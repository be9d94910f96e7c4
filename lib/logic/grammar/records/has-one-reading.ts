import type { Formula } from '../../formula/formula.js';
import { nameAtom } from '../constructions/build-formula.js';
import { identifyClauses } from '../constructions/identify-clauses.js';
import type { Plan, Sentence } from '../constructions/write-sentence.js';
import { readSentence } from '../reading/read-sentence.js';
import { computeValues, makeValueSpace } from '../reading/truth-values.js';
import type { Values } from '../reading/truth-values.js';

/**
 * The filter of ambiguity: the sentence, read anew, means its formula and nothing else, and that can be true or false.
 *
 * @param sentence - as it is written
 * @param plan - what its leaves say
 * @param formula - what it is meant to say
 * @param atoms - how many clauses it has
 * @returns false where it could mean something else, or a part says nothing
 */
export function hasOneReading(sentence: Sentence, plan: Plan, formula: Formula, atoms: number): boolean {
  const space = makeValueSpace(atoms);
  const letters = new Map(space.atoms.map((values, place) => [nameAtom(place), values]));
  const meant = computeValues(formula, letters, space.all);
  if (meant === 0n || meant === space.all || hasIdlePart(formula, letters, space.all)) return false;
  const read = readSentence(sentence.text, identifyClauses(sentence, plan), atoms);
  return read.length === 1 && read[0] === meant;
}

/** True where a part says nothing, as p → p does, or a clause is joined with itself. */
function hasIdlePart(formula: Formula, letters: ReadonlyMap<string, Values>, all: Values): boolean {
  if (formula.kind === 'atom') return false;
  const values = computeValues(formula, letters, all);
  if (values === 0n || values === all) return true;
  if (formula.kind === 'not') return hasIdlePart(formula.operand, letters, all);
  const { left, right } = formula;
  if (values === computeValues(left, letters, all) || values === computeValues(right, letters, all)) return true;
  return hasIdlePart(left, letters, all) || hasIdlePart(right, letters, all);
}
