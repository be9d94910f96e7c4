import { Turns, checkOptions, expectOneOf, expectPositiveInteger, raise, show } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { writeWordLevel } from '../hugging-face/write-word-level.js';
import { normalize } from './normalizers/normalizer.js';
import type { Normalizer } from './normalizers/normalizer.js';
import { isWithinLines } from './normalizers/slices.js';
import { getPartText, iterateParts } from './text-parts.js';
import { TokenTable } from './token-table.js';
import { expectWellFormed } from './tokenizer.js';
import type { TextSource, TokenTemplate, Tokenizer, TokenizerJSON } from './tokenizer.js';
import { splitWords } from './word-vocabulary.js';
import type { WordSplit, WordVocabulary } from './word-vocabulary.js';

const WHERE = 'WordTokenizer.train';

/** The special tokens of a trained {@link WordTokenizer}, in the order of their ids. */
const SPECIAL = ['<PAD>', '<UNK>', '<START>', '<END>'] as const;

/** Options of {@link WordTokenizer.train}. */
export interface WordTrainOptions {
  /** The number of most frequent words that get an id; the four special tokens come on top. Default: 10,000. */
  words?: number;
  /** A word that occurs less often gets none. Default: 1. */
  minFrequency?: number;
  /** The split into words: `words` parts them from punctuation, `spaces` only at white space. Default: words. */
  split?: WordSplit;
  /** Changes made to every text first, for good. Default: none. */
  normalize?: readonly ('NFC' | 'NFD' | 'NFKC' | 'NFKD' | 'Lowercase')[];
}

/** The keys of {@link WordTrainOptions}. */
export const wordTrainKeys: OptionChecks<WordTrainOptions> = {
  words: true,
  minFrequency: true,
  split: true,
  normalize: true,
};

/**
 * One token for each of the most frequent words, with `<PAD>` = 0, `<UNK>` = 1, `<START>` = 2 and `<END>` = 3.
 *
 * Other words are `<UNK>`, and decoding puts one space between words: what was encoded does not come back exactly.
 *
 * @example
 * const tokenizer = await WordTokenizer.train('the cat and the hat', { words: 2 });
 * tokenizer.decode(tokenizer.encode('the bat')); // 'the <UNK>'
 */
export class WordTokenizer implements Tokenizer {
  readonly type = 'word';
  readonly leadingSpace = true;
  readonly size: number;
  readonly specialTokens: Readonly<Record<string, number>>;
  readonly template: TokenTemplate | undefined;
  /** The id of words that are not in the vocabulary. */
  readonly unknownId: number;
  readonly #vocabulary: WordVocabulary;
  readonly #table: TokenTable;
  readonly #ids: ReadonlyMap<string, number>;
  /** The fields of a file beside the vocabulary, written back with it. */
  readonly #extra: TokenizerJSON;

  /**
   * Makes a tokenizer of a known vocabulary; `WordTokenizer.train` and `loadTokenizer` make one.
   *
   * @param vocabulary - checked by whoever read it
   * @param extra - fields of a `tokenizer.json` that are kept as they are
   * @param template - special tokens around a text, as those fields say
   */
  constructor(vocabulary: WordVocabulary, extra: TokenizerJSON = {}, template?: TokenTemplate) {
    this.template = template;
    const { tokens, specialTokens, unknownToken } = vocabulary;
    this.#vocabulary = vocabulary;
    this.#extra = extra;
    this.size = tokens.length;
    this.specialTokens = specialTokens;
    this.unknownId = specialTokens[unknownToken]!;
    const encoder = new TextEncoder();
    this.#table = new TokenTable(
      'WordTokenizer',
      tokens.map((token) => encoder.encode(` ${token}`)),
    );
    const words = tokens.map((token, id): [string, number] => [token, id]);
    this.#ids = new Map(words.filter(([token]) => !Object.hasOwn(specialTokens, token)));
  }

  /**
   * Counts the words of a text and keeps the most frequent; of equally frequent ones, those that sort first.
   *
   * @throws ArgumentError when an option does not fit or the text has no words
   */
  static async train(source: TextSource, options: WordTrainOptions = {}): Promise<WordTokenizer> {
    checkOptions('WordTokenizer.train', options, wordTrainKeys);
    const { words = 10_000, minFrequency = 1, split = 'words', normalize: names = [] } = options;
    expectPositiveInteger(WHERE, 'words', words);
    expectPositiveInteger(WHERE, 'minFrequency', minFrequency);
    expectOneOf(WHERE, 'split', split, ['words', 'spaces']);
    for (const name of names) expectOneOf(WHERE, 'normalize', name, ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase']);
    const normalizers = names.map((type): Normalizer => ({ type }));
    const counts = await countWords(source, split, normalizers);
    const kept = selectMostFrequent(counts, minFrequency).slice(0, words);
    if (kept.length === 0) refuseEmpty(counts.size, minFrequency);
    const specialTokens = Object.fromEntries(SPECIAL.map((token, id) => [token, id]));
    return new WordTokenizer({
      tokens: [...SPECIAL, ...kept],
      specialTokens,
      unknownToken: '<UNK>',
      split,
      normalizers,
    });
  }

  /** Where nothing changes text across white space. */
  get wordLocal(): boolean {
    return isWithinLines(this.#vocabulary.normalizers);
  }

  encode(text: string): Uint32Array {
    expectWellFormed('WordTokenizer.encode', text);
    const { split, normalizers } = this.#vocabulary;
    const ids: number[] = [];
    for (const word of splitWords(normalize(text, normalizers), split)) ids.push(this.#ids.get(word) ?? this.unknownId);
    return Uint32Array.from(ids);
  }

  decode(ids: Iterable<number>): string {
    return this.#table.decode(ids).slice(1);
  }

  tokenBytes(id: number): Uint8Array {
    return this.#table.bytes(id);
  }

  /** The form of Hugging Face's `tokenizer.json`, which other libraries read too. */
  toJSON(): TokenizerJSON {
    return { ...writeWordLevel(this.#vocabulary), ...this.#extra };
  }
}

async function countWords(
  source: TextSource,
  split: WordSplit,
  normalizers: readonly Normalizer[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const turns = new Turns(WHERE);
  for await (const parts of iterateParts(source)) {
    for (const part of parts) {
      const text = getPartText(part);
      expectWellFormed(WHERE, text);
      for (const word of splitWords(normalize(text, normalizers), split)) {
        counts.set(word, (counts.get(word) ?? 0) + 1);
        if (turns.over) await turns.next();
      }
    }
  }
  for (const token of SPECIAL) counts.delete(token);
  return counts;
}

function selectMostFrequent(counts: ReadonlyMap<string, number>, minFrequency: number): string[] {
  const words = [...counts].filter(([, count]) => count >= minFrequency);
  words.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return words.map(([word]) => word);
}

function refuseEmpty(words: number, minFrequency: number): never {
  raise('PAL_ARGUMENT', {
    where: WHERE,
    expected: `text with words that occur at least ${minFrequency} times`,
    received: words === 0 ? 'no words' : `${show(words)} words that do not`,
  });
}
