import { afterEach } from '@jest/globals';
import { raise } from '../../lib/core/index.js';
import { WindowDataset } from '../../lib/data/index.js';
import { Gpt } from '../../lib/models/index.js';
import type { ForwardContext, GptOptions } from '../../lib/models/index.js';
import type { Module, TokenLossTerms } from '../../lib/nn/index.js';
import type { Optimizer } from '../../lib/optim/index.js';
import { manualSeed, ones } from '../../lib/tensor/index.js';
import type { SummedLoss, Tensor } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerEnd, TrainerOptions, TrainerStep } from '../../lib/training/index.js';

export const VOCABULARY = 11;
export const tokens = Uint16Array.from({ length: 400 }, (_, i) => (i * i + (i >> 3)) % VOCABULARY);
export const heldOut = tokens.subarray(300);

/** 37 windows to train on, 13 to evaluate. */
export const windowData = () => ({
  train: new WindowDataset(tokens.subarray(0, 297), { length: 8 }),
  validation: new WindowDataset(heldOut, { length: 8 }),
});

/** What the test under way has made, kept until its end. */
const held: unknown[] = [];

afterEach(() => {
  held.length = 0;
});

/** Keeps something reachable until the test is over, when its tensors are freed. */
export function hold<T>(thing: T): T {
  held.push(thing);
  return thing;
}

const size = { vocabSize: VOCABULARY, contextLength: 8, width: 16, layers: 2, heads: 2, initStd: 0.1 };

/** The same small model each time. */
export function newModel(options: Partial<GptOptions> = {}): Gpt {
  manualSeed(1);
  return hold(new Gpt({ ...size, ...options }));
}

/** A model whose loss can be multiplied by a number, and whose memory can be short. */
export class FaultyModel extends Gpt {
  /** The most rows it has memory for. */
  mostRows = Infinity;
  readonly #factor = ones([]).keep();

  static make(): FaultyModel {
    manualSeed(1);
    return hold(new FaultyModel(size));
  }

  set factor(value: number) {
    this.#factor.fill_(value);
  }

  override loss(ids: Tensor, targets: Tensor, context?: ForwardContext, terms?: TokenLossTerms): SummedLoss {
    const rows = ids.shape[0]!;
    if (context?.training === true && rows > this.mostRows) {
      raise('PAL_OUT_OF_MEMORY', { where: 'FaultyModel', expected: `${this.mostRows} rows`, received: String(rows) });
    }
    const { lossSum, count } = super.loss(ids, targets, context, terms);
    return { lossSum: lossSum.mul(this.#factor), count };
  }

  override dispose(): void {
    this.#factor.dispose();
    super.dispose();
  }
}

/** Runs a trainer on the windows and collects what it yields. */
export async function trained(
  options: Partial<TrainerOptions>,
): Promise<{ trainer: Trainer; steps: TrainerStep[]; end: TrainerEnd }> {
  const trainer = hold(new Trainer({ model: newModel(), data: windowData(), batchSize: 4, ...options }));
  const steps: TrainerStep[] = [];
  const running = trainer.steps();
  for (;;) {
    const { done, value } = await running.next();
    if (done === true) return { trainer, steps, end: value };
    steps.push(value);
  }
}

/** The bits of everything that training changes. */
export function bitsOf({ model, optimizer }: { model: Module; optimizer: Optimizer }): Record<string, unknown> {
  const tensors = Object.entries({ ...model.stateDict(), ...optimizer.stateDict() });
  return Object.fromEntries(tensors.map(([name, tensor]) => [name, [...tensor.bits()]]));
}
