import type { OptionChecks } from '../../core/index.js';
import { checkOptions, raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { MapId } from '../../native/index.js';
import type { DType } from '../dtype.js';
import type { Tensor } from '../tensor.js';
import { wrap } from '../tensor.js';
import { SafetensorsFile } from './file.js';
import { fromFormatDType } from './format-dtype.js';
import type { FormatEntry } from './format.js';

/** Settings of {@link openSafetensors}. */
export interface SafetensorsOptions {
  /**
   * Maps the file into memory, so that a page is read when it is first used, and processes share it. Tensors may be
   * written to: the file never changes. It must not be shortened as long as a tensor lives. Default: false.
   */
  map?: boolean;
}

/** The keys of {@link SafetensorsOptions}. */
export const safetensorsKeys: OptionChecks<SafetensorsOptions> = { map: true };

/** The tensors of a safetensors file, read one by one. Tensors stay valid after `close`. */
export class SafetensorsReader {
  readonly #file: SafetensorsFile;
  #map: MapId | undefined;

  /** @internal Use {@link openSafetensors}. */
  constructor(path: string, options: SafetensorsOptions) {
    checkOptions('SafetensorsReader', options, safetensorsKeys);
    this.#file = new SafetensorsFile(path);
    if (options.map === true) this.#map = mapOpenFile(this.#file);
  }

  /** The names in the order of the header. */
  get names(): string[] {
    return [...this.#file.header.tensors.keys()];
  }

  /** The texts that were saved with the tensors. */
  get metadata(): Record<string, string> {
    return Object.fromEntries(this.#file.header.metadata);
  }

  /** Tests if there is a tensor of that name. */
  has(name: string): boolean {
    return this.#file.header.tensors.has(name);
  }

  /**
   * The shape of a tensor, without reading it.
   *
   * @throws CheckpointError when there is no such tensor
   */
  shape(name: string): number[] {
    return [...this.#file.entry(name).shape];
  }

  /**
   * The element type of a tensor, without reading it.
   *
   * @throws CheckpointError when there is no such tensor
   * @throws ArgumentError PAL_DTYPE when tensors have no such element type
   */
  dtype(name: string): DType {
    return toTensorDType(this.#file.entry(name), this.#file.path);
  }

  /**
   * Reads a tensor, on the CPU.
   *
   * @throws CheckpointError when there is no such tensor, or a boolean is neither 0 nor 1
   * @throws ArgumentError PAL_DTYPE when tensors have no such element type
   * @throws DisposedError after `close`
   */
  tensor(name: string): Tensor {
    const entry = this.#file.entry(name);
    const dtype = toTensorDType(entry, this.#file.path);
    // Booleans are read in any case: libtorch assumes that each byte is 0 or 1.
    const mapped = dtype === 'bool' ? undefined : this.#map;
    const shape = [...entry.shape];
    if (mapped !== undefined)
      return wrap(loadAddon().fromMap(mapped, this.#file.dataStart + entry.begin, shape, dtype));
    const bytes = this.#file.bytes(name);
    if (dtype === 'bool') checkBooleans(bytes, name, this.#file.path);
    return wrap(loadAddon().fromData(bytes, shape, dtype));
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    if (this.#map !== undefined) loadAddon().unmap(this.#map);
    this.#map = undefined;
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens a safetensors file and checks its header; tensors are read when they are asked for.
 *
 * @param path - the file
 * @param options - `map` maps the file into memory in place of reading it (default false)
 * @returns a reader, to be closed
 * @throws PalabraError PAL_FILE when it cannot be read
 * @throws CheckpointError when it is damaged
 * @example
 * using file = openSafetensors('model.safetensors');
 * for (const name of file.names) console.log(name, file.dtype(name), file.shape(name));
 */
export function openSafetensors(path: string, options: SafetensorsOptions = {}): SafetensorsReader {
  checkOptions('openSafetensors', options, safetensorsKeys);
  return new SafetensorsReader(path, options);
}

/**
 * Reads all tensors of a safetensors file, by name.
 *
 * @param path - the file
 * @param options - `map` maps the file into memory in place of reading it (default false)
 * @returns the tensors by name, on the CPU
 * @throws PalabraError PAL_FILE when it cannot be read
 * @throws CheckpointError when it is damaged
 */
export function loadSafetensors(path: string, options: SafetensorsOptions = {}): Record<string, Tensor> {
  checkOptions('loadSafetensors', options, safetensorsKeys);
  const reader = openSafetensors(path, options);
  const made: Tensor[] = [];
  try {
    const entries = reader.names.map((name) => {
      const tensor = reader.tensor(name);
      made.push(tensor);
      return [name, tensor] as const;
    });
    return Object.fromEntries(entries);
  } catch (error) {
    for (const tensor of made) tensor.dispose();
    throw error;
  } finally {
    reader.close();
  }
}

/** Maps the file that is open, even if its path has come to name another. */
function mapOpenFile(file: SafetensorsFile): MapId {
  try {
    return loadAddon().mapFile(`/proc/self/fd/${file.descriptor}`);
  } catch (error) {
    file.close();
    throw error;
  }
}

function toTensorDType({ name, dtype }: FormatEntry, path: string): DType {
  const known = fromFormatDType(dtype);
  if (known !== undefined) return known;
  return raise('PAL_DTYPE', {
    where: path,
    expected: `an element type of tensors for ${show(name)}`,
    received: dtype,
    details: { path, name, dtype },
  });
}

function checkBooleans(bytes: Uint8Array, name: string, path: string): void {
  const wrong = bytes.findIndex((byte) => byte > 1);
  if (wrong < 0) return;
  raise('PAL_CHECKPOINT', {
    where: path,
    expected: `booleans of 0 or 1 in ${show(name)}`,
    received: `${bytes[wrong]} at byte ${wrong}`,
    details: { path, name },
  });
}
