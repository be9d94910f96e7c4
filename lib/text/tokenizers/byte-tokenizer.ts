import { expectTokenId, expectWellFormed } from './tokenizer.js';
import type { Tokenizer, TokenizerJSON } from './tokenizer.js';

/** The 256 bytes of UTF-8 as tokens: needs no training and expresses every text. */
export class ByteTokenizer implements Tokenizer {
  readonly type = 'byte';
  readonly size = 256;
  readonly wordLocal = true;

  encode(text: string): Uint32Array {
    expectWellFormed('ByteTokenizer.encode', text);
    return Uint32Array.from(new TextEncoder().encode(text));
  }

  decode(ids: Iterable<number>): string {
    const bytes = Uint8Array.from(ids, (id) => expectTokenId('ByteTokenizer.decode', id, this.size));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  }

  tokenBytes(id: number): Uint8Array {
    return Uint8Array.of(expectTokenId('ByteTokenizer.tokenBytes', id, this.size));
  }

  toJSON(): TokenizerJSON {
    return { type: this.type, version: 1 };
  }
}
