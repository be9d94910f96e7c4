import type { Random } from '../../../core/index.js';
import { changeMeaning, parseFormula, printFormula } from '../../../logic/index.js';
import type { EncodedInstruction } from '../../instruct/encode-instruction.js';
import { encodeLogicRecord } from '../sequence/encode-record.js';
import type { EncodeLogicOptions, LogicExample } from '../sequence/encode-record.js';
import { targetLabels } from '../sequence/labels.js';
import type { LogicVocabulary } from '../sequence/vocabulary.js';
import { appendUncounted } from './append-uncounted.js';

/**
 * Writes a record as two documents: with its formula, which is learned, and behind it the same with a formula that is
 * wrong by one edit, of which no token counts.
 *
 * @param record - the sentence and its formula
 * @param vocabulary - of the model
 * @param random - draws the edit
 * @param options - the mode
 * @returns ids of both, with the place at which the second begins
 */
export function encodeContrast(
  record: LogicExample,
  vocabulary: LogicVocabulary,
  random: Random,
  options: EncodeLogicOptions = {},
): EncodedInstruction {
  const formula = printFormula(changeMeaning(parseFormula(record.formula), random));
  const right = encodeLogicRecord(record, vocabulary, options);
  const wrong = encodeLogicRecord({ ...record, formula }, vocabulary, options);
  return appendUncounted(right, wrong, targetLabels.wrong);
}
