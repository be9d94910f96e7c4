import { raise } from '../core/index.js';
import type { Dataset, TokenBatch } from '../data/index.js';
import type { DecodeState, LanguageModel } from '../models/index.js';
import { noGrad } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { CarriedStates } from './carried-states.js';
import { contextOf, countedTargets, kindOf, withTensors } from './micro-batch.js';
import { Runner } from './runner.js';
import type { StepMode } from './runner.js';

/** What an evaluation found. */
export interface SplitLoss {
  /** Nats a token. */
  loss: number;
  /** Tokens predicted. */
  tokens: number;
}

/** Measures the loss on a whole dataset again and again, in float32, without dropout and label smoothing. */
export class Evaluator {
  private readonly runners = new Map<string, Runner<{ lossSum: Tensor }>>();

  private readonly carried: CarriedStates;

  constructor(
    private readonly model: LanguageModel,
    private readonly dataset: Dataset,
    private readonly options: { batchSize: number; mode: StepMode },
  ) {
    this.carried = new CarriedStates(model);
  }

  /**
   * The mean loss over every target that counts.
   * @throws PalabraError of code PAL_ABORTED when the signal fires
   */
  async run(signal?: AbortSignal): Promise<SplitLoss> {
    let [sum, tokens] = [0, 0];
    for (const batch of this.dataset.batches({ batchSize: this.options.batchSize, order: 'sequential' })) {
      if (signal?.aborted === true) aborted(signal);
      sum += await this.lossOf(batch);
      tokens += countedTargets(batch);
    }
    return { loss: sum / tokens, tokens };
  }

  /** Frees the recordings. */
  dispose(): void {
    for (const runner of this.runners.values()) runner.dispose();
    this.carried.dispose();
  }

  private async lossOf(batch: TokenBatch): Promise<number> {
    const kind = kindOf(batch);
    const state = this.carried.stateFor(batch);
    const runner = this.runners.get(kind) ?? new Runner(this.summedLoss(batch, state), this.options.mode);
    this.runners.set(kind, runner);
    return (await withTensors(batch, this.model, (tensors) => runner.run(tensors))).lossSum;
  }

  private summedLoss(like: TokenBatch, state?: DecodeState): (...tensors: Tensor[]) => { lossSum: Tensor } {
    return (...tensors) =>
      noGrad(() => {
        const [inputs, targets] = tensors as [Tensor, Tensor];
        const { lossSum } = this.model.loss(inputs, targets, contextOf(tensors, like, false, state));
        return { lossSum };
      });
  }
}

/**
 * The loss on a whole dataset, as a trainer measures it: in float32, without dropout and label smoothing.
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function evaluateDataset(
  model: LanguageModel,
  dataset: Dataset,
  { batchSize = 32, signal }: { batchSize?: number; signal?: AbortSignal } = {},
): Promise<SplitLoss> {
  const evaluator = new Evaluator(model, dataset, { batchSize, mode: 'program' });
  try {
    return await evaluator.run(signal);
  } finally {
    evaluator.dispose();
  }
}

function aborted(signal: AbortSignal): never {
  const cause: unknown = signal.reason;
  raise('PAL_ABORTED', {
    where: 'Evaluator.run',
    expected: 'to reach the end of the split',
    received: 'an abort',
    cause,
  });
}
