import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Span } from './split.js';

/** Tokens gathered before they are written. */
const CHUNK = 2 ** 18;

/** Appends documents to a file of bare ids, four bytes each, and returns where they stand. */
export async function spoolDocuments(path: string, documents: AsyncIterable<Uint32Array>, from = 0): Promise<Span[]> {
  const spans: Span[] = [];
  let end = from;
  await using file = await open(path, from === 0 ? 'wx' : 'a');
  const writer = new ChunkWriter(file);
  for await (const ids of documents) {
    spans.push({ start: end, end: (end += ids.length) });
    await writer.write(ids);
  }
  await writer.flush();
  return spans;
}

/** Gathers small pieces into large writes. */
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
