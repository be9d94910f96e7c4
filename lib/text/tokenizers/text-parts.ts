import { expectString, raise } from '../../core/index.js';
import type { TextSource } from './tokenizer.js';

/** A whole document, the last part of one, or a part that says more of itself. */
export type TextPart = string | MarkedPart;

/** A part of a document. Where more follows, it ends before white space behind a letter or a digit, or at a cut. */
export interface MarkedPart {
  readonly text: string;
  /** True where the next part goes on with the document. */
  readonly more: boolean;
  /** The held-out parts of a corpus that begin with this one. Default: 0. */
  readonly cuts?: number;
}

/** Documents that come in groups, and long ones in parts, so that none has to fit into one string. */
export interface PartedSource extends AsyncIterable<string> {
  parts(): AsyncIterable<readonly TextPart[]>;
}

/** Characters of a part of a text in memory, and of a group of short documents. */
const PART = 2 ** 18;
/** A little less than JavaScript can hold in one string. */
const LONGEST = 2 ** 29 - 2 ** 20;
/** The most documents in a group. */
const GROUP = 2 ** 12;
const SPACE_BEHIND_WORD = /[\p{L}\p{N}](?=[ \r\n])/gu;
const WORD = /[\p{L}\p{N}]/u;
const WORD_AT_END = /[\p{L}\p{N}]$/u;

/** The documents of a source in groups; long ones in parts that tokenizers of words encode as they do the whole. */
export async function* iterateParts(source: TextSource): AsyncGenerator<readonly TextPart[]> {
  if (typeof source === 'string') yield* cutText(source);
  else if (isParted(source)) yield* source.parts();
  else if (Symbol.iterator in source) yield* gatherTexts(source);
  else for await (const text of source) yield* cutText(text);
}

/**
 * A text that comes in chunks, in parts that tokenizers of words encode as they do the whole.
 *
 * @param chunks - the text, cut anywhere but within a surrogate pair
 * @throws DataError where so much of it can't be cut that no string holds it
 */
export async function* divideChunks(chunks: AsyncIterable<string>): AsyncGenerator<TextPart> {
  let held: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    const cut = length < PART ? -1 : findLastCut(chunk, 0, chunk.length);
    if (length > LONGEST) refuseUncut(length);
    if (cut < 0) continue;
    const text = held.join('');
    yield { text: text.slice(0, length - chunk.length + cut), more: true };
    [held, length] = [[chunk.slice(cut)], chunk.length - cut];
  }
  yield held.join('');
}

function refuseUncut(length: number): never {
  raise('PAL_DATA', {
    where: 'iterateParts',
    expected: `white space behind a word in every ${LONGEST} characters, where a text can be cut`,
    received: `none in ${length}`,
    fix: 'Put line breaks or spaces between its words.',
  });
}

/** The text of a part. */
export function getPartText(part: TextPart): string {
  return typeof part === 'string' ? part : part.text;
}

/** True where the next part goes on with the document. */
export function isOpenPart(part: TextPart): boolean {
  return typeof part !== 'string' && part.more;
}

/** The part with another text. */
export function replacePartText(part: TextPart, text: string): TextPart {
  return typeof part === 'string' ? text : { ...part, text };
}

/** The last place in [from, to) of a text where it may be cut; −1 where there is none. */
function findLastCut(text: string, from: number, to: number): number {
  for (let at = to - 1; at > from; at--) {
    const code = text.charCodeAt(at);
    if ((code === 32 || code === 10 || code === 13) && WORD_AT_END.test(text.slice(Math.max(from, at - 2), at)))
      return at;
  }
  return -1;
}

/** The same cut anew, before line breaks only, each behind a line with a letter or a digit. */
export async function* iterateLineParts(source: TextSource): AsyncGenerator<readonly TextPart[]> {
  let held: string[] = [];
  for await (const parts of iterateParts(source)) {
    const lines: TextPart[] = [];
    for (const part of parts) {
      const text = getPartText(part);
      const cut = isOpenPart(part) ? findLineCut(text) : text.length;
      if (cut < 0) {
        held.push(text);
        continue;
      }
      lines.push(replacePartText(part, held.length === 0 ? text.slice(0, cut) : held.join('') + text.slice(0, cut)));
      held = cut < text.length ? [text.slice(cut)] : [];
    }
    yield lines;
  }
}

/** The last line break of a text behind a line with a word; −1 where there is none. */
function findLineCut(text: string): number {
  for (let end = text.lastIndexOf('\n'); end > 0;) {
    const start = text.lastIndexOf('\n', end - 1);
    if (WORD.test(text.slice(start + 1, end))) return text[end - 1] === '\r' ? end - 1 : end;
    end = start;
  }
  return -1;
}

function isParted(source: Exclude<TextSource, string>): source is PartedSource {
  return 'parts' in source && typeof source.parts === 'function';
}

function* gatherTexts(texts: Iterable<string>): Generator<readonly TextPart[]> {
  let group: string[] = [];
  let characters = 0;
  for (const given of texts) {
    const text = expectString('TextSource', 'a document', given);
    if (text.length > PART) {
      yield group;
      yield* cutText(text);
      [group, characters] = [[], 0];
      continue;
    }
    group.push(text);
    characters += text.length;
    if (characters < PART && group.length < GROUP) continue;
    yield group;
    [group, characters] = [[], 0];
  }
  yield group;
}

function* cutText(text: string): Generator<readonly TextPart[]> {
  let start = 0;
  while (text.length - start > PART) {
    const cut = findCut(text, start);
    if (cut < 0) break;
    yield [{ text: text.slice(start, cut), more: true }];
    start = cut;
  }
  yield [start === 0 ? text : text.slice(start)];
}

/** The last cut in a part, or else the first behind it. */
function findCut(text: string, start: number): number {
  const last = findLastCut(text, start, start + PART);
  if (last >= 0) return last;
  SPACE_BEHIND_WORD.lastIndex = start + PART - 2;
  const found = SPACE_BEHIND_WORD.exec(text);
  return found === null ? -1 : found.index + found[0].length;
}
