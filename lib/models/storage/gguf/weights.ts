import type { RowsPart } from '../../../nn/index.js';
import type { GgufReader, Tensor } from '../../../tensor/index.js';
import type { GgufTensorRule } from './convention.js';

/** The numbers that are unpacked at once. */
const CHUNK_NUMBERS = 2 ** 18;

/**
 * Reads a tensor some rows at a time, in the order that Hugging Face has them in, so that no more than a part of it is
 * held twice.
 * @param file - the open file
 * @param rule - of the tensor, whose shape the file has
 * @returns its parts in the order of their rows
 */
export function listRows(file: GgufReader, { name, shape, rotaryHeads }: GgufTensorRule): RowsPart[] {
  const [rows = 1, ...rest] = shape;
  if (rest.length === 0) return [{ begin: 0, read: () => separateHalves(file.tensor(name), rotaryHeads ?? 0) }];
  const unit = rotaryHeads === undefined ? 1 : rows / rotaryHeads;
  const width = rest.reduce((product, size) => product * size, 1);
  const step = unit * Math.max(1, Math.floor(CHUNK_NUMBERS / (width * unit)));
  return Array.from({ length: Math.ceil(rows / step) }, (_, i): RowsPart => {
    const [begin, end] = [i * step, Math.min((i + 1) * step, rows)];
    const heads = rotaryHeads === undefined ? 0 : (end - begin) / unit;
    return { begin, read: () => separateHalves(file.rows(name, begin, end), heads) };
  });
}

/**
 * Puts the rows of each head from pairs, (0, D/2, 1, D/2 + 1, …), into halves, (0, 1, …, D − 1): in a file the two
 * numbers that are rotated together are neighbours, in a folder of Hugging Face they are D/2 apart.
 * @param rows - `[H · D, …]`
 * @param heads - H; 0 leaves the rows as they are
 * @returns `[H · D, …]`
 */
export function separateHalves(rows: Tensor, heads: number): Tensor {
  if (heads === 0) return rows;
  const [count = 0, ...rest] = rows.shape;
  const pairs = rows.reshape([heads, count / heads / 2, 2, ...rest]); // [H, D/2, 2, …]
  return pairs.transpose(1, 2).reshape(rows.shape); // [H, 2, D/2, …] as [H · D, …]
}
