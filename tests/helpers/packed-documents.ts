import { PackedDataset } from '../../lib/data/index.js';
import type { TokenBatch } from '../../lib/data/index.js';

/** Three documents of ids below 16; the last token of each is a target only. */
export const documents = [
  [3, 1, 4, 1, 5, 9, 2],
  [6, 5, 3, 5],
  [8, 9, 7, 9, 3, 2],
] as const;

/**
 * The documents in rows of 12: first of 6 and 5 inputs, then of 3, each row ending in padding. Row 0 holds documents
 * 0 and 2, row 1 document 1; `documents` and `positions` are set.
 */
export function packedDocuments(): TokenBatch {
  const starts = documents.map((_, i) => documents.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  const dataset = new PackedDataset({ tokens: Uint16Array.from(documents.flat()), starts }, { length: 12 });
  return dataset.batches({ batchSize: dataset.size, order: 'sequential' }).next().value!;
}
