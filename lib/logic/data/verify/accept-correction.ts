import { listAtoms } from '../../formula/atoms.js';
import { measureComplexity } from '../../formula/complexity.js';
import { printFormula } from '../../formula/print-formula.js';
import { parseFormula } from '../../formula/parse-formula.js';
import { equivalent, isContingent } from '../../semantics/equivalence.js';
import { hashRecord } from '../records/hash-record.js';
import type { LogicRecord, RecordAtom } from '../records/record.js';
import { tryParse } from '../records/try-parse.js';
import type { VerificationVerdict } from './verifier.js';

/**
 * The record that a verdict makes of another one. A correction counts only if it parses, uses declared atoms or brings
 * glosses for new ones, can be true and false, and is sure enough; one that is equivalent confirms.
 *
 * @param record - the one that was judged
 * @param verdict - what was said of it
 * @param minConfidence - of a correction
 * @param autoCorrect - false refuses every correction
 * @returns the record with the status `confirmed`, `corrected` or `rejected`
 */
export function acceptVerdict(
  record: LogicRecord,
  verdict: VerificationVerdict,
  minConfidence: number,
  autoCorrect: boolean,
): LogicRecord {
  const { isCorrect, confidence, issues, model } = verdict;
  const mark = (status: 'confirmed' | 'corrected' | 'rejected', more: readonly string[] = []): LogicRecord => {
    const verification = { ...record.verification, status, confidence, issues: [...issues, ...more], model };
    return { ...record, verification };
  };
  if (isCorrect) return mark('confirmed');
  const written = tryParse(verdict.correctedFormula);
  if (written === undefined)
    return mark('rejected', verdict.correctedFormula === undefined ? [] : ['correction: no formula']);
  if (equivalent(written, parseFormula(record.formula)) === true) return mark('confirmed');
  const atoms = joinAtoms(record.atoms, verdict.correctedAtoms ?? []);
  const used = listAtoms(written);
  if (used.some((letter) => !atoms.some((atom) => atom.letter === letter)))
    return mark('rejected', ['correction: undeclared atom']);
  if (isContingent(written) !== true) return mark('rejected', ['correction: not contingent']);
  if (!autoCorrect || confidence < minConfidence) return mark('rejected', ['correction: not sure enough']);
  const corrected = mark('corrected');
  const id = hashRecord(record.input, written);
  return {
    ...corrected,
    id,
    sourceId: record.sourceId === record.id ? id : record.sourceId,
    formula: printFormula(written),
    formulaAscii: printFormula(written, 'ascii'),
    atoms: atoms.filter(({ letter }) => used.includes(letter)),
    connectors: record.connectors.filter(({ symbol }) => printFormula(written).includes(symbol)),
    reasoning: [],
    complexity: measureComplexity(written).level,
    verification: { ...corrected.verification, previousFormula: record.formula },
  };
}

function joinAtoms(declared: readonly RecordAtom[], added: readonly RecordAtom[]): RecordAtom[] {
  return [...declared, ...added.filter(({ letter }) => !declared.some((atom) => atom.letter === letter))];
}
