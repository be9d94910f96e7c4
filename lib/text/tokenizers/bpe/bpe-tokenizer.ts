import { checkOptions } from '../../../core/index.js';
import { openTextAddon } from '../../../native/text.js';
import type { EncodedTexts, NativeBpe } from '../../../native/text.js';
import { createTokenFinder } from '../added-tokens.js';
import type { TokenFinder } from '../added-tokens.js';
import { appendDocument, createNativeBpe, runJob } from './bpe-engine.js';
import { bpeTrainKeys, trainBpe } from './bpe-training.js';
import type { BpeTrainOptions } from './bpe-training.js';
import { decodeTokens, listForms } from './bpe-vocabulary.js';
import { cutPieces } from './pieces.js';
import { decodeToken, findPlaces } from './token-decoding.js';
import type { BpeVocabulary } from './bpe-vocabulary.js';
import { writeBpe } from '../../hugging-face/write-bpe.js';
import { normalize } from '../normalizers/normalizer.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { isWithinLines, normalizeSlices } from '../normalizers/slices.js';
import type { TokenPlace } from '../token-place.js';
import { TokenTable } from '../token-table.js';
import { expectWellFormed } from '../tokenizer.js';
import type { TextSource, TokenTemplate, Tokenizer, TokenizerJSON } from '../tokenizer.js';

/**
 * Byte-pair encoding: frequent runs of bytes or characters are one token.
 *
 * Special tokens have ids (`specialTokens`) but no text is ever encoded as one.
 *
 * @example
 * const tokenizer = await BpeTokenizer.train('the cat and the hat', { vocabSize: 260 });
 * tokenizer.decode(tokenizer.encode('the bat')); // 'the bat'
 * @see Sennrich, Haddow and Birch 2016, https://arxiv.org/abs/1508.07909
 */
export class BpeTokenizer implements Tokenizer {
  readonly type = 'bpe';
  readonly size: number;
  readonly specialTokens: Readonly<Record<string, number>>;
  readonly template: TokenTemplate | undefined;
  readonly leadingSpace: boolean;
  readonly places: Tokenizer['places'];
  readonly #forms: readonly string[];
  readonly #vocabulary: BpeVocabulary;
  readonly #table: TokenTable;
  /** The fields of a file beside the vocabulary, written back with it. */
  readonly #extra: TokenizerJSON;
  readonly #verbatim: TokenFinder | undefined;
  readonly #normalized: TokenFinder | undefined;
  #native: NativeBpe | undefined;

  /**
   * Makes a tokenizer of a known vocabulary; `BpeTokenizer.train`, `loadTokenizer` and `loadGpt2Tokenizer` make one.
   *
   * @param vocabulary - checked by whoever read it
   * @param extra - fields of a `tokenizer.json` that are kept as they are
   * @param template - special tokens around a text, as those fields say
   */
  constructor(vocabulary: BpeVocabulary, extra: TokenizerJSON = {}, template?: TokenTemplate) {
    this.template = template;
    this.#vocabulary = vocabulary;
    this.#extra = extra;
    this.#verbatim = createTokenFinder(vocabulary.addedTokens);
    this.#normalized = createTokenFinder(vocabulary.normalizedTokens);
    this.size = vocabulary.tokens.length;
    this.specialTokens = vocabulary.specialTokens;
    this.places = findPlaces(vocabulary.decoding);
    this.leadingSpace = vocabulary.decoding.leadingSpace || this.places?.first === true;
    this.#forms = listForms(vocabulary);
    this.#table = new TokenTable('BpeTokenizer', decodeTokens(this.#forms, vocabulary.decoding));
  }

  /**
   * Learns a vocabulary from a text, off this thread. The same text and options give the same vocabulary: of equally
   * frequent pairs, that with the smallest ids is merged first.
   *
   * @throws ArgumentError when an option does not fit or the text is empty
   */
  static async train(source: TextSource, options: BpeTrainOptions = {}): Promise<BpeTokenizer> {
    checkOptions('BpeTokenizer.train', options, bpeTrainKeys);
    return new BpeTokenizer(await trainBpe(source, options));
  }

  encode(text: string): Uint32Array {
    expectWellFormed('BpeTokenizer.encode', text);
    const encoded = this.#segments(text).map((segment) => this.#encodeSegment(segment));
    return encoded.length === 1 ? encoded[0]! : concatenateIds(encoded);
  }

  async encodeAsync(text: string, options: { signal?: AbortSignal } = {}): Promise<Uint32Array> {
    const { signal } = checkOptions('BpeTokenizer.encodeAsync', options, { signal: true });
    return (await this.encodeTextsAsync([text], { signal })).ids;
  }

