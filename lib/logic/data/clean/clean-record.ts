import { measureComplexity } from '../../formula/complexity.js';
import type { Formula } from '../../formula/formula.js';
import { printFormula } from '../../formula/print-formula.js';
import { readGloss } from '../../metrics/glosses.js';
import { equivalent, isContradiction, isTautology } from '../../semantics/equivalence.js';
import { hashRecord } from '../records/hash-record.js';
import type { LogicRecord } from '../records/record.js';
import { tryParse } from '../records/try-parse.js';
import { assignLetters } from './assign-letters.js';
import type { CleaningReason } from './cleaning-reason.js';
import { prepareInput } from './normalize-input.js';

/** Characters of an input. */
const [LEAST, MOST] = [8, 600];

/** What was noticed and let pass. */
export type RecordWarning = 'unused-atom' | 'negated-gloss' | 'reasoning-dropped' | 'ascii-only';

/** A record in order, and what was noticed. */
export interface CleanedRecord {
  record: LogicRecord;
  warnings: RecordWarning[];
}

/**
 * Puts one record in order: a tidy input, the formula in canonical Unicode and in ASCII, exactly its own atoms under the
 * letters of their order, the complexity and the id computed.
 *
 * @param record - as it was read
 * @param keepNonContingent - true keeps formulas that are always true or never; so does a field `nonContingent: true`
 * @returns the record, or the reason for which it is refused
 */
export function cleanRecord(record: LogicRecord, keepNonContingent: boolean): CleanedRecord | CleaningReason {
  const input = prepareInput(record.input);
  if (input.length < LEAST || input.length > MOST) return 'input-length';
  const [own, ascii] = [tryParse(record.formula), tryParse(record.formulaAscii)];
  const written = own ?? ascii;
  if (written === undefined) return 'syntax';
  if (own !== undefined && ascii !== undefined && equivalent(own, ascii) !== true) return 'form-mismatch';
  const lettering = assignLetters({ ...record, input }, written);
  if (typeof lettering === 'string') return lettering;
  const { formula, atoms, renamed, unused } = lettering;
  if (!keepNonContingent && (record as { nonContingent?: unknown }).nonContingent !== true) {
    if (isTautology(formula) === true) return 'tautology';
    if (isContradiction(formula) === true) return 'contradiction';
  }
  const dropsReasoning = renamed && record.reasoning.length > 0;
  return {
    record: rebuild(record, input, formula, { atoms, reasoning: dropsReasoning ? [] : record.reasoning }),
    warnings: [
      ...(unused > 0 ? (['unused-atom'] as const) : []),
      ...(own === undefined ? (['ascii-only'] as const) : []),
      ...(atoms.some(({ gloss }) => readGloss(gloss).negative) ? (['negated-gloss'] as const) : []),
      ...(dropsReasoning ? (['reasoning-dropped'] as const) : []),
    ],
  };
}

function rebuild(
  record: LogicRecord,
  input: string,
  formula: Formula,
  parts: Pick<LogicRecord, 'atoms' | 'reasoning'>,
): LogicRecord {
  const complexity = measureComplexity(formula).level;
  const declared = record.declaredComplexity ?? (record.complexity === complexity ? undefined : record.complexity);
  const id = hashRecord(input, formula);
  return {
    ...record,
    id,
    sourceId: record.sourceId === record.id ? id : record.sourceId,
    input,
    formula: printFormula(formula),
    formulaAscii: printFormula(formula, 'ascii'),
    ...parts,
    connectors: input === record.input ? record.connectors : record.connectors.map(omitSpan),
    complexity,
    ...(declared === undefined ? {} : { declaredComplexity: declared }),
  };
}

function omitSpan({ symbol, cue }: LogicRecord['connectors'][number]): LogicRecord['connectors'][number] {
  return { symbol, cue };
}
