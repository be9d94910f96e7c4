import type { z } from 'zod';
import { deferSchema, parseConfig } from '../../core/index.js';
import { splitSentences } from '../preprocess/sentences.js';
import { getPartText, isOpenPart, iterateParts } from '../tokenizers/text-parts.js';
import type { TextSource } from '../tokenizers/tokenizer.js';
import type { CorpusFigures, NgramAnalysis } from './corpus-figures.js';
import { DistributionCounter } from './distribution.js';
import { findDomainTerms } from './domain-terms.js';
import { DuplicateCounter, TextHasher } from './duplicate-counter.js';
import { LANGUAGES } from './function-words.js';
import { CharacterCounter, SentenceEdgeCounter, analyzeLetterCase, analyzePunctuation } from './letters-and-marks.js';
import { LineCutter } from './line-cutter.js';
import type { Line } from './line-cutter.js';
import { NgramTable } from './ngram-table.js';
import { recommend } from './report/recommendation.js';
import type { Recommendation } from './report/recommendation.js';
import { SentencePatternCounter } from './sentence-patterns.js';
import { isWord, splitTokens } from './tokens.js';
import { analyzeVocabulary } from './vocabulary.js';
import { WordTable } from './word-table.js';

const WINDOW = 1000;
/** Shorter lines, such as headings, come again for good reasons. */
const SHORTEST_LINE = 20;

/** Schema of the options of {@link analyzeCorpus}. */
export const analysisOptionsSchema = deferSchema((z) =>
  z.strictObject({
    vocabSize: z
      .int()
      .min(1)
      .default(10_000)
      .describe('Words of the vocabulary that the rate of unknown words is for.'),
    top: z.int().min(1).default(20).describe('How many n-grams, openings, marks and terms are listed.'),
    language: z
      .enum(LANGUAGES)
      .optional()
      .describe('Whose function words make the skeletons. Default: told from the text.'),
    reference: z
      .record(z.string(), z.number().min(0))
      .optional()
      .describe('Counts of words in small letters, against which domain terms are found.'),
    maxEntries: z
      .int()
      .min(1024)
      .default(2 ** 21)
      .describe('Different n-grams of a length, and different lines, that are kept in memory.'),
  }),
);

/** Options of {@link analyzeCorpus}; everything has a default. */
export type AnalysisOptions = z.input<typeof analysisOptionsSchema>;

/** The analysis of a corpus, as plain data. */
export interface CorpusAnalysis extends CorpusFigures {
  recommendation: Recommendation;
}

/**
 * Reads a corpus once and says what it is like. Memory grows with the different words, not with the length, and texts of
 * any size are read in parts. In lines of more than 2^24 characters a sentence may end early, at white space.
 *
 * @throws ConfigError when the options do not fit {@link analysisOptionsSchema}
 * @example const { counts, recommendation } = await analyzeCorpus(textFiles('corpus/**\/*.txt'));
 */
export async function analyzeCorpus(source: TextSource, options: AnalysisOptions = {}): Promise<CorpusAnalysis> {
  const config = parseConfig('analyzeCorpus', analysisOptionsSchema, options);
  const corpus = new CorpusCounters(config);
  for await (const parts of iterateParts(source)) {
    for (const part of parts) corpus.add(getPartText(part), isOpenPart(part));
  }
  return corpus.result();
}

/** Everything that is counted while a corpus passes. */
class CorpusCounters {
  readonly #config: z.output<typeof analysisOptionsSchema>;
  readonly #table = new WordTable(WINDOW);
  readonly #characters = new CharacterCounter();
  readonly #lengths = new DistributionCounter();
  readonly #edges = new SentenceEdgeCounter();
  readonly #patterns: SentencePatternCounter;
  readonly #bigrams: NgramTable;
  readonly #trigrams: NgramTable;
  readonly #documents: DuplicateCounter;
  readonly #lines: DuplicateCounter;
  readonly #cutter = new LineCutter();
  /** The document under way. */
  readonly #document = new TextHasher();
  #lineCount = 0;
  #bytes = 0;
  /** Ids of the tokens of the sentence, after the last two before it. */
  #ids: number[] = [];

