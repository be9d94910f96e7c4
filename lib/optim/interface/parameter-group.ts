import { checkOptions, expectBoolean, expectRange, raise, show } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { isTensor, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** Parameters that share settings. */
export interface ParameterGroup {
  /** Trainable tensors by name, as `model.namedParameters()` gives them. */
  parameters: Record<string, Tensor>;
  /** Weight decay of this group; the optimizer's own without it. */
  weightDecay?: number;
  /** Factor on the learning rate (default 1). */
  learningRateScale?: number;
  /** True for matrices whose updates {@link Muon} orthogonalizes (default false). */
  useMuon?: boolean;
}

/** A group with its settings resolved. */
export interface ResolvedGroup {
  parameters: Record<string, Tensor>;
  weightDecay: number;
  learningRateScale: number;
  useMuon: boolean;
  /** 0-dim; a recorded program reads it at every run. */
  learningRate: Tensor;
  /** The optimizer's tensors for the group as a whole. */
  state: Record<string, Tensor>;
}

/** What groups have where they name nothing else. */
interface Rates {
  learningRate: number;
  weightDecay: number;
}

const expectNotBelowZero = (where: string, name: string, value: unknown) => expectRange(where, name, value, { min: 0 });

const groupKeys: OptionChecks<ParameterGroup> = {
  parameters: true,
  weightDecay: expectNotBelowZero,
  learningRateScale: expectNotBelowZero,
  useMuon: expectBoolean,
};

/**
 * The groups of an optimizer with their settings resolved.
 *
 * @param where - the class of the optimizer, named in errors
 * @param groups - as a caller gave them
 * @param rates - the optimizer's own settings
 * @throws ArgumentError for what is no list of groups, for groups without any parameter, and for a parameter in two places
 */
export function resolveGroups(where: string, groups: readonly ParameterGroup[], rates: Rates): ResolvedGroup[] {
  if (!Array.isArray(groups)) refuseGroups(where, groups);
  groups.forEach((group: ParameterGroup, index) => expectGroup(where, group, index));
  expectDistinct(where, groups);
  return groups.map((group: ParameterGroup) => resolveGroup(group, rates));
}

function expectGroup(where: string, group: ParameterGroup, index: number): void {
  if (isTensor(group)) refuseGroups(where, group);
  const { parameters } = checkOptions(where, group, groupKeys, `groups[${index}]`);
  const values: unknown[] = typeof parameters === 'object' && !isTensor(parameters) ? Object.values(parameters) : [0];
  if (!values.every(isTensor) || Array.isArray(parameters)) refuseGroups(where, parameters);
}

function refuseGroups(where: string, received: unknown): never {
  raise('PAL_ARGUMENT', {
    where,
    expected: 'a list of groups, each with its parameters by name',
    received: Array.isArray(received) ? 'a list without names' : show(received),
    fix: 'Pass createDecayGroups(model.namedParameters(), 0.1), or [{ parameters: model.namedParameters() }].',
  });
}

function resolveGroup(group: ParameterGroup, { learningRate, weightDecay }: Rates): ResolvedGroup {
  const { parameters, learningRateScale = 1, useMuon = false } = group;
  const device = Object.values(parameters)[0]?.device ?? 'cpu';
  // The CPU's fused updates read a double; CUDA's read a float.
  const dtype = device === 'cpu' ? 'float64' : 'float32';
  const rate = tensor(learningRate * learningRateScale, { dtype, device }).keep();
  const decay = group.weightDecay ?? weightDecay;
  return { parameters, weightDecay: decay, learningRateScale, useMuon, learningRate: rate, state: {} };
}

/** Two names of one tensor would update it twice a step. */
function expectDistinct(where: string, groups: readonly ParameterGroup[]): void {
  const entries = groups.flatMap((group) => Object.entries(group.parameters));
  const seen = new Set<string | Tensor>();
  const twice = entries.filter(([name, value]) => {
    const isRepeated = seen.has(name) || seen.has(value);
    seen.add(name).add(value);
    return isRepeated;
  });
  if (twice.length === 0 && entries.length > 0) return;
  const received = entries.length === 0 ? 'no parameter' : `${twice.map(([name]) => name).join(', ')} twice`;
  raise('PAL_ARGUMENT', { where, expected: 'each parameter in exactly one group', received });
}
