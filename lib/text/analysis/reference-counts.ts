import { iterateDocuments } from '../tokenizers/tokenizer.js';
import type { TextSource } from '../tokenizers/tokenizer.js';
import type { ReferenceCounts } from './domain-terms.js';
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
  for await (const document of iterateDocuments(source)) {
    for (const [word, count] of parseWordList(document) ?? countTokens(document)) {
      const key = word.toLowerCase();
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  return Object.fromEntries(counts);
}

/** The entries of a word list; undefined where the document is another text. */
function parseWordList(document: string): [string, number][] | undefined {
  const entries: [string, number][] = [];
  for (const line of document.split('\n')) {
    const bare = line.trim();
    if (bare === '') continue;
    const [, word, count] = ENTRY.exec(bare) ?? [];
    if (word === undefined) return undefined;
    entries.push([word, Number(count)]);
  }
  return entries;
}

function* countTokens(document: string): Generator<[string, number]> {
  for (const line of document.split('\n')) {
    for (const token of splitTokens(line)) if (isWord(token)) yield [token, 1];
  }
}
