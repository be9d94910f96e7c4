import { hashRecord } from '../../../lib/logic/data/records/hash-record.js';
import { measureComplexity } from '../../../lib/logic/formula/complexity.js';
import { parseFormula } from '../../../lib/logic/formula/parse-formula.js';
import type { LogicRecord } from '../../../lib/logic/index.js';

/** A record of a sentence, a formula and the glosses of p, q, r, … */
export function makeRecord(
  input: string,
  formula: string,
  glosses: readonly string[],
  more: Partial<LogicRecord> = {},
): LogicRecord {
  const id = hashRecord(input, parseFormula(formula));
  return {
    schemaVersion: 1,
    id,
    sourceId: id,
    input,
    formula,
    atoms: glosses.map((gloss, place) => ({ letter: 'pqrstuvw'[place]!, gloss })),
    connectors: [],
    reasoning: [],
    complexity: measureComplexity(parseFormula(formula)).level,
    domain: 'clima',
    surface: [],
    provenance: { kind: 'human', generator: 'test', version: '1', parents: [] },
    verification: { status: 'unverified', issues: [] },
    ...more,
  };
}
