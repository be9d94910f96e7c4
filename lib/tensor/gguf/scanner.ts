import { TextDecoder } from 'node:util';
import { raise } from '../../core/index.js';
import type { ByteSource } from '../stored-file.js';

/** What is read at once of a file. */
const WINDOW_BYTES = 2 ** 18;
/** The longest text: more than any chat template has. */
const MAX_TEXT_BYTES = 2 ** 24;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads little-endian numbers and texts one after another, never past the end. */
export class GgufScanner {
  /** The place of the next byte in the file. */
  position = 0;
  /** What is being read, for messages. */
  subject = 'the header';
  readonly #source: ByteSource;
  #window: DataView = new DataView(new ArrayBuffer(0));
  #start = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get remaining(): number {
    return this.#source.size - this.position;
  }

  readUint32(): number {
    return this.readNumber(4, (view, at) => view.getUint32(at, true));
  }

  /** An integer of 64 bits. @throws CheckpointError from 2^53 on */
  readSize(what: string): number {
    const value = this.readNumber(8, (view, at) => view.getBigUint64(at, true));
    return value < 2n ** 53n ? Number(value) : this.refuse(`${what} below 2^53`, String(value));
  }

  /** A count of things of at least `leastBytes` each. @throws CheckpointError for more than there is room for, or `most` */
  readCount(what: string, leastBytes: number, most: number): number {
    const count = this.readSize(what);
    const room = Math.min(most, Math.floor(this.remaining / leastBytes));
    return count <= room ? count : this.refuse(`${what} of at most ${room}`, String(count));
  }

  /** A text behind its length. @throws CheckpointError for one that is too long or no UTF-8 */
  readText(what: string): string {
    const length = this.readCount(`the length of ${what}`, 1, MAX_TEXT_BYTES);
    try {
      return decoder.decode(this.readBytes(length));
    } catch {
      return this.refuse(`${what} in UTF-8`, 'bytes that are not');
    }
  }

  /** The next bytes, which the next call may overwrite. */
  readBytes(length: number): Uint8Array {
    const at = this.#take(length);
    return new Uint8Array(this.#window.buffer, this.#window.byteOffset + at, length);
  }

  /** One number by a method of DataView. */
  readNumber<T>(bytes: number, read: (view: DataView, at: number) => T): T {
    const at = this.#take(bytes);
    return read(this.#window, at);
  }

  /** Reports what was read last. @throws CheckpointError always */
  refuse(expected: string, received: string): never {
    const { path } = this.#source;
    raise('PAL_CHECKPOINT', {
      where: `${path}, ${this.subject}, before byte ${this.position}`,
      expected,
      received,
      fix: 'The file is damaged, or no GGUF that is read here.',
      details: { path, offset: this.position, subject: this.subject },
    });
  }

  /** Makes the next bytes lie in the window; returns their place in it. */
  #take(length: number): number {
    if (length > this.remaining) this.refuse(`${length} more bytes`, `${this.remaining}, the end of the file`);
    const at = this.position - this.#start;
    this.position += length;
    if (at + length <= this.#window.byteLength) return at;
    this.#start += at;
    const { buffer, byteOffset, byteLength } = this.#source.read(
      this.#start,
      Math.min(Math.max(length, WINDOW_BYTES), this.#source.size - this.#start),
    );
    this.#window = new DataView(buffer, byteOffset, byteLength);
    return 0;
  }
}
