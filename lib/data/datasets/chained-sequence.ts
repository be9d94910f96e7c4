import { expectCount } from '../../core/index.js';
import type { TokenBatch } from '../batches/batch.js';
import { expectPosition } from './dataset.js';
import type { BatchPosition, BatchSequence } from './dataset.js';

/** One of the sequences of a {@link ChainedSequence}. */
export interface ChainLink {
  sequence: BatchSequence;
  /** Targets of an epoch. */
  targetCount: number;
  /** Examples of the datasets before. */
  offset: number;
}

/** Sequences that end, one after another. */
export class ChainedSequence implements BatchSequence {
  private readonly lengths: number[];
  private batches = 0;

  /**
   * @param links - in their order
   * @param header - what a position names: dataset, order, batch size and seed
   */
  constructor(
    private readonly links: readonly ChainLink[],
    private readonly header: Omit<BatchPosition, 'batches'>,
  ) {
    this.lengths = links.map(({ sequence }) => sequence.remaining);
  }

  get epoch(): number {
    const total = this.links.reduce((sum, { targetCount }) => sum + targetCount, 0);
    return this.links.reduce((sum, { sequence, targetCount }) => sum + (sequence.epoch * targetCount) / total, 0);
  }

  get remaining(): number {
    return this.links.reduce((sum, { sequence }) => sum + sequence.remaining, 0);
  }

  next(): IteratorResult<TokenBatch, undefined> {
    const link = this.links.find(({ sequence }) => sequence.remaining > 0);
    const found = link?.sequence.next();
    if (found === undefined || found.done === true) return { done: true, value: undefined };
    this.batches++;
    return { done: false, value: moveExamples(found.value, link!.offset) };
  }

  skip(): number | undefined {
    const link = this.links.find(({ sequence }) => sequence.remaining > 0);
    if (link !== undefined) this.batches++;
    return link && skipBatch(link.sequence);
  }

  [Symbol.iterator](): this {
    return this;
  }

  return(): IteratorResult<TokenBatch, undefined> {
    for (const { sequence } of this.links) sequence.return?.();
    return { done: true, value: undefined };
  }

  save(): BatchPosition {
    return { ...this.header, batches: this.batches };
  }

  restore(position: BatchPosition): void {
    expectPosition(this.save(), position);
    const batches = expectCount('BatchSequence.restore', 'batches', position.batches);
    let left = batches;
    this.links.forEach(({ sequence }, index) => {
      const taken = Math.min(left, this.lengths[index]!);
      sequence.restore({ ...sequence.save(), batches: taken });
      left -= taken;
    });
    this.batches = batches;
  }
}

/**
 * Passes by the next batch of any sequence.
 * @param sequence - with a batch left
 * @returns the targets of the batch that count
 */
export function skipBatch(sequence: BatchSequence): number {
  if (sequence.skip !== undefined) return sequence.skip() ?? 0;
  const next: IteratorResult<TokenBatch, undefined> = sequence.next();
  return next.done === true ? 0 : [...next.value.targets].filter((target) => target >= 0).length;
}

/**
 * Counts the examples of a batch among those of several datasets.
 * @param batch - of one of them
 * @param offset - examples of the datasets before
 * @returns the same batch, its examples counted on
 */
export function moveExamples(batch: TokenBatch, offset: number): TokenBatch {
  const { examples } = batch;
  return examples === undefined ? batch : { ...batch, examples: examples.map((example) => example + offset) };
}
