import { createHash } from 'node:crypto';
import { checkOptions, expectRange, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { countEpochBatches } from '../batches/count-batches.js';
import type { BatchGoal } from '../batches/count-batches.js';
import { ChainedSequence, skipBatch } from './chained-sequence.js';
import { resolveBatchOptions } from './dataset.js';
import type { BatchOptions, BatchSequence, Dataset } from './dataset.js';
import { MixedSequence } from './mixed-sequence.js';

/** A dataset of a {@link MixedDataset}. */
export interface MixedSource {
  dataset: Dataset;
  /** Its share of the batches, 0 or more; weights need not sum to 1. */
  weight: number;
}

/** The keys of {@link MixedSource}. */
export const mixedSourceKeys: OptionChecks<MixedSource> = { dataset: true, weight: true };

/**
 * Several datasets by turns: each batch is of one of them, as often as its weight says and evenly spread. The weights may
 * be changed at any time, as by a callback of a trainer; the next batch goes by the new ones. A position holds them, so
 * that a resumed run goes on with the same mix.
 *
 * @remarks In `sequential` order, and in evaluations, every example of every dataset comes once, whatever the weights.
 * @example
 * const mix = new MixedDataset([{ dataset: books, weight: 3 }, { dataset: web, weight: 1 }]);
 * mix.weights = [1, 1];
 */
export class MixedDataset implements Dataset {
  readonly datasets: readonly Dataset[];
  #weights: readonly number[] = [];

  /**
   * @param sources - the datasets and their weights, at least one of them above 0
   * @throws ArgumentError for weights below 0, and for none above it
   */
  constructor(sources: readonly MixedSource[]) {
    for (const source of sources) checkOptions('MixedDataset', source, mixedSourceKeys);
    this.datasets = sources.map(({ dataset }) => dataset);
    this.weights = sources.map(({ weight }) => weight);
  }

  /** The weights in the order of the datasets. */
  get weights(): readonly number[] {
    return this.#weights;
  }

  /** @throws ArgumentError for weights below 0, for none above it, and for another number of them */
  set weights(values: readonly number[]) {
    if (values.length !== this.datasets.length)
      refuse(`${this.datasets.length} weights, one a dataset`, String(values.length));
    values.forEach((weight, index) => expectRange('MixedDataset', `weights[${index}]`, weight, { min: 0 }));
    if (!values.some((weight) => weight > 0)) refuse('a weight above 0', `[${values.join(', ')}]`);
    this.#weights = [...values];
  }

  get size(): number {
    return this.datasets.reduce((sum, { size }) => sum + size, 0);
  }

  get targetCount(): number {
    return this.datasets.reduce((sum, { targetCount }) => sum + targetCount, 0);
  }

  /** Names the datasets, not the weights, which change. */
  toString(): string {
    return `mix of ${this.datasets.map((dataset) => describe(dataset)).join(' and ')}`;
  }

  /** Counted by the weights of today: an epoch are as many targets as there are in all datasets. */
  countBatches(goal: BatchGoal, options: BatchOptions): number {
    const { epochs = Infinity, tokens = Infinity } = checkOptions('countBatches', goal, { epochs: true, tokens: true });
    const resolved = resolveBatchOptions(options);
    const drawn = this.datasets.filter((_, index) => this.#weights[index]! > 0);
    if (drawn.every(({ targetCount }) => targetCount === 0)) return Infinity;
    const byEpochs = epochs === Infinity ? Infinity : this.countForEpochs(epochs, resolved);
    return tokens === Infinity ? byEpochs : this.countForTokens(tokens, byEpochs, resolved);
  }

  private countForEpochs(epochs: number, options: BatchOptions): number {
    const sequence = this.batches(options);
    const start = sequence.save();
    const epochAfter = (batches: number): number => {
      sequence.restore({ ...start, batches });
      return sequence.epoch;
    };
    return countEpochBatches({ count: sequence.remaining, epochAfter }, epochs);
  }

  /** Adds up the targets of one batch after another. */
  private countForTokens(tokens: number, most: number, options: BatchOptions): number {
    let sequence = this.batches(options);
    let total = 0;
    for (let batches = 0; batches < most; batches++) {
      if (sequence.remaining === 0) sequence = this.batches(options);
      total += skipBatch(sequence);
      if (total >= tokens) return batches + 1;
    }
    return most;
  }

  /** Of the datasets that have a hash. */
  async hash(): Promise<string> {
    const hash = createHash('sha256');
    for (const dataset of this.datasets) hash.update(`${(await dataset.hash?.()) ?? describe(dataset)}\n`);
    return hash.digest('hex');
  }

  batchesForEvaluation(batchSize: number): BatchSequence {
    return this.chain({ batchSize, order: 'sequential' }, (dataset) => dataset.batchesForEvaluation?.(batchSize));
  }

  batches(options: BatchOptions): BatchSequence {
    const resolved = resolveBatchOptions(options);
    return resolved.order === 'sequential' ? this.chain(resolved) : new MixedSequence(this, resolved);
  }

  /** The datasets one after another. */
  private chain(options: BatchOptions, batchesOf?: (dataset: Dataset) => BatchSequence | undefined): BatchSequence {
    const resolved = resolveBatchOptions(options);
    let examples = 0;
    const links = this.datasets.map((dataset) => {
      const offset = examples;
      examples += dataset.size;
      const sequence = batchesOf?.(dataset) ?? dataset.batches(resolved);
      return { sequence, targetCount: dataset.targetCount, offset };
    });
    return new ChainedSequence(links, { dataset: this.toString(), ...resolved });
  }
}

/** The name that positions in a dataset have. */
function describe(dataset: Dataset): string {
  return dataset.batches({ batchSize: 1, order: 'sequential' }).save().dataset;
}

function refuse(expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: 'MixedDataset', expected, received });
}
