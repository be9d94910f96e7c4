import { checkOptions, expectOneOf, expectPositiveInteger, expectRange, raise, show } from '../core/index.js';
import { aten, hasFastBfloat16, scope, stack, zerosLike } from '../tensor/index.js';
import type { OptionChecks } from '../core/index.js';
import type { Tensor } from '../tensor/index.js';
import { AdamW, adamWKeys } from './adamw.js';
import type { AdamWOptions } from './adamw.js';
import { orthogonalize } from './newton-schulz.js';
import type { ParameterEntry, UpdateApplication, UpdateOptions } from './interface/optimizer.js';
import type { ParameterGroup, ResolvedGroup } from './interface/parameter-group.js';
import { copyUnlessSkipped } from './copy-unless-skipped.js';

/** Scales of an update of shape R × S: like AdamW's, by 0.2·√max(R, S); or as first published, by √max(1, R/S). */
export const muonScales = ['adamw', 'original'] as const;

/** The dtypes of the Newton–Schulz iterations. */
export const muonPrecisions = ['float32', 'bfloat16'] as const;

/** Settings of {@link Muon}; learning rate, `betas` and `eps` are AdamW's for the other groups. */
export interface MuonOptions extends AdamWOptions {
  /** Decay of the momentum (default 0.95). */
  momentum?: number;
  /** Looks ahead along the momentum (default true). */
  nesterov?: boolean;
  /** Newton–Schulz iterations (default 5). */
  iterations?: number;
  /** Default `adamw`: both kinds of groups take the same learning rate and weight decay. */
  scale?: (typeof muonScales)[number];
  /** Default bfloat16 where that is faster, by {@link hasFastBfloat16}, else float32. */
  precision?: (typeof muonPrecisions)[number] | undefined;
  /** Default 0.1. */
  weightDecay?: number;
}

/** The keys of {@link MuonOptions}. */
export const muonKeys: OptionChecks<MuonOptions> = {
  ...adamWKeys,
  momentum: true,
  nesterov: true,
  iterations: true,
  scale: true,
  precision: true,
  weightDecay: true,
};

/**
 * Muon for groups marked `useMuon`, AdamW for all others. Muon's update is the momentum of the gradient with its
 * singular values brought near 1: b ← μb + (1 − μ)g, u = NewtonSchulz(μb + (1 − μ)g), θ ← θ − η(s·u + λθ).
 *
 * @remarks Matrices of one shape are worked on together. {@link createMuonGroups} marks what Muon is made for.
 * @see Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/; Liu et al. 2025, https://arxiv.org/abs/2502.16982
 * for the scale `adamw`
 */
export class Muon extends AdamW {
  static {
    this.honourSkip(this.prototype);
  }

  readonly momentum: number;
  readonly nesterov: boolean;
  readonly iterations: number;
  readonly scale: (typeof muonScales)[number];
  readonly precision: (typeof muonPrecisions)[number] | undefined;

  constructor(groups: readonly ParameterGroup[], options: MuonOptions = {}) {
    const {
      momentum = 0.95,
      nesterov = true,
      iterations = 5,
      scale = 'adamw',
      precision,
      ...adamw
    } = checkOptions('Muon', options, muonKeys);
    expectMatrices(groups);
    super(groups, { weightDecay: 0.1, ...adamw });
    this.momentum = expectRange('Muon', 'momentum', momentum, { min: 0, below: 1 });
    this.nesterov = nesterov;
    this.iterations = expectPositiveInteger('Muon', 'iterations', iterations);
    this.scale = expectOneOf('Muon', 'scale', scale, muonScales);
    this.precision = precision && expectOneOf('Muon', 'precision', precision, muonPrecisions);
  }

  protected override newState(parameter: Tensor, group: ResolvedGroup): Record<string, Tensor> {
    return group.useMuon ? { momentum: zerosLike(parameter) } : super.newState(parameter, group);
  }

  protected override prepareUpdate(
    group: ResolvedGroup,
    entries: ParameterEntry[],
    options: UpdateOptions,
  ): UpdateApplication {
    if (!group.useMuon) return super.prepareUpdate(group, entries, options);
    const skip = options.skip?.to('bool');
    const applications = groupByShape(entries).map((alike) => this.prepareStacked(group, alike, { ...options, skip }));
    return () => {
      for (const apply of applications) apply();
    };
  }

  /** Prepares the update of matrices of one shape. */
  private prepareStacked(group: ResolvedGroup, entries: ParameterEntry[], options: UpdateOptions): UpdateApplication {
    const { gradientDivisor, skip } = options;
    const targets = [...entries.map(({ state }) => state.momentum!), ...entries.map(({ parameter }) => parameter)];
    const values = scope(() => this.computeStacked(group, entries, gradientDivisor));
    const gradients = entries.map(({ gradient }) => gradient);
    return () => {
      if (gradientDivisor !== undefined) aten._foreach_div__Tensor(gradients, gradientDivisor);
      copyUnlessSkipped(targets, values, skip);
    };
  }

  /** The new momenta of matrices of one shape, then the matrices. */
  private computeStacked(
    group: ResolvedGroup,
    entries: ParameterEntry[],
    gradientDivisor: Tensor | undefined,
  ): Tensor[] {
    const gradient = stack(entries.map((entry) => entry.gradient)); // N R S
    if (gradientDivisor !== undefined) gradient.div_(gradientDivisor);
    const momentum = stack(entries.map(({ state }) => state.momentum!)).lerp(gradient, 1 - this.momentum);
    const direction = this.orthogonalize(this.nesterov ? gradient.lerp(momentum, this.momentum) : momentum);
    const decayed = stack(entries.map(({ parameter }) => parameter)).mul(
      group.learningRate.mul(-group.weightDecay).add(1),
    );
    const moved = decayed.sub(direction.mul(group.learningRate.mul(this.computeScale(direction.shape))));
    return [...momentum.unbind(0), ...moved.unbind(0)];
  }

  private orthogonalize(matrices: Tensor): Tensor {
    const precision = this.precision ?? (hasFastBfloat16(matrices.device) ? 'bfloat16' : 'float32');
    return orthogonalize(matrices, { iterations: this.iterations, precision });
  }

  private computeScale([, rows = 1, columns = 1]: readonly number[]): number {
    return this.scale === 'adamw' ? 0.2 * Math.sqrt(Math.max(rows, columns)) : Math.sqrt(Math.max(1, rows / columns));
  }
}

function groupByShape(entries: readonly ParameterEntry[]): ParameterEntry[][] {
  const groups = new Map<string, ParameterEntry[]>();
  for (const entry of entries) {
    const shape = String(entry.parameter.shape);
    groups.set(shape, [...(groups.get(shape) ?? []), entry]);
  }
  return [...groups.values()];
}

function expectMatrices(groups: readonly ParameterGroup[]): void {
  const marked = groups.filter((group) => group.useMuon).flatMap((group) => Object.entries(group.parameters));
  const found = marked.find(([, parameter]) => parameter.ndim !== 2);
  if (found === undefined) return;
  const [name, { shape }] = found;
  const received = `${name} of shape ${show(shape)}`;
  raise('PAL_ARGUMENT', { where: 'Muon', expected: 'matrices in groups marked useMuon', received });
}
