import { Turns, raise } from '../../core/index.js';
import { getPartText, isOpenPart, iterateDocuments, iterateParts } from '../../text/index.js';
import type { TextPart, TextSource, Tokenizer } from '../../text/index.js';
import { resolveBoundaryTokens } from './boundary-tokens.js';
import type { BoundaryOptions } from './boundary-tokens.js';

/** Characters of texts that are encoded together. */
const GROUP = 2 ** 17;
/** The most texts that are encoded together. */
const MOST_TEXTS = 2 ** 11;

/** Options of {@link encodeCorpus}. */
export interface CorpusOptions extends BoundaryOptions {
  tokenizer: Tokenizer;
  /** Text between two documents; it counts as the end of the first. Default: none. */
  separator?: string;
  /** Ends the encoding with an error of code PAL_ABORTED. */
  signal?: AbortSignal | undefined;
}

/** Some of the ids of documents one after another, and where in them documents start. */
export interface EncodedBatch {
  ids: Uint32Array;
  starts: readonly number[];
  /** Where held-out parts begin, for parts that are marked so. */
  cuts: readonly number[];
}

/** Texts and the ids of each. */
interface EncodedParts {
  parts: readonly TextPart[];
  ids: Uint32Array;
  counts: ArrayLike<number>;
}

/**
 * The ids of all documents with their boundary tokens and the separator behind all but the last, some at a time. Where the
 * tokenizer can, one group is encoded on another thread while the next is read.
 *
 * @param hasMore - true where others come behind the last
 * @throws DataError when the source has no text
 * @throws PalabraError of code PAL_ABORTED when the signal says so
 */
export async function* encodeDocuments(
  source: TextSource,
  options: CorpusOptions,
  hasMore = false,
): AsyncGenerator<EncodedBatch> {
  const turns = new Turns('encodeCorpus', options.signal);
  const joiner = new DocumentJoiner(options);
  let running: Promise<EncodedParts> | undefined;
  for await (const parts of groupParts(source, options.tokenizer)) {
    const next = encodeParts(parts, options, turns);
    next.catch(() => {}); // It is awaited in the next round.
    if (running !== undefined) yield joiner.join(await running);
    running = next;
    if (turns.over) await turns.next();
  }
  if (running !== undefined) yield joiner.join(await running);
  joiner.expectText();
  if (hasMore) yield joiner.endLast();
}

/** Texts in groups of one size; documents stay whole where the tokenizer gives their parts other ids. */
async function* groupParts(source: TextSource, tokenizer: Tokenizer): AsyncGenerator<readonly TextPart[]> {
  let group: TextPart[] = [];
  let characters = 0;
  for await (const parts of tokenizer.wordLocal === true ? iterateParts(source) : iterateWhole(source)) {
    for (const part of parts) {
      group.push(part);
      characters += getPartText(part).length;
      if (characters < GROUP && group.length < MOST_TEXTS) continue;
      yield group;
      [group, characters] = [[], 0];
    }
  }
  if (group.length > 0) yield group;
}

async function* iterateWhole(source: TextSource): AsyncGenerator<readonly TextPart[]> {
  for await (const text of iterateDocuments(source)) yield [text];
}

async function encodeParts(
  parts: readonly TextPart[],
  { tokenizer, signal }: CorpusOptions,
  turns: Turns,
): Promise<EncodedParts> {
  const texts = parts.map(getPartText);
  if (tokenizer.encodeTextsAsync !== undefined) {
    return { parts, ...(await tokenizer.encodeTextsAsync(texts, { signal })) };
  }
  const encoded: Uint32Array[] = [];
  for (const text of texts) {
    encoded.push(
      text.length > GROUP ? await (tokenizer.encodeAsync?.(text) ?? tokenizer.encode(text)) : tokenizer.encode(text),
    );
    if (turns.over) await turns.next();
  }
  return { parts, ids: concatenate(encoded), counts: encoded.map(({ length }) => length) };
}

/** Puts boundary tokens and separators around the ids of documents. */
class DocumentJoiner {
  readonly #start: Uint32Array;
  readonly #end: Uint32Array;
  readonly #between: Uint32Array;
  #documents = 0;
  #tokens = 0;
  #open = false;

  constructor(options: CorpusOptions) {
    const { start, end } = resolveBoundaryTokens(options.tokenizer, options);
    this.#start = start;
    this.#end = end;
    this.#between = options.tokenizer.encode(options.separator ?? '');
  }

  join({ parts, ids, counts }: EncodedParts): EncodedBatch {
    const [starts, cuts]: [number[], number[]] = [[], []];
    const around = this.#start.length + this.#end.length + this.#between.length;
    const joined = new Uint32Array(ids.length + around * parts.length);
    let at = 0;
    let from = 0;
    const append = (some: Uint32Array): void => {
      if (some.length > 0) joined.set(some, at);
      at += some.length;
    };
    for (const [index, part] of parts.entries()) {
      if (!this.#open && this.#documents++ > 0) append(this.#between);
      if (typeof part !== 'string') for (let cut = part.cuts ?? 0; cut > 0; cut--) cuts.push(at);
      if (!this.#open) {
        starts.push(at);
        append(this.#start);
      }
      append(ids.subarray(from, (from += counts[index]!)));
      this.#open = isOpenPart(part);
      if (!this.#open) append(this.#end);
    }
    this.#tokens += ids.length;
    return { ids: joined.subarray(0, at), starts, cuts };
  }

  /** The separator behind the last document. */
  endLast(): EncodedBatch {
    return { ids: this.#between, starts: [], cuts: [] };
  }

  expectText(): void {
    if (this.#tokens > 0) return;
    raise('PAL_DATA', {
      where: 'encodeCorpus',
      expected: 'a source with text',
      received: this.#documents === 0 ? 'no documents' : `${this.#documents} empty documents`,
    });
  }
}

function concatenate(sequences: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(sequences.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const ids of sequences) {
    whole.set(ids, offset);
    offset += ids.length;
  }
  return whole;
}
