import type { OptionChecks } from '../../core/index.js';
import { checkOptions, raise, show, writeFileAtomic } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Tensor } from '../tensor.js';
import { expectSlot } from '../tensor.js';
import { toFormatDType } from './format-dtype.js';
import { layOutFile } from './format.js';
import type { FormatTensor } from './format.js';

/** Settings of {@link saveSafetensors}. */
export interface SaveSafetensorsOptions {
  /** Texts by name, e.g. `{ format: 'pt' }`, which some Python readers ask for. */
  metadata?: Readonly<Record<string, string>>;
}

/** The keys of {@link SaveSafetensorsOptions}. */
export const saveSafetensorsKeys: OptionChecks<SaveSafetensorsOptions> = { metadata: true };

interface Snapshot extends FormatTensor {
  bytes: Uint8Array;
}

/**
 * Writes tensors to a safetensors file: after a crash at any moment the path holds the old file or the
 * new one. The values are those at the time of the call, whatever happens to the tensors afterwards.
 *
 * @param path - the file, which is overwritten
 * @param tensors - by name: any shape, any dtype but complex128, any device
 * @param options - `metadata`, texts by name (default: none)
 * @returns the size of the file in bytes
 * @throws ArgumentError when a name is reserved or the format has no such element type
 * @throws PalabraError PAL_FILE when the disk refuses
 * @example await saveSafetensors('model.safetensors', model.stateDict(), { metadata: { format: 'pt' } });
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  options: SaveSafetensorsOptions = {},
): Promise<number> {
  checkOptions('saveSafetensors', options, saveSafetensorsKeys);
  const snapshots = new Map(Object.entries(tensors).map(([name, tensor]) => [name, takeSnapshot(name, tensor)]));
  const { start, entries } = layOutFile([...snapshots.values()].map(describe), options.metadata ?? {});
  return writeFileAtomic(path, [start, ...entries.map(({ name }) => snapshots.get(name)!.bytes)]);
}

function takeSnapshot(name: string, tensor: Tensor): Snapshot {
  const slot = expectSlot(tensor, 'saveSafetensors');
  const dtype = toFormatDType(loadAddon().dtype(slot)) ?? throwUnsupportedDType(name, loadAddon().dtype(slot));
  return { name, dtype, shape: loadAddon().shape(slot), bytes: new Uint8Array(loadAddon().toBytes(slot)) };
}

function describe({ name, dtype, shape }: Snapshot): FormatTensor {
  return { name, dtype, shape };
}

/**
 * Reports an element type that the format does not have.
 * @param name - of the tensor
 * @param dtype - its element type
 * @throws ArgumentError PAL_DTYPE always
 */
export function throwUnsupportedDType(name: string, dtype: string): never {
  raise('PAL_DTYPE', {
    where: 'saveSafetensors',
    expected: `an element type of the format for ${show(name)}`,
    received: dtype,
    fix: 'Save its real and imaginary part as two tensors.',
  });
}
