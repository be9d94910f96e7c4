import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Span } from './split.js';

/** Tokens gathered before they are written. */
const CHUNK = 2 ** 18;

/** Documents in a file of bare ids, four bytes each, one text after another. */
export class TokenSpill {
  readonly path: string;
  #length = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** The ids so far. */
  get length(): number {
    return this.#length;
  }

  /** Appends documents and returns their spans. */
  async append(documents: AsyncIterable<Uint32Array>): Promise<Span[]> {
    const spans: Span[] = [];
    await using file = await open(this.path, 'a');
    const writer = new ChunkWriter(file);
    for await (const ids of documents) {
      spans.push({ start: this.#length, end: (this.#length += ids.length) });
      await writer.write(ids);
    }
    await writer.flush();
    return spans;
  }
}

/** Gathers small sequences into large writes. */
class ChunkWriter {
  readonly #file: FileHandle;
  #held: Uint32Array[] = [];
  #count = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(ids: Uint32Array): Promise<void> {
    this.#held.push(ids);
    this.#count += ids.length;
    if (this.#count >= CHUNK) await this.flush();
  }

  async flush(): Promise<void> {
    const views = this.#held.map((ids) => new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
    [this.#held, this.#count] = [[], 0];
    await this.#file.appendFile(Buffer.concat(views));
  }
}
