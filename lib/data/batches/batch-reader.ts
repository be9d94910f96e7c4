import { isPalabraError } from '../../core/index.js';
import { openDataAddon } from '../../native/data.js';
import type { DataAddon, NativeTokenReader } from '../../native/data.js';
import type { TokenBatch } from './batch.js';
import { createBatch, gatherTokens } from './gather.js';
import type { BatchPlan, BatchPlans } from './plan.js';
import { TokenFile } from '../token-files/token-file.js';
import type { TokenRow } from '../corpus/tokens.js';

/** Batches that are read ahead of the one asked for. */
const AHEAD = 2;

/** Reads planned batches, usually one after another. */
export interface BatchReader {
  /**
   * The batch of a number, which the plans must have.
   *
   * @throws DataError when the tokens cannot be read
   */
  read(batch: number): TokenBatch;
  /** Frees what is held for reading ahead; the next read takes it up again. */
  release(): void;
}

/**
 * The reader for a row of tokens: from a file natively and ahead where there is an addon, else at once.
 *
 * @param tokens - the tokens that the spans name
 * @param plans - the batches to read
 * @param padding - the input outside the spans
 */
export function createBatchReader(tokens: TokenRow, plans: BatchPlans, padding: number): BatchReader {
  const addon = tokens instanceof TokenFile ? findDataAddon() : undefined;
  if (addon !== undefined) return new PrefetchReader(addon, tokens as TokenFile, plans, padding);
  return new DirectReader(tokens, plans, padding);
}

/** The reference implementation of {@link PrefetchReader}: reads when asked. */
export class DirectReader implements BatchReader {
  readonly #tokens: TokenRow;
  readonly #plans: BatchPlans;
  readonly #padding: number;

  constructor(tokens: TokenRow, plans: BatchPlans, padding: number) {
    this.#tokens = tokens;
    this.#plans = plans;
    this.#padding = padding;
  }

  read(batch: number): TokenBatch {
    const plan = this.#plans.plan(batch);
    return createBatch(plan, gatherTokens(this.#tokens, plan, this.#padding));
  }

  release(): void {
    // Nothing is held.
  }
}

/** Lets a thread of the addon read the next batches while the one before is worked on. */
export class PrefetchReader implements BatchReader {
  readonly #addon: DataAddon;
  readonly #file: TokenFile;
  readonly #plans: BatchPlans;
  readonly #padding: number;
  #reader: NativeTokenReader | undefined;
  #first = 0;
  #requested: BatchPlan[] = [];

  constructor(addon: DataAddon, file: TokenFile, plans: BatchPlans, padding: number) {
    this.#addon = addon;
    this.#file = file;
    this.#plans = plans;
    this.#padding = padding;
  }

  read(batch: number): TokenBatch {
    const { descriptor } = this.#file;
    const reader = (this.#reader ??= this.#open(descriptor));
    if (batch !== this.#first) this.#restart(reader, batch);
    const end = Math.min(this.#plans.count, batch + 1 + AHEAD);
    while (this.#first + this.#requested.length < end) this.#request(reader);
    try {
      const tokens = this.#addon.takeBatch(reader);
      this.#first++;
      return createBatch(this.#requested.shift()!, tokens);
    } catch (error) {
      this.#restart(reader, batch);
      throw error;
    }
  }

  release(): void {
    if (this.#reader !== undefined) this.#addon.closeTokens(this.#reader);
    this.#reader = undefined;
    this.#requested = [];
  }

  #open(descriptor: number): NativeTokenReader {
    const { offset, length, bytesPerToken, vocabSize = 0 } = this.#file;
    return this.#addon.openTokens(descriptor, offset, length, bytesPerToken, vocabSize);
  }

  #restart(reader: NativeTokenReader, batch: number): void {
    this.#addon.clearBatches(reader);
    this.#requested = [];
    this.#first = batch;
  }

  #request(reader: NativeTokenReader): void {
    const plan = this.#plans.plan(this.#first + this.#requested.length);
    const spans = new Uint32Array(plan.spans.length * 5);
    plan.spans.forEach(({ start, count, position, firstTarget = 0 }, index) => {
      spans.set([start % 2 ** 32, Math.floor(start / 2 ** 32), count, position, firstTarget], index * 5);
    });
    this.#addon.requestBatch(reader, plan.shape[0] * plan.shape[1], this.#padding, spans);
    this.#requested.push(plan);
  }
}

function findDataAddon(): DataAddon | undefined {
  try {
    return openDataAddon();
  } catch (error) {
    if (isPalabraError(error) && error.code === 'PAL_NATIVE_LOAD') return undefined;
    throw error;
  }
}
