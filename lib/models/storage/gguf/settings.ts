import { raise, show } from '../../../core/index.js';
import type { GgufMetadata } from '../../../tensor/index.js';

/** Sizes beyond this are no model's. */
const MOST = 2 ** 31;

/**
 * A size of a model.
 * @param metadata - the values of a file
 * @param key - of the value
 * @returns a whole number from 1, or undefined where the file has no such key
 * @throws CheckpointError when the value is something else
 */
export function readSize(metadata: GgufMetadata, key: string): number | undefined {
  const value = metadata.number(key);
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value < MOST)) return value;
  return refuse(metadata, `a whole number from 1 at the key ${show(key)}`, value);
}

/**
 * A positive number that was stored in float32, as it was most likely written: the shortest that rounds to it.
 * @param metadata - the values of a file
 * @param key - of the value
 * @returns the number, or undefined where the file has no such key
 * @throws CheckpointError when the value is no positive number
 */
export function readFloat(metadata: GgufMetadata, key: string): number | undefined {
  const value = metadata.number(key);
  if (value === undefined) return undefined;
  if (value <= 0) refuse(metadata, `a number above 0 at the key ${show(key)}`, value);
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((count) => Number(value.toPrecision(count)));
  return digits.find((short) => Math.fround(short) === value) ?? value;
}

function refuse({ path }: GgufMetadata, expected: string, received: unknown): never {
  raise('PAL_CHECKPOINT', { where: path, expected, received: show(received), details: { path } });
}
