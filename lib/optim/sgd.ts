import type { OptionChecks } from '../core/index.js';
import { checkOptions, expectRange, raise } from '../core/index.js';
import { aten, zerosLike } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { Optimizer } from './interface/optimizer.js';
import type { ParameterEntry, UpdateApplication, UpdateOptions } from './interface/optimizer.js';
import type { ParameterGroup, ResolvedGroup } from './interface/parameter-group.js';

/** Settings of {@link SGD}. */
export interface SGDOptions {
  learningRate: number;
  /** Default 0. */
  momentum?: number;
  /** Looks ahead along the momentum (default false; needs momentum). */
  nesterov?: boolean;
  /** Added to the gradient as λθ (default 0). */
  weightDecay?: number;
}

/** The keys of {@link SGDOptions}. */
export const sgdKeys: OptionChecks<SGDOptions> = {
  learningRate: true,
  momentum: true,
  nesterov: true,
  weightDecay: true,
};

/**
 * Stochastic gradient descent: b ← μb + (g + λθ), θ ← θ − ηb; with Nesterov θ ← θ − η(g + λθ + μb).
 * @see Sutskever et al. 2013 for the form of the momentum
 */
export class SGD extends Optimizer {
  static {
    this.honourSkip(this.prototype);
  }

  readonly momentum: number;
  readonly nesterov: boolean;

  constructor(groups: readonly ParameterGroup[], options: SGDOptions) {
    const { learningRate, momentum = 0, nesterov = false, weightDecay = 0 } = checkOptions('SGD', options, sgdKeys);
    super(groups, { learningRate, weightDecay });
    this.momentum = expectRange('SGD', 'momentum', momentum, { min: 0, below: 1 });
    this.nesterov = nesterov;
    if (nesterov && momentum === 0) {
      raise('PAL_ARGUMENT', { where: 'SGD', expected: 'momentum above 0 with nesterov', received: 'momentum 0' });
    }
    this.initializeState();
  }

  protected newState(parameter: Tensor): Record<string, Tensor> {
    return this.momentum === 0 ? {} : { momentum: zerosLike(parameter) };
  }

  protected prepareUpdate(group: ResolvedGroup, entries: ParameterEntry[], options: UpdateOptions): UpdateApplication {
    return () => this.apply(group, entries, options);
  }

  private apply(group: ResolvedGroup, entries: ParameterEntry[], { gradientDivisor, skip }: UpdateOptions): void {
    aten._fused_sgd__tensor_lr(
      entries.map((entry) => entry.parameter),
      entries.map((entry) => entry.gradient),
      this.momentum === 0 ? [] : entries.map(({ state }) => state.momentum!),
      {
        weight_decay: group.weightDecay,
        momentum: this.momentum,
        lr: group.learningRate,
        dampening: 0,
        nesterov: this.nesterov,
        maximize: false,
        // Momentum starts at zero, so the first step needs no rule of its own.
        is_first_step: false,
        grad_scale: gradientDivisor,
        found_inf: skip,
      },
    );
  }
}
