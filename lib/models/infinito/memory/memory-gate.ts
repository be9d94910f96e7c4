import { Module, fanInUniform, normalInitializer, parameter } from '../../../nn/index.js';
import type { ParameterRole } from '../../../nn/index.js';
import { full, linear, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';

/** What decides how much a memory adds learns ten times as fast, and does not decay. */
export const GATE_ROLE: ParameterRole = { kind: 'vector', rateScale: 10, weightDecay: 0 };

/** How much of what is read is added to each position: σ(W₂ GELU(W₁x + b₁) + b₂), or one σ(b₂) for all. */
export class MemoryGate extends Module {
  /** W₁, `[C/4, C]`; only by position. */
  hiddenWeight: Tensor | undefined;
  /** b₁, `[C/4]`. */
  hiddenBias: Tensor | undefined;
  /** W₂, `[1, C/4]`, small at the start but not zero, so that gradients reach W₁. */
  outputWeight: Tensor | undefined;
  /** b₂, `[1]`. */
  outputBias: Tensor;

  /**
   * @param width - C
   * @param config - by position or not, and the first b₂
   */
  constructor(width: number, config: { type: 'dynamic' | 'static'; bias: number }) {
    super();
    if (config.type === 'dynamic') {
      const hidden = Math.max(1, Math.floor(width / 4));
      this.hiddenWeight = parameter(fanInUniform([hidden, width]), GATE_ROLE);
      this.hiddenBias = parameter(zeros([hidden]), GATE_ROLE);
      this.outputWeight = parameter(normalInitializer(1e-3)([1, hidden]), GATE_ROLE);
    }
    this.outputBias = parameter(full([1], config.bias), GATE_ROLE);
  }

  /**
   * The gate of each position.
   * @param x - `[B, n, C]`, floating
   * @returns `[B, n, 1]`, or `[1]` where it is one for all, 0 to 1 in the dtype of `x`
   */
  forward(x: Tensor): Tensor {
    const { hiddenWeight, hiddenBias, outputWeight, outputBias } = this;
    const bias = outputBias.to(x.dtype);
    if (hiddenWeight === undefined || outputWeight === undefined) return bias.sigmoid();
    const hidden = linear(x, hiddenWeight.to(x.dtype), hiddenBias?.to(x.dtype)).gelu();
    return linear(hidden, outputWeight.to(x.dtype), bias).sigmoid();
  }
}
