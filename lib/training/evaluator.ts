import { raise } from '../core/index.js';
import type { Dataset, TokenBatch } from '../data/index.js';
import type { DecodeState, LanguageModel } from '../models/index.js';
import { noGrad } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import {
  BatchTensors,
  RecurrentStates,
  buildContext,
  compile,
  countTargets,
  describeLayout,
  readNumbers,
} from '../step/index.js';
import type { CompiledFunction, StepMode } from '../step/index.js';

/** The loss on a split. */
export interface SplitLoss {
  /** Nats a token. */
  loss: number;
  /** Tokens predicted. */
  tokens: number;
}

/** Measures the loss on a whole dataset again and again, in float32, without dropout and label smoothing. */
export class Evaluator {
  private readonly functions = new Map<string, CompiledFunction<{ lossSum: Tensor }>>();
  private readonly states: RecurrentStates;

  constructor(
    private readonly model: LanguageModel,
    private readonly dataset: Dataset,
    private readonly options: { batchSize: number; mode: StepMode },
  ) {
    this.states = new RecurrentStates(model);
  }

  /**
   * The mean loss over every target that counts.
   * @throws PalabraError of code PAL_ABORTED when the signal fires
   */
  async run(signal?: AbortSignal): Promise<SplitLoss> {
    let [sum, tokens] = [0, 0];
    for (const batch of this.dataset.batches({ batchSize: this.options.batchSize, order: 'sequential' })) {
      if (signal?.aborted === true) throwAborted(signal);
      sum += await this.sumLoss(batch);
      tokens += countTargets(batch);
    }
    return { loss: sum / tokens, tokens };
  }

  /** Frees the recordings. */
  dispose(): void {
    for (const compiled of this.functions.values()) compiled.dispose();
    this.states.dispose();
  }

  private async sumLoss(batch: TokenBatch): Promise<number> {
    const layout = describeLayout(batch);
    const state = this.states.stateFor(batch);
    const compiled = this.functions.get(layout) ?? compile(this.passOver(batch, state), this.options.mode);
    this.functions.set(layout, compiled);
    using tensors = new BatchTensors(batch, this.model.device);
    return readNumbers(await compiled.run(...tensors.list)).lossSum;
  }

  private passOver(like: TokenBatch, state?: DecodeState): (...tensors: Tensor[]) => { lossSum: Tensor } {
    return (...tensors) =>
      noGrad(() => {
        const [inputs, targets] = tensors as [Tensor, Tensor];
        const { lossSum } = this.model.loss(inputs, targets, buildContext(tensors, like, false, state));
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

function throwAborted(signal: AbortSignal): never {
  const cause: unknown = signal.reason;
  raise('PAL_ABORTED', {
    where: 'Evaluator.run',
    expected: 'to reach the end of the split',
    received: 'an abort',
    cause,
  });
}
