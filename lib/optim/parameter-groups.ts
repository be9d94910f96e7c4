import type { OptionChecks } from '../core/index.js';
import { checkOptions, raise } from '../core/index.js';
import { getParameterRole } from '../nn/index.js';
import type { Module, NamedTensors, ParameterRole } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import type { ParameterGroup } from './interface/parameter-group.js';

/** The settings that parameters of one group share; `decays` keeps kinds apart whatever their weight decay is. */
type GroupSettings = Required<Omit<ParameterGroup, 'parameters'>> & { decays: boolean };

/**
 * Splits parameters by their roles: matrices, embeddings and heads decay, vectors and scalars don't.
 *
 * @param parameters - as `model.namedParameters()` gives them; frozen ones are left out
 * @param weightDecay - at least 0, for those whose role names none
 * @returns groups for an optimizer, none of them empty
 * @throws ArgumentError for a tensor that `parameter` didn't make
 */
export function createDecayGroups(parameters: NamedTensors, weightDecay: number): ParameterGroup[] {
  return groupByRole(parameters, (role) => resolveSettings(role, weightDecay));
}

/** Settings of {@link createMuonGroups}. */
export interface MuonGroupOptions {
  weightDecay: number;
  /** Factor on the learning rate of all parameters but the matrices (default 1). */
  adamwScale?: number;
}

/** The keys of {@link MuonGroupOptions}. */
export const muonGroupKeys: OptionChecks<MuonGroupOptions> = { weightDecay: true, adamwScale: true };

/**
 * Splits a model's parameters by their roles: matrices for Muon, marked `useMuon`, then those of
 * {@link createDecayGroups} for AdamW.
 *
 * @param model - its frozen parameters are left out
 * @param options - weight decay, and the factor on AdamW's learning rate
 * @returns groups for {@link Muon}, none of them empty
 */
export function createMuonGroups(model: Module, options: MuonGroupOptions): ParameterGroup[] {
  checkOptions('createMuonGroups', options, muonGroupKeys);
  const { weightDecay, adamwScale = 1 } = options;
  return groupByRole(model.namedParameters(), (role) => {
    const settings = resolveSettings(role, weightDecay);
    if (role.kind === 'matrix') return { ...settings, useMuon: true };
    return { ...settings, learningRateScale: settings.learningRateScale * adamwScale };
  });
}

function resolveSettings({ kind, weightDecay, rateScale = 1 }: ParameterRole, decay: number): GroupSettings {
  const decays = kind === 'matrix' || kind === 'embedding' || kind === 'head';
  return { decays, weightDecay: weightDecay ?? (decays ? decay : 0), learningRateScale: rateScale, useMuon: false };
}

/** Groups trainable parameters of the same settings: those for Muon first, those that don't decay last. */
function groupByRole(parameters: NamedTensors, resolve: (role: ParameterRole) => GroupSettings): ParameterGroup[] {
  const groups = new Map<string, { settings: GroupSettings; parameters: NamedTensors }>();
  for (const [name, tensor] of Object.entries(parameters)) {
    if (!tensor.requiresGrad) continue;
    const settings = resolve(expectRole(name, tensor));
    const key = JSON.stringify(settings);
    const group = groups.get(key) ?? { settings, parameters: {} };
    groups.set(key, group);
    group.parameters[name] = tensor;
  }
  const rank = ({ useMuon, decays }: GroupSettings) => (useMuon ? 0 : decays ? 1 : 2);
  return [...groups.values()]
    .sort((a, b) => rank(a.settings) - rank(b.settings))
    .map(({ settings: { decays: _decays, ...settings }, parameters }) => ({ parameters, ...settings }));
}

function expectRole(name: string, tensor: Tensor): ParameterRole {
  const role = getParameterRole(tensor);
  if (role !== undefined) return role;
  return raise('PAL_ARGUMENT', {
    where: 'createDecayGroups',
    expected: `a role of ${name}`,
    received: 'a tensor without one',
    fix: "Make it by parameter(initial, { kind: 'matrix' }), or pass the optimizer groups of your own.",
  });
}
