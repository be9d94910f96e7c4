import { open } from 'node:fs/promises';
import { NumberList } from './number-list.js';
import type { EncodedBatch } from './encode-documents.js';
import type { SpanList } from './spans.js';

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

  /** Appends documents and returns their spans, and where held-out parts begin. */
  async append(documents: AsyncIterable<EncodedBatch>): Promise<SpanList & { cuts: number[] }> {
    const cuts: number[] = [];
    const starts = new NumberList();
    const ends = new NumberList();
    await using file = await open(this.path, 'a');
    for await (const { ids, starts: within, cuts: marked } of documents) {
      for (const cut of marked) cuts.push(this.#length + cut);
      for (const start of within) {
        if (starts.length > 0) ends.push(this.#length + start);
        starts.push(this.#length + start);
      }
      this.#length += ids.length;
      if (ids.length > 0) await file.appendFile(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
    }
    if (starts.length > 0) ends.push(this.#length);
    return { starts: starts.view(), ends: ends.view(), cuts };
  }
}
