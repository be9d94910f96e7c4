import type { FallacyLabel } from '../data/labels.js';
import { fallacyLabels } from '../data/labels.js';
import type { FallacyRecord } from '../data/record.js';

/**
 * What can be told by the words of a text alone, in whatever order: naive Bayes with add-one smoothing, to be beaten by
 * whatever reads (multinomial, over lower-case words and marks).
 */
export class WordBaseline {
  readonly #words = new Map<string, Map<FallacyLabel, number>>();
  readonly #totals = new Map<FallacyLabel, number>();
  readonly #texts = new Map<FallacyLabel, number>();
  readonly #count: number;

  /**
   * Counts words.
   *
   * @param records - to learn from
   */
  constructor(records: readonly Pick<FallacyRecord, 'text' | 'label'>[]) {
    this.#count = records.length;
    for (const { text, label } of records) {
      this.#texts.set(label, (this.#texts.get(label) ?? 0) + 1);
      for (const word of splitWords(text)) this.learn(word, label);
    }
  }

  private learn(word: string, label: FallacyLabel): void {
    const counts = this.#words.get(word) ?? new Map<FallacyLabel, number>();
    counts.set(label, (counts.get(label) ?? 0) + 1);
    this.#words.set(word, counts);
    this.#totals.set(label, (this.#totals.get(label) ?? 0) + 1);
  }

  /**
   * The likeliest label of a text.
   *
   * @param text - any
   * @returns a label that was learned from
   */
  predict(text: string): FallacyLabel {
    const words = splitWords(text).filter((word) => this.#words.has(word));
    const scored = fallacyLabels
      .filter((label) => this.#texts.has(label))
      .map((label) => ({ label, score: this.scoreLabel(words, label) }));
    return scored.reduce((best, one) => (one.score > best.score ? one : best)).label;
  }

  /** ln P of the words and the label, but for what all labels share. */
  private scoreLabel(words: readonly string[], label: FallacyLabel): number {
    const total = (this.#totals.get(label) ?? 0) + this.#words.size;
    const prior = Math.log(this.#texts.get(label)! / this.#count);
    return words.reduce((sum, word) => sum + Math.log(((this.#words.get(word)!.get(label) ?? 0) + 1) / total), prior);
  }
}

function splitWords(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+|[^\p{L}\s]/gu) ?? [];
}
