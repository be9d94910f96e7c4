import type { Turns } from '../../core/index.js';
import { getPartText, isOpenPart, iterateParts } from '../../text/index.js';
import type { PartedSource, TextPart, TextSource } from '../../text/index.js';
import { NumberList } from './number-list.js';
import { checkSplit, cutBlocks, drawDocuments } from './split.js';
import type { BlockCuts, Membership, SplitOptions } from './split.js';

/** Characters in which a cut looks back for white space. */
const WORD = 256;

/** A split of a text before it is encoded: what is learned from its training part knows nothing of the others. */
export interface TextSplit {
  /** In bytes of UTF-8; undefined where whole documents are drawn. */
  cuts: BlockCuts | undefined;
  /** Undefined where the row is cut. */
  membership: Membership | undefined;
}

/** Divides a text by the bytes of its documents, which are read once. */
export async function planTextSplit(source: TextSource, options: SplitOptions, turns: Turns): Promise<TextSplit> {
  const [starts, ends] = [new NumberList(), new NumberList()];
  let bytes = 0;
  let open = false;
  for await (const parts of iterateParts(source)) {
    for (const part of parts) {
      if (!open) starts.push(bytes);
      bytes += Buffer.byteLength(getPartText(part));
      open = isOpenPart(part);
      if (!open) ends.push(bytes);
    }
    if (turns.over) await turns.next();
  }
  const checked = checkSplit(options);
  if (checked.by === 'block') return { cuts: cutBlocks(bytes, checked), membership: undefined };
  const documents = { starts: starts.view(), ends: ends.view() };
  return { cuts: undefined, membership: await turns.run(drawDocuments(documents, bytes, checked)) };
}

/** The training part of a text. */
export function selectTraining(source: TextSource, split: TextSplit): PartedSource {
  const parts = (): AsyncGenerator<readonly TextPart[]> =>
    split.cuts === undefined ? selectMembers(source, split.membership!) : selectHead(source, split.cuts);
  return { parts, [Symbol.asyncIterator]: () => joinParts(parts()) };
}

/** A text whose parts say where held-out parts begin. */
export function markCuts(source: TextSource, cuts: BlockCuts): PartedSource {
  const parts = (): AsyncGenerator<readonly TextPart[]> => cutParts(source, [cuts.validation, cuts.test]);
  return { parts, [Symbol.asyncIterator]: () => joinParts(parts()) };
}

/** Whole documents from parts; a document goes on behind a cut. */
async function* joinParts(groups: AsyncIterable<readonly TextPart[]>): AsyncGenerator<string> {
  let held = '';
  for await (const parts of groups) {
    for (const part of parts) {
      held += getPartText(part);
      if (isOpenPart(part)) continue;
      yield held;
      held = '';
    }
  }
  if (held !== '') yield held;
}

async function* selectMembers(source: TextSource, membership: Membership): AsyncGenerator<readonly TextPart[]> {
  let document = 0;
  for await (const parts of iterateParts(source)) {
    const selected: TextPart[] = [];
    for (const part of parts) {
      if (membership[document] === 0) selected.push(part);
      if (!isOpenPart(part)) document++;
    }
    yield selected;
  }
}

async function* selectHead(source: TextSource, { validation }: BlockCuts): AsyncGenerator<readonly TextPart[]> {
  for await (const parts of cutParts(source, [validation])) {
    const end = parts.findIndex((part) => typeof part !== 'string' && (part.cuts ?? 0) > 0);
    yield end < 0 ? parts : parts.slice(0, end);
    if (end >= 0) return;
  }
}

async function* cutParts(source: TextSource, cuts: readonly number[]): AsyncGenerator<readonly TextPart[]> {
  const cutter = new PartCutter(cuts);
  for await (const parts of iterateParts(source)) yield parts.flatMap((part) => cutter.cut(part));
}

/** Cuts parts at places in the text of all of them, between words where there are any. */
class PartCutter {
  readonly #cuts: readonly number[];
  #next = 0;
  /** Bytes before the part at hand. */
  #position = 0;
  /** Cuts right before the part at hand. */
  #pending = 0;

  constructor(cuts: readonly number[]) {
    this.#cuts = cuts;
  }

  cut(part: TextPart): TextPart[] {
    let text = getPartText(part);
    const end = this.#position + Buffer.byteLength(text);
    const pieces: TextPart[] = [];
    for (; this.#next < this.#cuts.length && this.#cuts[this.#next]! < end; this.#next++) {
      const at = findWordStart(text, this.#cuts[this.#next]! - this.#position);
      if (at > 0) pieces.push(this.#mark(text.slice(0, at), true));
      this.#position += Buffer.byteLength(text.slice(0, at));
      text = text.slice(at);
      this.#pending++;
    }
    this.#position = end;
    const whole = pieces.length === 0 && this.#pending === 0;
    return whole ? [part] : [...pieces, this.#mark(text, isOpenPart(part))];
  }

  #mark(text: string, more: boolean): TextPart {
    const cuts = this.#pending;
    this.#pending = 0;
    return { text, more, cuts };
  }
}

/** The white space before so many bytes of a text, or the character that begins there. */
function findWordStart(text: string, bytes: number): number {
  if (bytes <= 0) return 0;
  const target = Buffer.from(text)
    .toString('utf8', 0, bytes)
    .replace(/\uFFFD$/u, '').length;
  const from = Math.max(0, target - WORD);
  const spaces = text.slice(from, target).search(/\s\S*$/u);
  return spaces < 0 ? target : from + spaces;
}
