import { expectRange, raise } from '../core/index.js';
import { aten, noGrad, scope, zeros, zerosLike } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { Optimizer } from './optimizer.js';
import type { ParameterEntry, ParameterGroup, ResolvedGroup, UpdateOptions, WeightAverage } from './optimizer.js';
import { replace } from './replace.js';

/** Settings of {@link ScheduleFreeAdamW}. */
export interface ScheduleFreeAdamWOptions {
  /** Default 2.5e-3; it needs a warm-up, but no fall. */
  learningRate?: number;
  /** How far gradients are taken towards the average, and decay of the second moment (default 0.9 and 0.999). */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** Default 0. */
  weightDecay?: number;
}

/**
 * AdamW that needs no falling learning rate: gradients are taken between a fast sequence z and its average x.
 *
 * y = (1 − β₁)z + β₁x, v ← β₂v + (1 − β₂)g², γ = η√(1 − β₂ᵗ), z ← z − γ(g / (√v + eps) + λy),
 * c = γ² / Σγ², x ← (1 − c)x + cz.
 *
 * @remarks The model's parameters hold y; x is {@link Optimizer.average}. It starts from the weights that the
 * parameters have when it is made, so make it after they are loaded.
 * @see Defazio et al. 2024, https://arxiv.org/abs/2405.15682, algorithm 1
 */
export class ScheduleFreeAdamW extends Optimizer {
  readonly betas: readonly [number, number];
  readonly eps: number;
  private averaged = false;

  constructor(groups: readonly ParameterGroup[], options: ScheduleFreeAdamWOptions = {}) {
    const { learningRate = 2.5e-3, weightDecay = 0, betas = [0.9, 0.999], eps = 1e-8 } = options;
    super(groups, { learningRate, weightDecay });
    expectRange('ScheduleFreeAdamW', 'betas[0]', betas[0], { above: 0, below: 1 });
    expectRange('ScheduleFreeAdamW', 'betas[1]', betas[1], { min: 0, below: 1 });
    this.betas = betas;
    this.eps = expectRange('ScheduleFreeAdamW', 'eps', eps, { min: 0 });
    this.prepare();
  }

  override get average(): WeightAverage {
    return {
      swapIn: () => this.swap(true, ({ average }) => average!),
      swapOut: () => this.swap(false, ({ fast, average }) => this.between(fast!, average!)),
    };
  }

  override step(options: UpdateOptions = {}): void {
    if (this.averaged) misplaced('step', 'the trained weights in place', 'their average');
    super.step(options);
  }

  protected newState(parameter: Tensor): Record<string, Tensor> {
    const start = parameter.detach();
    return { fast: start.clone(), average: start.clone(), secondMoment: zerosLike(parameter) };
  }

  protected override newGroupState({ learningRate: { dtype, device } }: ResolvedGroup): Record<string, Tensor> {
    return { step: zeros([], { dtype, device }), squaredRates: zeros([], { dtype, device }) };
  }

  protected update(group: ResolvedGroup, entries: ParameterEntry[], { gradientDivisor, skip }: UpdateOptions): void {
    const [beta1, beta2] = this.betas;
    const parts = (name: string) => entries.map(({ state }) => state[name]!);
    const parameters = entries.map(({ parameter }) => parameter);
    const gradients = entries.map(({ gradient }) => gradient);
    if (gradientDivisor !== undefined) aten._foreach_div__Tensor(gradients, gradientDivisor);
    const { step, squaredRates, rate, share } = this.advanced(group);
    const moments = aten._foreach_mul_Scalar(parts('secondMoment'), beta2);
    aten._foreach_addcmul__Scalar(moments, gradients, gradients, 1 - beta2);
    const updates = this.directions(gradients, moments);
    if (group.weightDecay > 0) aten._foreach_add__List(updates, parameters, { alpha: group.weightDecay });
    aten._foreach_mul__Tensor(updates, rate);
    const fast = aten._foreach_sub_List(parts('fast'), updates);
    const steps = aten._foreach_sub_List(fast, parts('average'));
    aten._foreach_mul__Tensor(steps, share);
    const average = aten._foreach_add_List(parts('average'), steps);
    const between = aten._foreach_lerp_Scalar(fast, average, beta1);
    replace([group.state.step!, group.state.squaredRates!], [step, squaredRates], skip);
    replace(
      [...parts('secondMoment'), ...parts('fast'), ...parts('average'), ...parameters],
      [...moments, ...fast, ...average, ...between],
      skip,
    );
  }

  /** t, Σγ², γ and c of the coming update, each 0-dim. */
  private advanced({ state, learningRate }: ResolvedGroup): Record<'step' | 'squaredRates' | 'rate' | 'share', Tensor> {
    const step = state.step!.add(1);
    const correction = aten.pow_Scalar(this.betas[1], step).neg().add(1);
    const rate = learningRate.mul(correction.sqrt());
    const squaredRates = state.squaredRates!.add(rate.square());
    // A rate of 0 moves nothing, and its share of nothing is 0.
    const share = rate.square().div(squaredRates).nanToNum();
    return { step, squaredRates, rate, share };
  }

  /** g / (√v + eps). */
  private directions(gradients: readonly Tensor[], moments: readonly Tensor[]): Tensor[] {
    const roots = aten._foreach_sqrt(moments);
    aten._foreach_add__Scalar(roots, this.eps);
    return aten._foreach_div_List(gradients, roots);
  }

  /** y, the same bits as in an update. */
  private between(fast: Tensor, average: Tensor): Tensor {
    return aten._foreach_lerp_Scalar([fast], [average], this.betas[0])[0]!;
  }

  private swap(averaged: boolean, weights: (state: Record<string, Tensor>) => Tensor): void {
    if (this.averaged === averaged) {
      const [here, there] = averaged
        ? ['the trained weights', 'their average']
        : ['the average', 'the trained weights'];
      misplaced(averaged ? 'average.swapIn' : 'average.swapOut', `${here} in place`, there);
    }
    noGrad(() => {
      for (const parameter of this.parameters()) scope(() => void parameter.copy_(weights(this.stateOf(parameter))));
    });
    this.averaged = averaged;
  }
}

function misplaced(method: string, expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: `ScheduleFreeAdamW.${method}`, expected, received, fix: 'Swap it out first.' });
}
