import type { OptionChecks } from '../../core/index.js';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { accessFile, checkOptions, raise, runAtOnce } from '../../core/index.js';
import type { Turns } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';
import { HEAD_BYTES, parseTokenFileLayout } from './token-file-format.js';
import type { TokenFileFormat, TokenFileLayout } from './token-file-format.js';
import { hashTokenizer } from '../corpus/tokenizer-hash.js';
import type { TokenArray, TokenRow } from '../corpus/tokens.js';

/** Options of {@link openTokenFile}. */
export interface TokenFileOptions {
  /** For a file of ids without a header, as nanoGPT writes them: the bytes a token takes. */
  raw?: 2 | 4;
  /** The tokenizer that the ids must be from; only our own format can tell. */
  tokenizer?: Tokenizer;
  /** The token each document begins with, for formats that do not store where documents start. */
  startToken?: number;
}

/** The keys of {@link TokenFileOptions}. */
export const tokenFileKeys: OptionChecks<TokenFileOptions> = { raw: true, tokenizer: true, startToken: true };

/** Tokens read at once where all of a file is read. */
const CHUNK = 2 ** 20;
/** Document starts read at once. */
const STARTS = 2 ** 16;

/**
 * A row of token ids in a file. Only what is asked for is read, with one `pread` each: unlike a mapped file it
 * cannot end the process when another one truncates it.
 */
export class TokenFile implements TokenRow {
  readonly path: string;
  readonly format: TokenFileFormat;
  /** The number of tokens. */
  readonly length: number;
  readonly bytesPerToken: 2 | 4;
  /** Every id is smaller; undefined for formats that do not say. */
  readonly vocabSize: number | undefined;
  /** SHA-256 of the tokenizer's JSON; undefined for formats that do not say. */
  readonly tokenizerHash: string | undefined;
  readonly #layout: TokenFileLayout;
  readonly #startToken: number | undefined;
  #descriptor: number | undefined;
  #starts: Float64Array | undefined;

