import type { EncodedInstruction } from '../../instruct/encode-instruction.js';
import { encodeLogicRecord } from '../sequence/encode-record.js';
import type { LogicExample } from '../sequence/encode-record.js';
import { targetLabels } from '../sequence/labels.js';
import type { LogicVocabulary } from '../sequence/vocabulary.js';
import { appendUncounted } from './append-uncounted.js';

/**
 * Writes a record as two documents: without its reasoning, which is learned, and behind it with the reasoning, of which no
 * token counts: there a teacher tells what it thinks of the formula.
 *
 * @param record - the sentence, its formula and its reasoning
 * @param vocabulary - of both models
 * @returns ids of both, with the place at which the second begins
 */
export function encodeTaught(record: LogicExample, vocabulary: LogicVocabulary): EncodedInstruction {
  const own = encodeLogicRecord(record, vocabulary, { mode: 'noThought' });
  const full = encodeLogicRecord(record, vocabulary, { mode: 'full' });
  return appendUncounted(own, full, targetLabels.taught);
}