  constructor(config: z.output<typeof analysisOptionsSchema>) {
    this.#config = config;
    this.#patterns = new SentencePatternCounter(config.language);
    this.#bigrams = new NgramTable(2, config.maxEntries);
    this.#trigrams = new NgramTable(3, config.maxEntries);
    this.#documents = new DuplicateCounter(config.maxEntries);
    this.#lines = new DuplicateCounter(config.maxEntries);
  }

  /** Takes a document, or a part of one that goes on. */
  add(text: string, more: boolean): void {
    this.#characters.add(text);
    this.#bytes += Buffer.byteLength(text);
    this.#document.add(text);
    for (const line of this.#cutter.cut(text, more)) this.#addLine(line);
    if (more) return;
    this.#documents.addHash(this.#document.take());
    this.#ids = [];
  }

  #addLine({ text, starts, ends }: Line): void {
    if (ends) this.#lineCount++;
    const bare = text.trim();
    if (starts && ends && bare.length >= SHORTEST_LINE) this.#lines.add(bare);
    for (const sentence of splitSentences(bare)) this.#addSentence(splitTokens(sentence));
  }

  #addSentence(tokens: readonly string[]): void {
    this.#lengths.add(tokens.length);
    this.#edges.add(tokens);
    this.#patterns.add(tokens);
    const before = this.#ids.slice(-2);
    const ids = [...before, ...tokens.map((token) => this.#table.add(token))];
    for (let end = before.length + 1; end <= ids.length; end++) {
      if (end >= 2) this.#bigrams.add(ids, end);
      if (end >= 3) this.#trigrams.add(ids, end);
    }
    this.#ids = ids;
  }

  result(): CorpusAnalysis {
    const { top, vocabSize, reference } = this.#config;
    const table = this.#table;
    const figures: CorpusFigures = {
      version: 1,
      counts: this.#counts(),
      typeTokenRatio: {
        raw: table.total === 0 ? 0 : table.words.length / table.total,
        per1000: Number.isNaN(table.windowRatio) ? undefined : table.windowRatio,
      },
      sentenceLengths: this.#lengths.result,
      ngrams: {
        unigrams: this.#unigrams(),
        bigrams: this.#ngrams(this.#bigrams),
        trigrams: this.#ngrams(this.#trigrams),
      },
      vocabulary: analyzeVocabulary(table, vocabSize),
      patterns: this.#patterns.result(top),
      domainTerms: reference === undefined ? undefined : findDomainTerms(table, reference, top),
      punctuation: analyzePunctuation(table, this.#edges, top),
      letterCase: analyzeLetterCase(table, this.#edges),
      characters: this.#characters.result,
      duplicates: { documents: this.#documents.result, lines: this.#lines.result },
    };
    return { ...figures, recommendation: recommend(figures) };
  }

  #counts(): CorpusFigures['counts'] {
    const { words, counts, total } = this.#table;
    return {
      documents: this.#documents.result.total,
      lines: this.#lineCount,
      sentences: this.#lengths.total,
      tokens: total,
      words: words.reduce((sum, word, id) => sum + (isWord(word) ? counts[id]! : 0), 0),
      types: words.length,
      characters: this.#characters.total,
      bytes: this.#bytes,
    };
  }

  #unigrams(): NgramAnalysis {
    const { words, counts, total } = this.#table;
    const top = words.map((text, id) => ({ text, count: counts[id]! }));
    return rankPhrases(top, { total, distinct: words.length, undercount: 0 }, this.#config.top);
  }

  #ngrams(table: NgramTable): NgramAnalysis {
    const { total, size: distinct, undercount } = table;
    const { words } = this.#table;
    const top = table
      .commonest(this.#config.top)
      .map(({ ids, count }) => ({ text: ids.map((id) => words[id]).join(' '), count }));
    return rankPhrases(top, { total, distinct, undercount }, this.#config.top);
  }
}

/** The commonest by count, then by code units. */
function rankPhrases(
  found: { text: string; count: number }[],
  totals: { total: number; distinct: number; undercount: number },
  k: number,
): NgramAnalysis {
  const top = found
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
    .slice(0, k)
    .map(({ text, count }) => ({ text, count, share: count / totals.total }));
  return { ...totals, top, coverage: top.reduce((sum, { share }) => sum + share, 0) };
}