  /** Opens a file; {@link openTokenFile} says it better. */
  constructor(path: string, options: TokenFileOptions) {
    checkOptions('TokenFile', options, tokenFileKeys);
    const descriptor = access(path, () => openSync(path, 'r'));
    try {
      this.#layout = readLayout(path, descriptor, options);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    this.path = path;
    this.#descriptor = descriptor;
    this.#startToken = options.startToken;
    ({ format: this.format, length: this.length, bytesPerToken: this.bytesPerToken } = this.#layout);
    ({ vocabSize: this.vocabSize, tokenizerHash: this.tokenizerHash } = this.#layout);
  }

  /**
   * The start of each document; read at the first use. A file that does not tell counts as one document.
   *
   * @throws DataError when the starts do not ascend within the file
   */
  get starts(): Float64Array {
    return (this.#starts ??= this.#layout.documents ? this.#storedStarts(this.#layout.documents) : this.#foundStarts());
  }

  /**
   * Reads the ids of [start, end); an end beyond the last counts as the end.
   *
   * @throws DataError when the file has become shorter or an id is not in the vocabulary
   */
  subarray(start: number, end: number): TokenArray {
    const count = Math.max(0, Math.min(end, this.length) - start);
    const tokens = this.bytesPerToken === 2 ? new Uint16Array(count) : new Uint32Array(count);
    this.#read(new Uint8Array(tokens.buffer), this.#layout.offset + start * this.bytesPerToken);
    if (this.vocabSize !== undefined) expectIds(this.path, tokens, this.vocabSize, start);
    return tokens;
  }

  /** Reads {@link TokenFile.starts} in slices, so that they are at hand. */
  async loadStarts(turns: Turns): Promise<void> {
    const { documents } = this.#layout;
    if (documents !== undefined) this.#starts ??= await turns.run(this.#readStarts(documents));
  }

  /** The open file, for readers of the same process. */
  get descriptor(): number {
    return this.#descriptor ?? refuseClosed(this.path);
  }

  /** The first byte of the tokens. */
  get offset(): number {
    return this.#layout.offset;
  }

  /** Closes the file; a second call does nothing. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #read(into: Uint8Array, position: number): void {
    for (let done = 0; done < into.length;) {
      const from = done;
      const count = access(this.path, () => readSync(this.descriptor, into, from, into.length - from, position + from));
      if (count === 0) refuseCut(this.path, position + into.length);
      done += count;
    }
  }

  #storedStarts(documents: { offset: number; count: number }): Float64Array {
    return runAtOnce(this.#readStarts(documents));
  }

  *#readStarts({ offset, count }: { offset: number; count: number }): Generator<undefined, Float64Array> {
    const starts = new Float64Array(count);
    for (let first = 0; first < count; first += STARTS) {
      const words = new Uint32Array(2 * Math.min(STARTS, count - first));
      this.#read(new Uint8Array(words.buffer), offset + 8 * first);
      for (let i = 0; i < words.length; i += 2) {
        const start = words[i]! + words[i + 1]! * 2 ** 32;
        const at = first + i / 2;
        if (start > this.length || start < (starts[at - 1] ?? 0)) refuseStarts(this.path);
        starts[at] = start;
      }
      yield;
    }
    return starts;
  }

  #foundStarts(): Float64Array {
    const found = [0];
    for (let start = 0; this.#startToken !== undefined && start < this.length; start += CHUNK) {
      this.subarray(start, start + CHUNK).forEach((token, i) => {
        if (token === this.#startToken && start + i > 0) found.push(start + i);
      });
    }
    return Float64Array.from(found);
  }
}

/**
 * Opens a token file: our own format, llm.c's (`.bin` with a header, GPT-2 or Llama 3), or bare ids.
 *
 * @throws PalabraError PAL_FILE when it cannot be opened
 * @throws DataError when it is no token file, was cut, or is from another tokenizer
 * @example using file = openTokenFile('train.bin', { raw: 2 }); // as nanoGPT writes it
 */
export function openTokenFile(path: string, options: TokenFileOptions = {}): TokenFile {
  checkOptions('openTokenFile', options, tokenFileKeys);
  return new TokenFile(path, options);
}

function access<T>(path: string, call: () => T): T {
  return accessFile('openTokenFile', path, call);
}

function readLayout(path: string, descriptor: number, { raw, tokenizer }: TokenFileOptions): TokenFileLayout {
  const status = access(path, () => fstatSync(descriptor));
  if (!status.isFile()) refuse(path, 'a regular file', 'something else');
  const head = Buffer.alloc(Math.min(HEAD_BYTES, status.size));
  const count = access(path, () => readSync(descriptor, head, 0, head.length, 0));
  const layout = parseTokenFileLayout(path, head.subarray(0, count), status.size, raw);
  const { tokenizerHash: hash } = layout;
  if (tokenizer !== undefined && hash !== undefined && hash !== hashTokenizer(tokenizer)) {
    refuse(
      path,
      'tokens of this tokenizer',
      'those of another',
      'Prepare the text again, or use the tokenizer it was prepared with.',
    );
  }
  return layout;
}

function expectIds(path: string, tokens: TokenArray, vocabSize: number, start: number): void {
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i]! >= vocabSize) refuseToken(path, vocabSize, tokens[i]!, start + i);
  }
}

function refuseToken(path: string, vocabSize: number, token: number, at: number): never {
  refuse(path, `ids below the vocabulary size ${vocabSize}`, `${token} at token ${at}`, 'It was damaged.');
}

function refuseCut(path: string, end: number): never {
  refuse(path, `at least ${end} bytes`, 'fewer', 'The file was cut after it was opened.');
}

function refuseStarts(path: string): never {
  refuse(path, 'document starts that ascend within the file', 'others', 'It was damaged.');
}

function refuseClosed(path: string): never {
  raise('PAL_DISPOSED', { where: 'TokenFile', expected: `${path} to be open`, received: 'a closed file' });
}

function refuse(path: string, expected: string, received: string, fix?: string): never {
  raise('PAL_DATA', { where: 'openTokenFile', expected: `${expected} in ${path}`, received, fix, details: { path } });
}
