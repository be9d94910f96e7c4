import { checkOptions, expectRange, raise } from '../core/index.js';
import { aten, empty, full, noGrad, scope, zeros, zerosLike } from '../tensor/index.js';
import type { OptionChecks } from '../core/index.js';
import type { Tensor } from '../tensor/index.js';
import { Optimizer } from './interface/optimizer.js';
import type { ParameterEntry, UpdateApplication, UpdateOptions, WeightAverage } from './interface/optimizer.js';
import type { ParameterGroup, ResolvedGroup } from './interface/parameter-group.js';
import { updateKeys } from './interface/optimizer.js';
import { copyUnlessSkipped } from './copy-unless-skipped.js';

/** Settings of {@link ScheduleFreeAdamW}. */
export interface ScheduleFreeAdamWOptions {
  /** Default 2.5e-3; it needs a warm-up, but no fall. */
  learningRate?: number;
  /** Interpolation towards the average, and decay of the second moment (default 0.9 and 0.999). */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
  /** Default 0. */
  weightDecay?: number;
}

/** The keys of {@link ScheduleFreeAdamWOptions}. */
export const scheduleFreeAdamWKeys: OptionChecks<ScheduleFreeAdamWOptions> = {
  learningRate: true,
  betas: true,
  eps: true,
  weightDecay: true,
};

/** The inputs of the update of one parameter. */
interface OneUpdate extends UpdateOptions {
  weightDecay: number;
  /** γ and c, each 0-dim, in the dtype of the parameter. */
  rate: Tensor;
  share: Tensor;
  /** β₂ and eps, each 0-dim: a plain number would become a tensor in each product. */
  decay: Tensor;
  eps: Tensor;
  /** Memory for {@link PARTS} tensors as large as the largest parameter of the dtype. */
  space: Tensor;
}

