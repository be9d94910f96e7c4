import { Random } from '../../core/index.js';
import type { ForwardContext, LanguageModel } from '../../models/interface/index.js';
import { noGrad, tensor } from '../../tensor/index.js';
import type { DType, Tensor } from '../../tensor/index.js';

/** The sequences that a model is probed with. */
export class Probe {
  readonly vocabSize: number;
  readonly device: string;
  private readonly random: Random;

  constructor(
    readonly model: LanguageModel,
    /** Sequences side by side, B. */
    readonly batch: number,
    /** Tokens a sequence, T. */
    readonly length: number,
    seed: number,
  ) {
    this.vocabSize = model.config.vocabSize;
    this.device = model.device;
    this.random = new Random(seed);
  }

  /** Uniform random ids below `choices`, B · T of them. */
  draw(batch: number, length: number, choices: number): Int32Array {
    return Int32Array.from({ length: batch * length }, () => this.random.integer(choices));
  }

  /** Uniform random ids below `choices`, `[B, T]`, int64. */
  ids(batch = this.batch, length = this.length, choices = this.vocabSize): Tensor {
    return tensor(this.draw(batch, length, choices), { shape: [batch, length], dtype: 'int64', device: this.device });
  }

  /** The ids with every token of some positions replaced by another, which needs a vocabulary of two. */
  withOthers(ids: Tensor, start: number, length = 1): Tensor {
    const changed = ids.clone();
    const positions = changed.narrow(1, start, length);
    const shift = 1 + this.random.integer(Math.max(1, this.vocabSize - 1));
    positions.copy_(positions.add(shift).remainder(this.vocabSize));
    return changed;
  }

  /** Logits in float64, `[B, T, V]`, without dropout or gradients. */
  logits(ids: Tensor, context: Omit<ForwardContext, 'training'> = {}): Tensor {
    return noGrad(() => this.model.forward(ids, { training: false, ...context })).to('float64');
  }

  /** The difference that rounding in another order may make, beside the largest logit. */
  rounding(logits: Tensor): number {
    const tolerances: Partial<Record<DType, number>> = { float64: 1e-9, float32: 1e-4 };
    const dtype = this.model.dtype;
    return (tolerances[dtype] ?? 5e-2) * Math.max(1, logits.abs().max().item());
  }
}

/** The largest absolute difference; NaN where either holds one. */
export function computeDifference(a: Tensor, b: Tensor): number {
  return a.numel === 0 ? 0 : a.sub(b).abs().max().item();
}
