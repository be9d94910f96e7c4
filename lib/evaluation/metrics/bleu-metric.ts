import { checkOptions } from '../../core/index.js';
import { bleuKeys, corpusBleu } from './bleu.js';
import type { Bleu, BleuOptions } from './bleu.js';
import type { Metric } from './metric.js';
import type { Token } from './ngrams.js';

/** A text of a model with the true ones. */
export interface Completion {
  candidate: readonly Token[];
  references: readonly (readonly Token[])[];
}

/** BLEU of completions as a metric, in [0, 1]. @see corpusBleu */
export class BleuMetric implements Metric<Completion> {
  readonly name: string;
  readonly goal = 'highest';
  private completions: Completion[] = [];

  /** @param options - as of {@link corpusBleu}. @throws ArgumentError for an unknown key */
  constructor(private readonly options: BleuOptions = {}) {
    checkOptions('BleuMetric', options, bleuKeys);
    this.name = `bleu-${options.order ?? 4}`;
  }

  start(): void {
    this.completions = [];
  }

  add(completion: Completion): void {
    this.completions.push(completion);
  }

  /** @returns the score over every completion since the start. @throws ArgumentError as {@link corpusBleu} */
  result(): number {
    return this.detail().score;
  }

  /** @returns the score with what it is made of */
  detail(): Bleu {
    return corpusBleu(
      this.completions.map(({ candidate }) => candidate),
      this.completions.map(({ references }) => references),
      this.options,
    );
  }
}
