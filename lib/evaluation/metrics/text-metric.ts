import type { Metric } from './metric.js';
import type { Token } from './ngrams.js';

/** A text that is measured; what `generateTexts` gives is one. */
export interface MeasuredText {
  /** Its tokens, the prompt left out. */
  ids: readonly Token[];
  text: string;
  /** The index of its prompt. */
  prompt: number;
}

/** A metric of generated texts, computed from all of them at once. */
export class TextMetric implements Metric<MeasuredText> {
  private texts: MeasuredText[] = [];

  /**
   * @param name - names the figure in reports; letters, digits and hyphens
   * @param compute - gives the figure of all texts; NaN where there is nothing to count
   * @param goal - whether the figure is to rise or to fall
   */
  constructor(
    readonly name: string,
    private readonly compute: (texts: readonly MeasuredText[]) => number,
    readonly goal: 'lowest' | 'highest' = 'highest',
  ) {}

  start(): void {
    this.texts = [];
  }

  add(text: MeasuredText): void {
    this.texts.push(text);
  }

  /** @returns the figure over every text since the start */
  result(): number {
    return this.compute(this.texts);
  }
}
