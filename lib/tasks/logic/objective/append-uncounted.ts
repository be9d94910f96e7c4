import type { EncodedInstruction } from '../../instruct/encode-instruction.js';
import type { EncodedLogicRecord } from '../sequence/encode-record.js';
import { targetLabels } from '../sequence/labels.js';

/**
 * Puts a second document behind a record, of which no token counts.
 *
 * @param record - that is learned
 * @param second - read beside it
 * @param label - what the symbols of its formula are told by
 * @returns ids of both, with the place at which the second begins
 */
export function appendUncounted(
  record: EncodedLogicRecord,
  second: EncodedLogicRecord,
  label: number,
): EncodedInstruction {
  const labels = second.labels.map((one) => (one === targetLabels.formula ? label : 0));
  return {
    ids: Uint32Array.from([...record.ids, ...second.ids]),
    answers: record.answers,
    labels: Uint16Array.from([...record.labels, ...labels]),
    breaks: [record.ids.length],
  };
}
