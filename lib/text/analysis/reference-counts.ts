import { getPartText, isOpenPart, iterateParts } from '../tokenizers/text-parts.js';
import type { TextSource } from '../tokenizers/tokenizer.js';
import type { ReferenceCounts } from './domain-terms.js';
import { LineCutter } from './line-cutter.js';
import type { Line } from './line-cutter.js';
import { isWord, splitTokens } from './tokens.js';

/** A line of a word list. */
const ENTRY = /^(\S+)[\t ]+(\d+)$/;

/**
 * Counts the words of other texts, which the domain terms of a corpus are told from. A document with a word and its
 * count in every line is taken as a list of them.
 *
 * @returns counts of words in small letters
 * @example await analyzeCorpus(text, { reference: await countReferenceWords(textFiles('news/*.txt')) });
 */
export async function countReferenceWords(source: TextSource): Promise<ReferenceCounts> {
  const counts = new Map<string, number>();
  const cutter = new LineCutter();
  let document = new ReferenceDocument();
  for await (const parts of iterateParts(source)) {
    for (const part of parts) {
      for (const line of cutter.cut(getPartText(part), isOpenPart(part))) document.add(line);
      if (isOpenPart(part)) continue;
      for (const [word, count] of document.counts) addCount(counts, word, count);
      document = new ReferenceDocument();
    }
  }
  return Object.fromEntries(counts);
}

/** The counts of one document, as a text and, while each line is an entry, as a word list. */
class ReferenceDocument {
  readonly #words = new Map<string, number>();
  #entries: Map<string, number> | undefined = new Map();

  add({ text, starts, ends }: Line): void {
    for (const token of splitTokens(text)) if (isWord(token)) addCount(this.#words, token, 1);
    const bare = text.trim();
    if (this.#entries === undefined || (bare === '' && starts && ends)) return;
    const [, word, count] = ENTRY.exec(starts && ends ? bare : '') ?? [];
    if (word === undefined) this.#entries = undefined;
    else addCount(this.#entries, word, Number(count));
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#entries ?? this.#words;
  }
}

function addCount(counts: Map<string, number>, word: string, count: number): void {
  const key = word.toLowerCase();
  counts.set(key, (counts.get(key) ?? 0) + count);
}
