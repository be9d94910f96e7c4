import { checkOptions, expectCount } from '../../core/index.js';
import { countBatches } from '../batches/count-batches.js';
import type { BatchGoal } from '../batches/count-batches.js';
import { hashTokens } from '../corpus/hash-tokens.js';
import { BatchStream } from '../batches/batch-stream.js';
import { resolveBatchOptions } from './dataset.js';
import type { BatchOptions, ResolvedBatchOptions, Dataset } from './dataset.js';
import type { BatchPlans } from '../batches/plan.js';
import type { TokenArray, TokenRow } from '../corpus/tokens.js';

/** Examples that are spans of one row of tokens. A subclass plans them; reading is the same for all. */
export abstract class TokenDataset<T extends TokenRow = TokenArray> implements Dataset {
  /** The row the examples are cut from. */
  readonly tokens: T;
  /** The id of padding; no target counts there. */
  readonly paddingToken: number;
  abstract readonly size: number;
  abstract readonly targetCount: number;
  /** The inputs of an epoch, without padding. */
  abstract readonly inputCount: number;
  /** The positions of an epoch, with padding. */
  abstract readonly positionCount: number;

  constructor(tokens: T, paddingToken = 0) {
    this.tokens = tokens;
    this.paddingToken = expectCount('Dataset', 'paddingToken', paddingToken);
  }

  /** The share of positions that hold padding. */
  get paddingShare(): number {
    return 1 - this.inputCount / this.positionCount;
  }

  /** A description in a few words; a saved position names it. */
  abstract toString(): string;

  /** The batches of one order as arithmetic. */
  abstract plans(options: ResolvedBatchOptions): BatchPlans;

  countBatches(goal: BatchGoal, options: BatchOptions): number {
    checkOptions('countBatches', goal, { epochs: true, tokens: true });
    return countBatches(this.plans(resolveBatchOptions(options)), goal);
  }

  hash(): Promise<string> {
    return hashTokens(this.tokens);
  }

  batchesForEvaluation(batchSize: number): BatchStream {
    return this.batches({ batchSize, order: 'sequential' });
  }

  batches(options: BatchOptions): BatchStream {
    return new BatchStream(this, resolveBatchOptions(options));
  }
}
