import { expectCount, raise } from '../../core/index.js';
import type { TokenBatch } from '../batches/batch.js';
import { moveExamples, skipBatch } from './chained-sequence.js';
import { expectPosition } from './dataset.js';
import type { BatchPosition, BatchSequence, Dataset, ResolvedBatchOptions } from './dataset.js';

/** The state of a mix: everything that says which dataset comes next. */
export interface MixState {
  /** The shares of the datasets in order; they need not sum to 1. */
  weights: readonly number[];
  /** How far each dataset is behind its share, in batches. */
  credits: readonly number[];
  /** Batches that each dataset has given out. */
  counts: readonly number[];
  /** The places in the datasets. */
  positions: readonly BatchPosition[];
}

/** A position with the state of the mix. */
export interface MixedPosition extends BatchPosition {
  mix: MixState;
}

/** The datasets that a {@link MixedSequence} draws from, and their weights, which may change at any time. */
export interface MixedSources {
  readonly datasets: readonly Dataset[];
  weights: readonly number[];
  toString(): string;
}

/** Batches of several datasets by turns, each as often as its weight says; every batch is of one dataset. */
export class MixedSequence implements BatchSequence {
  readonly remaining = Infinity;
  private readonly sequences: BatchSequence[];
  private readonly passes: PassCounter[];
  /** Examples of the datasets before each. */
  private readonly offsets: number[];
  private credits: number[];
  private counts: number[];

  constructor(
    private readonly sources: MixedSources,
    private readonly options: ResolvedBatchOptions,
  ) {
    const { datasets } = sources;
    this.sequences = datasets.map((dataset, index) => dataset.batches(this.optionsOf(index)));
    this.passes = this.sequences.map((sequence) => new PassCounter(sequence.remaining));
    this.offsets = datasets.map((_, index) => sum(datasets.slice(0, index).map(({ size }) => size)));
    this.credits = datasets.map(() => 0);
    this.counts = datasets.map(() => 0);
  }

  /** Passes over all targets of all datasets: a dataset that is drawn often counts as often. */
  get epoch(): number {
    const targets = this.sources.datasets.map(({ targetCount }) => targetCount);
    const seen = this.sequences.map(({ epoch }, index) => (this.passes[index]!.epochs + epoch) * targets[index]!);
    return sum(seen) / sum(targets);
  }

  next(): IteratorResult<TokenBatch, undefined> {
    const index = this.draw();
    const found = this.sequences[index]!.next();
    if (found.done === true) raiseEmpty(index);
    if (this.sequences[index]!.remaining === 0) this.startAgain(index);
    return { done: false, value: moveExamples(this.nameStream(found.value, index), this.offsets[index]!) };
  }

  skip(): number {
    const index = this.draw();
    const targets = skipBatch(this.sequences[index]!);
    if (this.sequences[index]!.remaining === 0) this.startAgain(index);
    return targets;
  }

  [Symbol.iterator](): this {
    return this;
  }

  return(): IteratorResult<TokenBatch, undefined> {
    for (const sequence of this.sequences) sequence.return?.();
    return { done: true, value: undefined };
  }

  save(): MixedPosition {
    const { batchSize, order, seed } = this.options;
    const { weights } = this.sources;
    const positions = this.sequences.map((sequence) => sequence.save());
    const mix = { weights: [...weights], credits: [...this.credits], counts: [...this.counts], positions };
    return { dataset: this.sources.toString(), batchSize, order, seed, batches: sum(this.counts), mix };
  }

  /** Goes to a saved place and takes up its weights; of a mere number of batches, to where today's weights lead. */
  restore(position: BatchPosition): void {
    expectPosition(this.save(), position);
    const batches = expectCount('BatchSequence.restore', 'batches', position.batches);
    const { mix } = position as Partial<MixedPosition>;
    if (mix === undefined || sum(mix.counts) !== batches) return this.advanceTo(batches);
    this.sources.weights = mix.weights;
    this.credits = [...mix.credits];
    this.counts = [...mix.counts];
    this.sequences.forEach((sequence, index) => {
      this.passes[index]!.set(this.counts[index]!, sequence);
      sequence.restore(mix.positions[index]!);
    });
  }

  /** The dataset whose turn it is: the one that is furthest behind its share (smooth weighted round robin). */
  private draw(): number {
    const { weights } = this.sources;
    const total = sum(weights);
    weights.forEach((weight, index) => (this.credits[index]! += weight / total));
    const drawn = weights.reduce(
      (best, weight, index) => (weight > 0 && (best < 0 || this.credits[index]! > this.credits[best]!) ? index : best),
      -1,
    );
    this.credits[drawn]! -= 1;
    this.counts[drawn]!++;
    return drawn;
  }

  /** Batches that continue each other continue those of their own dataset. */
  private nameStream(batch: TokenBatch, index: number): TokenBatch {
    if (batch.resetState === undefined) return batch;
    return { ...batch, stream: (batch.stream ?? 0) * this.sequences.length + index };
  }

  /** Draws without reading, from the start. */
  private advanceTo(batches: number): void {
    this.credits = this.credits.map(() => 0);
    this.counts = this.counts.map(() => 0);
    for (let batch = 0; batch < batches; batch++) this.draw();
    this.sequences.forEach((sequence, index) => {
      const rest = this.passes[index]!.set(this.counts[index]!, sequence);
      sequence.restore({ ...sequence.save(), batches: rest });
    });
  }

  private startAgain(index: number): void {
    this.passes[index]!.set(this.counts[index]!, this.sequences[index]!);
    this.sequences[index] = this.sources.datasets[index]!.batches(this.optionsOf(index));
  }

  /** Two datasets of the same size don't come in the same order. */
  private optionsOf(index: number): ResolvedBatchOptions {
    return { ...this.options, seed: this.options.seed + index };
  }
}

/** Counts the passes over a sequence that ends. */
class PassCounter {
  epochs = 0;

  /** @param length - batches of a pass; Infinity for a sequence without end */
  constructor(private readonly length: number) {}

  /** Goes to where so many batches were given out. @returns those of the pass under way */
  set(count: number, sequence: BatchSequence): number {
    if (this.length === Infinity) return count;
    const passes = Math.floor(count / this.length);
    if (passes > 0) {
      sequence.restore({ ...sequence.save(), batches: this.length });
      this.epochs = passes * sequence.epoch;
    } else this.epochs = 0;
    return count % this.length;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function raiseEmpty(index: number): never {
  raise('PAL_DATA', { where: 'MixedDataset', expected: `sources[${index}] with batches`, received: 'none' });
}
