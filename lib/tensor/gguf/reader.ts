import { formatSuggestion, raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { DType } from '../dtype.js';
import { bindOperator } from '../operator.js';
import { StoredFile } from '../stored-file.js';
import type { ByteSource } from '../stored-file.js';
import type { Tensor } from '../tensor.js';
import { expectSlot, wrap } from '../tensor.js';
import { parseGguf } from './format.js';
import type { GgufEntry, GgufHeader } from './format.js';
import type { GgufMetadata } from './values.js';

const dequantizeOp = bindOperator('palabra::dequantize');

/** The types that hold one number a block, and tensors hold too. */
const plainTypes: Readonly<Record<string, DType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** The values and tensors of a GGUF file, read one by one. Tensors stay valid after `close`. */
export class GgufReader {
  readonly path: string;
  readonly #file: ByteSource;
  readonly #header: GgufHeader;

  /** @internal Use {@link openGguf}. */
  constructor(file: ByteSource) {
    this.path = file.path;
    this.#file = file;
    try {
      this.#header = parseGguf(file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The version of the format, 2 or 3. */
  get version(): number {
    return this.#header.version;
  }

  /** The values by key. */
  get metadata(): GgufMetadata {
    return this.#header.metadata;
  }

  /** The names of the tensors in the order of the file. */
  get names(): string[] {
    return [...this.#header.tensors.keys()];
  }

  /** Tests if there is a tensor of that name. */
  has(name: string): boolean {
    return this.#header.tensors.has(name);
  }

  /**
   * The shape of a tensor, outermost axis first, without reading it.
   *
   * @throws CheckpointError when there is no such tensor
   */
  shape(name: string): number[] {
    return [...this.#entry(name).shape];
  }

  /**
   * How a tensor's numbers are packed, as `Q4_K`.
   *
   * @throws CheckpointError when there is no such tensor
   */
  type(name: string): string {
    return this.#entry(name).type.name;
  }

  /**
   * Reads a tensor: packed numbers become float32, others keep their type.
   *
   * @param name - one of `names`
   * @returns a tensor of its shape on the CPU; float32, float16 or bfloat16
   * @throws CheckpointError when there is no such tensor
   * @throws DisposedError after `close`
   */
  tensor(name: string): Tensor {
    const entry = this.#entry(name);
    return this.#decode(entry, entry.shape, entry.begin, entry.end);
  }

  /**
   * Reads some rows of a tensor of two or more axes.
   *
   * @param name - one of `names`
   * @param begin - the first row, from 0
   * @param end - the row after the last, at most the first size of the shape
   * @returns `[end − begin, …]` on the CPU; float32, float16 or bfloat16
   * @throws CheckpointError when there is no such tensor or not so many rows
   * @throws DisposedError after `close`
   */
  rows(name: string, begin: number, end: number): Tensor {
    const entry = this.#entry(name);
    const [rows = 0, ...rest] = entry.shape;
    const isInside = rest.length > 0 && Number.isInteger(begin) && Number.isInteger(end) && begin >= 0 && end <= rows;
    if (!isInside || begin > end) this.#refuse(`rows 0 to ${rows} of ${show(name)}`, `${begin} to ${end}`, { name });
    const stride = (entry.end - entry.begin) / Math.max(rows, 1);
    return this.#decode(entry, [end - begin, ...rest], entry.begin + begin * stride, entry.begin + end * stride);
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #decode({ type }: GgufEntry, shape: readonly number[], begin: number, end: number): Tensor {
    const bytes = this.#file.read(begin, end - begin);
    const dtype = plainTypes[type.name];
    if (dtype !== undefined) return wrap(loadAddon().fromData(bytes, [...shape], dtype));
    const outer = shape.slice(0, -1);
    const width = (shape.at(-1)! / type.elements) * type.bytes;
    const packed = wrap(loadAddon().fromData(bytes, [...outer, width], 'uint8'));
    try {
      return wrap(loadAddon().call(dequantizeOp.id, expectSlot(packed, 'openGguf'), type.name));
    } finally {
      packed.dispose();
    }
  }

  #entry(name: string): GgufEntry {
    const names = this.#header.tensors;
    const entry = names.get(name);
    if (entry !== undefined) return entry;
    return this.#refuse(`a tensor named ${show(name)}`, 'none', {
      name,
      fix: formatSuggestion(name, [...names.keys()]),
    });
  }

  #refuse(expected: string, received: string, { name, fix = '' }: { name: string; fix?: string | undefined }): never {
    raise('PAL_CHECKPOINT', { where: this.path, expected, received, fix, details: { path: this.path, name } });
  }
}

/**
 * Opens a GGUF file of version 2 or 3 and checks its start; tensors are read when they are asked for.
 *
 * @param path - the file
 * @returns a reader, to be closed
 * @throws PalabraError PAL_FILE when it cannot be read
 * @throws CheckpointError naming the place, the key or the tensor that does not fit
 * @example
 * using file = openGguf('model.gguf');
 * for (const name of file.names) console.log(name, file.type(name), file.shape(name));
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function openGguf(path: string): GgufReader {
  return new GgufReader(new StoredFile('openGguf', path));
}