  async encodeTextsAsync(
    texts: readonly string[],
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<EncodedTexts> {
    const { signal } = checkOptions('BpeTokenizer.encodeTextsAsync', options, { signal: true });
    const bpe = this.#bpe();
    const segments = texts.map((text) => this.#segments(text));
    const held = openTextAddon().texts();
    for (const segment of segments.flat()) await appendDocument(held, this.#slices(segment), signal);
    const encoded = await runJob<EncodedTexts>((addon, done) => addon.encodeTexts(bpe, held, done), signal);
    const plain = segments.every((parts) => parts.length === 1 && typeof parts[0] !== 'number');
    return plain ? encoded : joinSegments(segments, encoded);
  }

  decode(ids: Iterable<number>): string {
    const text = this.places === undefined ? this.#table.decode(ids) : this.#decodePlaced([...ids]);
    return this.#vocabulary.decoding.leadingSpace && text.startsWith(' ') ? text.slice(1) : text;
  }

  tokenBytes(id: number, place?: TokenPlace): Uint8Array {
    const bytes = this.#table.bytes(id);
    return place === undefined || this.places === undefined
      ? bytes
      : decodeToken(this.#forms[id]!, this.#vocabulary.decoding, place);
  }

  /** The form of Hugging Face's `tokenizer.json`, which other libraries read too. */
  toJSON(): TokenizerJSON {
    return { ...writeBpe(this.#vocabulary), ...this.#extra };
  }

  /** Where pretokens end at white space, nothing changes text across it, and no token is found in it before. */
  get wordLocal(): boolean {
    const { pattern, normalizers, prefixSpace } = this.#vocabulary;
    const found = this.#verbatim !== undefined || this.#normalized !== undefined;
    const whole = pattern === 'none' || pattern === 'metaspace';
    return !whole && !found && !prefixSpace && isWithinLines(normalizers);
  }

  /** The text of ids whose bytes depend on where they stand. */
  #decodePlaced(ids: readonly number[]): string {
    const end = ids.length - 1;
    const bytes = ids.map((id, i) => this.tokenBytes(id, i === 0 || i === end ? { first: i === 0, last: i === end } : undefined)); // prettier-ignore
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(bytes));
  }

  #bpe(): NativeBpe {
    this.#native ??= createNativeBpe(this.#vocabulary);
    return this.#native;
  }

  /** A text cut at the tokens that are found in it before all else. */
  #segments(text: string): Segment[] {
    const { normalizers, pretokenSteps = [] } = this.#vocabulary;
    const steps = [...normalizers, ...pretokenSteps];
    if (this.#verbatim === undefined && this.#normalized === undefined) return this.#cut({ text, steps });
    const behind = [...normalizers, ...listRepeated(pretokenSteps)];
    return (this.#verbatim?.(text) ?? [text]).flatMap((part, index): Segment[] => {
      if (typeof part === 'number') return [part];
      if (this.#normalized === undefined) return this.#cut({ text: part, steps: index === 0 ? steps : behind });
      return this.#normalized(normalize(part, normalizers)).flatMap((inner, at) => {
        if (typeof inner === 'number') return inner;
        return this.#cut({ text: inner, steps: index + at === 0 ? pretokenSteps : listRepeated(pretokenSteps) });
      });
    });
  }

  /** The pieces of some text, where steps here cut it; else the text itself. */
  #cut(segment: { text: string; steps: readonly Normalizer[] }): Segment[] {
    const { pieces = [] } = this.#vocabulary;
    if (pieces.length === 0) return [segment];
    expectWellFormed('BpeTokenizer.encode', segment.text);
    return cutPieces(normalize(segment.text, segment.steps), pieces).map((text) => ({ text, steps: [] }));
  }

  /** The normalized text of a segment; of an id nothing. */
  *#slices(segment: Segment): Generator<string> {
    if (typeof segment === 'number') return;
    let first = this.#vocabulary.prefixSpace;
    for (const slice of normalizeSlices('BpeTokenizer.encodeAsync', segment.text, segment.steps)) {
      yield first ? prependSpace(slice) : slice;
      first = false;
    }
  }

  #encodeSegment(segment: Segment): Uint32Array {
    if (typeof segment === 'number') return Uint32Array.of(segment);
    const text = normalize(segment.text, segment.steps);
    return openTextAddon().encode(this.#bpe(), this.#vocabulary.prefixSpace ? prependSpace(text) : text);
  }
}

/** The steps that are made behind a token, too. */
function listRepeated(steps: readonly Normalizer[]): Normalizer[] {
  return steps.filter((step) => step.type !== 'Begin' || step.once !== true);
}

/** Some text with the steps it still needs, or the id of a token found in it. */
type Segment = { text: string; steps: readonly Normalizer[] } | number;

/** The ids of texts of several segments each. */
function joinSegments(segments: readonly (readonly Segment[])[], { ids, counts }: EncodedTexts): EncodedTexts {
  let at = 0;
  let index = 0;
  const texts = segments.map((parts) =>
    concatenateIds(
      parts.map((segment) => {
        const encoded = ids.subarray(at, (at += counts[index++]!));
        return typeof segment === 'number' ? Uint32Array.of(segment) : encoded;
      }),
    ),
  );
  return { ids: concatenateIds(texts), counts: Uint32Array.from(texts, ({ length }) => length) };
}

function prependSpace(text: string): string {
  return /^[^ ]/.test(text) ? ` ${text}` : text;
}

function concatenateIds(sequences: readonly Uint32Array[]): Uint32Array {
  const ids = new Uint32Array(sequences.reduce((sum, sequence) => sum + sequence.length, 0));
  let at = 0;
  for (const part of sequences) {
    ids.set(part, at);
    at += part.length;
  }
  return ids;
}
