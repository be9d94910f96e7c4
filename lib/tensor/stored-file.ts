import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { accessFile, formatBytes, raise } from '../core/index.js';

/** One call of the system reads less than 2 GiB. */
const MAX_READ = 2 ** 30;

/** Bytes that are read by their place. */
export interface ByteSource {
  /** The name of what they are read from, for messages. */
  readonly path: string;
  /** How many there are. */
  readonly size: number;
  /** The bytes from `position` on, as many as asked for. */
  read(position: number, length: number): Uint8Array;
  close(): void;
}

/** An open file of tensors. */
export class StoredFile implements ByteSource {
  readonly path: string;
  readonly size: number;
  readonly #where: string;
  #descriptor: number | undefined;

  /**
   * Opens a file.
   *
   * @throws PalabraError PAL_FILE when it cannot be read
   * @throws CheckpointError when it is a directory or a device
   */
  constructor(where: string, path: string) {
    this.path = path;
    this.#where = where;
    const descriptor = this.#attempt(() => openSync(path, 'r'));
    try {
      this.size = getFileSize(where, descriptor, path);
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
   * The bytes from `position` on.
   *
   * @throws DisposedError after `close`
   * @throws OutOfMemoryError when they do not fit into memory
   * @throws CheckpointError when the file has become shorter
   */
  read(position: number, length: number): Uint8Array {
    const { descriptor } = this;
    const bytes = allocate(length, this.path);
    let done = 0;
    while (done < length) {
      const from = done;
      const most = Math.min(length - from, MAX_READ);
      const count = this.#attempt(() => readSync(descriptor, bytes, from, most, position + from));
      if (count === 0) throwShrunk(this.path, length, done);
      done += count;
    }
    return bytes;
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #attempt(call: () => number): number {
    return accessFile(this.#where, this.path, call);
  }
}

function getFileSize(where: string, descriptor: number, path: string): number {
  const status = accessFile(where, path, () => fstatSync(descriptor));
  if (status.isFile()) return status.size;
  return raise('PAL_CHECKPOINT', { where, expected: `${path} to be a file`, received: 'a directory or device' });
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
