import { formatSuggestion, raise, show } from '../../core/index.js';
import { StoredFile } from '../stored-file.js';
import { LENGTH_BYTES, readHeaderLength, parseHeader } from './format.js';
import type { FormatEntry, FormatHeader } from './format.js';

/** An open file whose header has been checked; tensors are read one by one, as bytes. */
export class SafetensorsFile {
  readonly path: string;
  readonly header: FormatHeader;
  /** The offset of the data in the file. */
  readonly dataStart: number;
  readonly #file: StoredFile;

  /**
   * Opens a file and checks all of its header.
   *
   * @throws PalabraError PAL_FILE when it cannot be read
   * @throws CheckpointError when it is damaged
   */
  constructor(path: string) {
    this.path = path;
    this.#file = new StoredFile('openSafetensors', path);
    try {
      const { size } = this.#file;
      const length = readHeaderLength(this.#file.read(0, Math.min(LENGTH_BYTES, size)), size, path);
      this.dataStart = LENGTH_BYTES + length;
      this.header = parseHeader(this.#file.read(LENGTH_BYTES, length), size - this.dataStart, path);
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /**
   * The number of the open file.
   *
   * @throws DisposedError after `close`
   */
  get descriptor(): number {
    return this.#file.descriptor;
  }

  /**
   * Returns the entry of a tensor in the header.
   *
   * @throws CheckpointError when there is no such tensor
   */
  entry(name: string): FormatEntry {
    const entry = this.header.tensors.get(name);
    if (entry) return entry;
    return raise('PAL_CHECKPOINT', {
      where: this.path,
      expected: `a tensor named ${show(name)}`,
      received: 'none',
      fix: formatSuggestion(name, [...this.header.tensors.keys()]),
      details: { path: this.path, name },
    });
  }

  /**
   * The bytes of a tensor.
   *
   * @throws DisposedError after `close`
   * @throws OutOfMemoryError when they do not fit into memory
   */
  bytes(name: string): Uint8Array {
    const { begin, end } = this.entry(name);
    return this.#file.read(this.dataStart + begin, end - begin);
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    this.#file.close();
  }
}
