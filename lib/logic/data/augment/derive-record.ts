import type { Formula } from '../../formula/formula.js';
import { measureComplexity } from '../../formula/complexity.js';
import { printFormula } from '../../formula/print-formula.js';
import { GRAMMAR_VERSION } from '../../grammar/records/grammar-version.js';
import { hashRecord } from '../records/hash-record.js';
import type { LogicRecord } from '../records/record.js';

/** What a record that is made of others has of its own. */
export interface DerivedParts extends Pick<LogicRecord, 'input' | 'atoms' | 'connectors' | 'reasoning' | 'surface'> {
  formula: Formula;
  transform: string;
}

/**
 * Makes a record of another one, or of two.
 *
 * @param parents - the first one's source and domain are the new one's
 * @param parts - what is new
 * @returns a record whose name, level and forms are computed; nobody has verified it
 */
export function deriveRecord(parents: readonly [LogicRecord, ...LogicRecord[]], parts: DerivedParts): LogicRecord {
  const { formula, transform, ...others } = parts;
  const [first] = parents;
  return {
    schemaVersion: 1,
    id: hashRecord(others.input, formula),
    sourceId: first.sourceId,
    ...others,
    formula: printFormula(formula),
    formulaAscii: printFormula(formula, 'ascii'),
    complexity: measureComplexity(formula).level,
    domain: first.domain,
    provenance: {
      ...{ kind: 'augmented', generator: 'palabra', version: GRAMMAR_VERSION },
      parents: parents.map(({ id }) => id),
      transform,
    },
    verification: { status: 'unverified', issues: [] },
  };
}

/**
 * A sentence as it goes on behind other words: its first letter is small but for a name, which its clauses have too.
 *
 * @param sentence - with capital
 * @param glosses - of its clauses
 * @returns the sentence without capital
 */
export function lowerStart(sentence: string, glosses: readonly string[]): string {
  const [word = ''] = /^[\p{L}\p{N}]+/u.exec(sentence) ?? [];
  const isName = glosses.some((gloss) => gloss.match(/[\p{L}\p{N}]+/gu)?.includes(word) === true);
  return isName ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
