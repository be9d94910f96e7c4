import type { CountedPhrase } from './phrase-counter.js';
import { isWord } from './tokens.js';
import type { WordTable } from './word-table.js';

/** Punctuation of a corpus. */
export interface PunctuationAnalysis {
  /** Marks among all tokens. */
  share: number;
  perSentence: number;
  /** The commonest; shares of all marks. */
  marks: CountedPhrase[];
  /** The share of sentences that end in a mark. */
  closedSentences: number;
}

/** Letter case of words, as shares of the words with letters. */
export interface LetterCaseAnalysis {
  lower: number;
  /** The first letter alone is a capital. */
  capitalised: number;
  /** Two letters or more, all capitals. */
  upper: number;
  mixed: number;
  /** The share of sentences whose first word starts with a capital. */
  capitalisedSentences: number;
  /** The number of different tokens if all letters were small. */
  foldedTypes: number;
}

/** Characters of a corpus, as shares of all. */
export interface CharacterAnalysis {
  distinct: number;
  letters: number;
  digits: number;
  whitespace: number;
  marks: number;
}

/** Counts starts and ends of sentences. */
export class SentenceEdgeCounter {
  sentences = 0;
  closed = 0;
  capitalised = 0;

  add(sentence: readonly string[]): void {
    this.sentences++;
    const first = sentence.find(isWord);
    if (first !== undefined && /^\p{Lu}/u.test(first)) this.capitalised++;
    if (!isWord(sentence.at(-1) ?? '')) this.closed++;
  }
}

/** Counts characters; one is a code point. */
export class CharacterCounter {
  readonly #units = new Uint32Array(2 ** 16);
  readonly #others = new Map<number, number>();
  total = 0;

  add(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if ((unit & 0xfc00) === 0xd800 && i + 1 < text.length) {
        const code = text.codePointAt(i)!;
        if (code > 0xffff) {
          this.#others.set(code, (this.#others.get(code) ?? 0) + 1);
          i++;
          this.total++;
          continue;
        }
      }
      this.#units[unit]!++;
      this.total++;
    }
  }

  get result(): CharacterAnalysis {
    const counts = [...[...this.#units.entries()].filter(([, count]) => count > 0), ...this.#others];
    const share = (kind: RegExp): number => {
      const found = counts.filter(([code]) => kind.test(String.fromCodePoint(code)));
      return computeRatio(
        found.reduce((sum, [, count]) => sum + count, 0),
        this.total,
      );
    };
    return {
      distinct: counts.length,
      letters: share(/[\p{L}\p{M}]/u),
      digits: share(/\p{N}/u),
      whitespace: share(/\s/u),
      marks: share(/[\p{P}\p{S}]/u),
    };
  }
}

/** Figures of the marks. */
export function analyzePunctuation(table: WordTable, edges: SentenceEdgeCounter, top: number): PunctuationAnalysis {
  const marks = table.words.flatMap((text, id) => (isWord(text) ? [] : [{ text, count: table.counts[id]! }]));
  const total = marks.reduce((sum, { count }) => sum + count, 0);
  return {
    share: computeRatio(total, table.total),
    perSentence: computeRatio(total, edges.sentences),
    marks: marks
      .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
      .slice(0, top)
      .map(({ text, count }) => ({ text, count, share: computeRatio(count, total) })),
    closedSentences: computeRatio(edges.closed, edges.sentences),
  };
}

/** Figures of the letters' case. */
export function analyzeLetterCase(table: WordTable, edges: SentenceEdgeCounter): LetterCaseAnalysis {
  const counts = { lower: 0, capitalised: 0, upper: 0, mixed: 0 };
  let total = 0;
  table.words.forEach((word, id) => {
    if (!/\p{L}/u.test(word)) return;
    counts[classifyCase(word)] += table.counts[id]!;
    total += table.counts[id]!;
  });
  return {
    lower: computeRatio(counts.lower, total),
    capitalised: computeRatio(counts.capitalised, total),
    upper: computeRatio(counts.upper, total),
    mixed: computeRatio(counts.mixed, total),
    capitalisedSentences: computeRatio(edges.capitalised, edges.sentences),
    foldedTypes: new Set(table.words.map((word) => word.toLowerCase())).size,
  };
}

function classifyCase(word: string): 'lower' | 'capitalised' | 'upper' | 'mixed' {
  const letters = word.replace(/\P{L}/gu, '');
  if (letters === letters.toLowerCase()) return 'lower';
  if ([...letters].length > 1 && letters === letters.toUpperCase()) return 'upper';
  const [first = '', ...rest] = letters;
  const tail = rest.join('');
  return first !== first.toLowerCase() && tail === tail.toLowerCase() ? 'capitalised' : 'mixed';
}

function computeRatio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
