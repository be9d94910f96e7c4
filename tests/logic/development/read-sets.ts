import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Formula, GlossedFormula, LogicRecord } from '../../../lib/logic/index.js';
import { parseFormula } from '../../../lib/logic/index.js';
import { readSentence } from '../../../lib/logic/grammar/reading/read-sentence.js';
import { computeValues, makeValueSpace } from '../../../lib/logic/grammar/reading/truth-values.js';
import { readMarked } from './read-marked.js';

/** A record written by hand, with its sentence in the marks of {@link readMarked}. */
export interface HandRecord extends LogicRecord {
  marked: string;
}

/** Reads a file of tests/fixtures/logic. */
export function readSet(name: string): HandRecord[] {
  const text = readFileSync(join('tests/fixtures/logic', name), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as HandRecord);
}

/** The formula of a record and its clauses. */
export function glossed({ formula, atoms }: HandRecord): GlossedFormula & { formula: Formula } {
  return { formula: parseFormula(formula), atoms };
}

/** What the grammar's reader makes of the sentence, and what its formula says, as truth values. */
export function readAgain({ marked, input, atoms, formula }: HandRecord): { read: readonly bigint[]; meant: bigint } {
  const { atoms: values, all } = makeValueSpace(atoms.length);
  const letters = new Map(atoms.map(({ letter }, place) => [letter, values[place]!]));
  return {
    read: readSentence(input, readMarked(marked).clauses, atoms.length),
    meant: computeValues(parseFormula(formula), letters, all),
  };
}