/** The tensors that the update of a parameter takes. */
const PARTS = 4;

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
  static {
    this.honourSkip(this.prototype);
  }

  readonly betas: readonly [number, number];
  readonly eps: number;
  private averaged = false;

  constructor(groups: readonly ParameterGroup[], options: ScheduleFreeAdamWOptions = {}) {
    const {
      learningRate = 2.5e-3,
      weightDecay = 0,
      betas = [0.9, 0.999],
      eps = 1e-8,
    } = checkOptions('ScheduleFreeAdamW', options, scheduleFreeAdamWKeys);
    super(groups, { learningRate, weightDecay });
    expectRange('ScheduleFreeAdamW', 'betas[0]', betas[0], { above: 0, below: 1 });
    expectRange('ScheduleFreeAdamW', 'betas[1]', betas[1], { min: 0, below: 1 });
    this.betas = betas;
    this.eps = expectRange('ScheduleFreeAdamW', 'eps', eps, { min: 0 });
    this.initializeState();
  }

  override get average(): WeightAverage {
    return {
      applyShadow: () => this.swap(true, ({ average }) => average!),
      restore: () => this.swap(false, ({ fast, average }) => fast!.lerp(average!, this.betas[0])),
    };
  }

  override step(options: UpdateOptions = {}): void {
    checkOptions('ScheduleFreeAdamW.step', options, updateKeys);
    if (this.averaged) throwMisplaced('step', 'the trained weights in place', 'their average');
    super.step(options);
  }

  protected newState(parameter: Tensor): Record<string, Tensor> {
    const start = parameter.detach();
    return { fast: start.clone(), average: start.clone(), secondMoment: zerosLike(parameter) };
  }

  protected override newGroupState({ learningRate: { dtype, device } }: ResolvedGroup): Record<string, Tensor> {
    return { step: zeros([], { dtype, device }), squaredRates: zeros([], { dtype, device }) };
  }

  protected prepareUpdate(
    group: ResolvedGroup,
    entries: ParameterEntry[],
    { gradientDivisor, skip }: UpdateOptions,
  ): UpdateApplication {
    const { step, squaredRates, rate, share } = this.computeRates(group);
    const skipped = skip?.to('bool');
    const { weightDecay, state } = group;
    const updates = new Map<string, OneUpdate>();
    for (const [key, alike] of groupByDType(entries)) {
      const { dtype, device } = alike[0]!.parameter;
      const like = { dtype, device };
      const space = empty([PARTS, Math.max(...alike.map(({ parameter }) => parameter.numel))], like);
      updates.set(key, {
        ...{ weightDecay, gradientDivisor, skip: skipped, space },
        ...{ rate: rate.to(like.dtype), share: share.to(like.dtype) },
        ...{ decay: full([], this.betas[1], like), eps: full([], this.eps, like) },
      });
    }
    return () => {
      // Parameter by parameter, so that what an update reads and writes stays in the cache.
      for (const entry of entries) scope(() => this.updateOne(entry, updates.get(entry.parameter.dtype)!));
      copyUnlessSkipped([state.step!, state.squaredRates!], [step, squaredRates], skipped);
    };
  }

  private updateOne({ parameter, gradient, state }: ParameterEntry, update: OneUpdate): void {
    const { weightDecay, rate, share, decay, eps, gradientDivisor, skip, space } = update;
    const [beta1, beta2] = this.betas;
    const take = (part: number): Tensor => space.select(0, part).narrow(0, 0, parameter.numel).view(parameter.shape);
    if (gradientDivisor !== undefined) gradient.div_(gradientDivisor);
    const secondMoment = take(0)
      .copy_(state.secondMoment!)
      .mul_(decay)
      .addcmul_(gradient, gradient, { value: 1 - beta2 });
    const direction = take(1).copy_(secondMoment).sqrt_().add_(eps);
    aten.div_out(gradient, direction, { out: direction });
    if (weightDecay > 0) direction.add_(parameter, { alpha: weightDecay });
    const fast = take(2).copy_(state.fast!).sub_(direction.mul_(rate));
    const average = take(3).copy_(fast).sub_(state.average!).mul_(share).add_(state.average!);
    const next = direction.copy_(fast).lerp_(average, beta1);
    const values = [secondMoment, fast, average, next];
    copyUnlessSkipped([state.secondMoment!, state.fast!, state.average!, parameter], values, skip);
  }

  /** t, Σγ², γ and c of the coming update, each 0-dim. */
  private computeRates({
    state,
    learningRate,
  }: ResolvedGroup): Record<'step' | 'squaredRates' | 'rate' | 'share', Tensor> {
    const step = state.step!.add(1);
    const correction = aten.pow_Scalar(this.betas[1], step).neg().add(1);
    const rate = learningRate.mul(correction.sqrt());
    const squaredRates = state.squaredRates!.add(rate.square());
    // A rate of 0 moves nothing, and its share of nothing is 0.
    const share = rate.square().div(squaredRates).nanToNum();
    return { step, squaredRates, rate, share };
  }

  private swap(averaged: boolean, weights: (state: Record<string, Tensor>) => Tensor): void {
    if (this.averaged === averaged) {
      const [here, there] = averaged
        ? ['the trained weights', 'their average']
        : ['the average', 'the trained weights'];
      throwMisplaced(averaged ? 'average.applyShadow' : 'average.restore', `${here} in place`, there);
    }
    noGrad(() => {
      for (const parameter of this.parameters()) {
        const state = this.getState(parameter);
        if (state.average !== undefined) scope(() => void parameter.copy_(weights(state)));
      }
    });
    this.averaged = averaged;
  }
}

function groupByDType(entries: readonly ParameterEntry[]): Map<string, ParameterEntry[]> {
  const groups = new Map<string, ParameterEntry[]>();
  for (const entry of entries) {
    const { dtype } = entry.parameter;
    groups.set(dtype, [...(groups.get(dtype) ?? []), entry]);
  }
  return groups;
}

function throwMisplaced(method: string, expected: string, received: string): never {
  raise('PAL_ARGUMENT', {
    where: `ScheduleFreeAdamW.${method}`,
    expected,
    received,
    fix: 'Restore the trained weights first.',
  });
}
