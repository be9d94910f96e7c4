import { writeFileAtomic } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { DType } from '../dtype.js';
import { expectSlot } from '../tensor.js';
import type { Tensor } from '../tensor.js';
import { toFormatDType } from './format-dtype.js';
import { layOutFile } from './format.js';
import { throwUnsupportedDType } from './writer.js';

/** A tensor that is written part by part, so that it never exists as a whole. */
export interface TensorParts {
  shape: readonly number[];
  dtype: DType;
  /** Its elements in row-major order, a tensor of its dtype each, which is disposed of once it is written. */
  parts: () => Iterable<Tensor>;
}

/**
 * Writes a safetensors file of tensors that are made while it is written: after a crash at any moment the path holds the
 * old file or the new one.
 *
 * @param path - the file, which is overwritten
 * @param tensors - by name: shape, dtype and parts that make it up
 * @param metadata - texts by name
 * @returns the size of the file in bytes
 * @throws ArgumentError when the format has no such element type
 * @throws PalabraError PAL_FILE when the disk refuses
 */
export async function streamSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorParts>,
  metadata: Readonly<Record<string, string>>,
): Promise<number> {
  const described = [...tensors].map(([name, { dtype, shape }]) => {
    return { name, shape, dtype: toFormatDType(dtype) ?? throwUnsupportedDType(name, dtype) };
  });
  const { start, entries } = layOutFile(described, metadata);
  return writeFileAtomic(
    path,
    iterateBytes(
      start,
      entries.map(({ name }) => tensors.get(name)!),
    ),
  );
}

function* iterateBytes(start: Uint8Array, tensors: readonly TensorParts[]): Generator<Uint8Array> {
  yield start;
  for (const { parts } of tensors) {
    for (const part of parts()) {
      const bytes = new Uint8Array(loadAddon().toBytes(expectSlot(part, 'streamSafetensors')));
      part.dispose();
      yield bytes;
    }
  }
}
