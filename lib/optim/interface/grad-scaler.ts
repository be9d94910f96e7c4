import { expectPositiveInteger, expectRange } from '../../core/index.js';
import { copyState } from '../../nn/index.js';
import { aten, full, noGrad, zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { OptionChecks } from '../../core/index.js';
import { checkOptions } from '../../core/index.js';

/** Settings of {@link GradScaler}. */
export interface GradScalerOptions {
  /** The first scale (default 65,536). */
  initialScale?: number;
  /** Multiplies the scale after `growthInterval` updates without an overflow (default 2). */
  growthFactor?: number;
  /** Multiplies the scale after an overflow (default 0.5). */
  backoffFactor?: number;
  /** Default 2000. */
  growthInterval?: number;
}

/** The keys of {@link GradScalerOptions}. */
export const gradScalerKeys: OptionChecks<GradScalerOptions> = {
  initialScale: true,
  growthFactor: true,
  backoffFactor: true,
  growthInterval: true,
};

/**
 * The scale that keeps small float16 gradients above zero: the loss is multiplied by it, the gradients are divided by
 * it, and an update whose gradients overflow is left out.
 *
 * @see Micikevicius et al. 2018, https://arxiv.org/abs/1710.03740, section 3.2
 * @example
 * scaler.scaleLoss(loss).backward();
 * const skip = computeGradNorm(parameters).isfinite().logicalNot().to('float32');
 * optimizer.step({ gradientDivisor: scaler.scale, skip });
 * scaler.update(skip);
 */
export class GradScaler {
  /** 0-dim float32; a recorded program reads it at every run. */
  readonly scale: Tensor;
  /** Updates without an overflow since the scale last changed; 0-dim int32. */
  private readonly streak: Tensor;
  private readonly options: Required<GradScalerOptions>;

  constructor(options: GradScalerOptions = {}, device = 'cpu') {
    checkOptions('GradScaler', options, gradScalerKeys);
    this.options = { initialScale: 65_536, growthFactor: 2, backoffFactor: 0.5, growthInterval: 2000, ...options };
    const { initialScale, growthFactor, backoffFactor, growthInterval } = this.options;
    expectRange('GradScaler', 'initialScale', initialScale, { above: 0 });
    expectRange('GradScaler', 'growthFactor', growthFactor, { above: 1 });
    expectRange('GradScaler', 'backoffFactor', backoffFactor, { above: 0, below: 1 });
    expectPositiveInteger('GradScaler', 'growthInterval', growthInterval);
    this.scale = full([], initialScale, { dtype: 'float32', device }).keep();
    this.streak = zeros([], { dtype: 'int32', device }).keep();
  }

  /** The loss times the scale. */
  scaleLoss(loss: Tensor): Tensor {
    return loss.mul(this.scale);
  }

  /**
   * Changes the scale after an update; a program can record it.
   * @param overflow - 0-dim float32: 1 where the update was left out, else 0
   */
  update(overflow: Tensor): void {
    const { growthFactor, backoffFactor, growthInterval } = this.options;
    noGrad(() => {
      aten._amp_update_scale_(this.scale, this.streak, overflow, growthFactor, backoffFactor, growthInterval);
    });
  }

  /** `scale` and `streak`, shared, not copied. */
  stateDict(): Record<string, Tensor> {
    return { scale: this.scale, streak: this.streak };
  }

  /** Copies a stored state into this one. @throws CheckpointError naming every tensor that does not fit */
  loadStateDict(state: Record<string, Tensor>): void {
    copyState('GradScaler', this.stateDict(), state);
  }

  /** Frees its tensors. */
  dispose(): void {
    this.scale.dispose();
    this.streak.dispose();
  }
}
