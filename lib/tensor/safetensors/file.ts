import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { formatSuggestion, throwFileError, formatBytes, raise, show } from '../../core/index.js';
import { LENGTH_BYTES, readHeaderLength, parseHeader } from './format.js';
import type { FormatEntry, FormatHeader } from './format.js';

/** One call of the system reads less than 2 GiB. */
const MAX_READ = 2 ** 30;

/** An open file whose header has been checked; tensors are read one by one, as bytes. */
export class SafetensorsFile {
  readonly path: string;
  readonly header: FormatHeader;
  /** The offset of the data in the file. */
  readonly dataStart: number;
  #descriptor: number | undefined;

  /**
   * Opens a file and checks all of its header.
   *
   * @throws PalabraError PAL_FILE when it cannot be read
   * @throws CheckpointError when it is damaged
   */
  constructor(path: string) {
    this.path = path;
    const descriptor = openForReading(path);
    try {
      const fileBytes = getFileSize(descriptor, path);
      const prefix = readAt(descriptor, 0, Math.min(LENGTH_BYTES, fileBytes), path);
      const length = readHeaderLength(prefix, fileBytes, path);
      this.dataStart = LENGTH_BYTES + length;
      this.header = parseHeader(readAt(descriptor, LENGTH_BYTES, length, path), fileBytes - this.dataStart, path);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    this.#descriptor = descriptor;
  }

  /**
   * The number of the open file.
   *
   * @throws DisposedError after `close`
   */
  get descriptor(): number {
    if (this.#descriptor !== undefined) return this.#descriptor;
    return raise('PAL_DISPOSED', { where: this.path, expected: 'an open file', received: 'a closed one' });
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
    return readAt(this.descriptor, this.dataStart + begin, end - begin, this.path);
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    return throwFileError('openSafetensors', path, error);
  }
}

function getFileSize(descriptor: number, path: string): number {
  const status = fstatSync(descriptor);
  if (status.isFile()) return status.size;
  return raise('PAL_CHECKPOINT', {
    where: 'openSafetensors',
    expected: `${path} to be a file`,
    received: 'a directory or device',
  });
}

function readAt(descriptor: number, position: number, length: number, path: string): Uint8Array {
  const bytes = allocate(length, path);
  let done = 0;
  while (done < length) {
    const count = readOnce(descriptor, bytes, done, position + done, path);
    if (count === 0) throwShrunk(path, length, done);
    done += count;
  }
  return bytes;
}

function readOnce(descriptor: number, bytes: Uint8Array, offset: number, position: number, path: string): number {
  try {
    return readSync(descriptor, bytes, offset, Math.min(bytes.length - offset, MAX_READ), position);
  } catch (error) {
    return throwFileError('openSafetensors', path, error);
  }
}

function allocate(length: number, path: string): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    const expected = `memory for ${formatBytes(length)}`;
    return raise('PAL_OUT_OF_MEMORY', { where: path, expected, received: 'none', details: { bytes: length }, cause });
  }
}

function throwShrunk(path: string, expected: number, received: number): never {
  raise('PAL_CHECKPOINT', {
    where: path,
    expected: `${expected} bytes`,
    received: `${received}: the file was shortened while it was read`,
    details: { path },
  });
}
