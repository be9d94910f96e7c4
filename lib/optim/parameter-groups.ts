import { Embedding } from '../nn/index.js';
import type { Module } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import type { ParameterGroup } from './optimizer.js';

type NamedTensors = Record<string, Tensor>;

/** Splits parameters in two groups: matrices and tables decay, vectors (biases, norms) don't. */
export function createDecayGroups(parameters: NamedTensors, weightDecay: number): ParameterGroup[] {
  const groups = [
    { parameters: selectParameters(parameters, ([, tensor]) => tensor.ndim >= 2), weightDecay },
    { parameters: selectParameters(parameters, ([, tensor]) => tensor.ndim < 2), weightDecay: 0 },
  ];
  return groups.filter(hasParameters);
}

/** Settings of {@link createMuonGroups}. */
export interface MuonGroupOptions {
  weightDecay: number;
  /** Factor on the learning rate of all parameters but the hidden matrices (default 1). */
  adamwScale?: number;
}

/**
 * A group of the hidden matrices, marked `useMuon`, before those of {@link createDecayGroups} for the rest: tables of
 * embeddings, what lies below the model's `head`, and vectors.
 */
export function createMuonGroups(model: Module, { weightDecay, adamwScale = 1 }: MuonGroupOptions): ParameterGroup[] {
  const parameters = model.namedParameters();
  const embeddings = collectEmbeddings(model);
  const isHidden = ([name, tensor]: [string, Tensor]) =>
    tensor.ndim === 2 && !embeddings.has(tensor) && !name.startsWith('head.');
  const hidden = { parameters: selectParameters(parameters, isHidden), weightDecay, useMuon: true };
  const rest = createDecayGroups(
    selectParameters(parameters, (entry) => !isHidden(entry)),
    weightDecay,
  );
  return [hidden, ...rest.map((group) => ({ ...group, learningRateScale: adamwScale }))].filter(hasParameters);
}

function collectEmbeddings(model: Module): Set<Tensor> {
  const modules = [...model.namedModules()].map(([, module]) => module);
  return new Set(modules.flatMap((module) => (module instanceof Embedding ? [module.weight] : [])));
}

function selectParameters(parameters: NamedTensors, wanted: (entry: [string, Tensor]) => boolean): NamedTensors {
  return Object.fromEntries(Object.entries(parameters).filter(wanted));
}

function hasParameters(group: ParameterGroup): boolean {
  return Object.keys(group.parameters).length > 0;
}
