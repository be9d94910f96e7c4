import type { OptionChecks } from '../core/index.js';
import { checkOptions, expectRange } from '../core/index.js';
import { aten, zeros, zerosLike } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { prepareIncrement } from './increment-steps.js';
import { Optimizer } from './interface/optimizer.js';
import type { ParameterEntry, UpdateApplication, UpdateOptions } from './interface/optimizer.js';
import type { ParameterGroup, ResolvedGroup } from './interface/parameter-group.js';

/** Settings of {@link AdamW}. */
export interface AdamWOptions {
  /** Default 1e-3. */
  learningRate?: number;
  /** Decay of the two moments (default 0.9 and 0.999). */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** Default 0.01. */
  weightDecay?: number;
}

/** The keys of {@link AdamWOptions}. */
export const adamWKeys: OptionChecks<AdamWOptions> = { learningRate: true, betas: true, eps: true, weightDecay: true };

/**
 * Adam with decoupled weight decay: θ ← θ − η·(m̂ / (√v̂ + eps) + λθ), as one fused operator a group.
 * @see Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101, algorithm 2
 */
export class AdamW extends Optimizer {
  static {
    this.honourSkip(this.prototype);
  }

  readonly betas: readonly [number, number];
  readonly eps: number;

  constructor(groups: readonly ParameterGroup[], options: AdamWOptions = {}) {
    const {
      learningRate = 1e-3,
      weightDecay = 0.01,
      betas = [0.9, 0.999],
      eps = 1e-8,
    } = checkOptions('AdamW', options, adamWKeys);
    super(groups, { learningRate, weightDecay });
    for (const beta of betas) expectRange('AdamW', 'betas', beta, { min: 0, below: 1 });
    this.betas = betas;
    this.eps = expectRange('AdamW', 'eps', eps, { min: 0 });
    this.initializeState();
  }

  protected newState(parameter: Tensor, _group: ResolvedGroup): Record<string, Tensor> {
    return {
      firstMoment: zerosLike(parameter),
      secondMoment: zerosLike(parameter),
      step: zeros([], { dtype: 'float32', device: parameter.device }),
    };
  }

  protected prepareUpdate(group: ResolvedGroup, entries: ParameterEntry[], options: UpdateOptions): UpdateApplication {
    const increment = prepareIncrement(
      entries.map(({ state }) => state.step!),
      options.skip,
    );
    return () => {
      increment();
      this.apply(group, entries, options);
    };
  }

  private apply(group: ResolvedGroup, entries: ParameterEntry[], { gradientDivisor, skip }: UpdateOptions): void {
    const parts = (name: string) => entries.map(({ state }) => state[name]!);
    aten._fused_adamw__tensor_lr(
      entries.map((entry) => entry.parameter),
      entries.map((entry) => entry.gradient),
      parts('firstMoment'),
      parts('secondMoment'),
      [],
      parts('step'),
      {
        lr: group.learningRate,
        beta1: this.betas[0],
        beta2: this.betas[1],
        weight_decay: group.weightDecay,
        eps: this.eps,
        amsgrad: false,
        maximize: false,
        grad_scale: gradientDivisor,
        found_inf: skip,
      },
    );
  }
}
