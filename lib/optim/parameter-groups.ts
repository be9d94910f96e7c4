import { Embedding } from '../nn/index.js';
import type { Module } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import type { ParameterGroup } from './optimizer.js';

type NamedTensors = Record<string, Tensor>;

/** Splits parameters in two groups: matrices and tables decay, vectors (biases, norms) don't. */
export function decayGroups(parameters: NamedTensors, weightDecay: number): ParameterGroup[] {
  const groups = [
    { parameters: chosen(parameters, ([, tensor]) => tensor.ndim >= 2), weightDecay },
    { parameters: chosen(parameters, ([, tensor]) => tensor.ndim < 2), weightDecay: 0 },
  ];
  return groups.filter(hasParameters);
}

/** Settings of {@link muonGroups}. */
export interface MuonGroupOptions {
  weightDecay: number;
  /** Factor on the learning rate of all parameters but the hidden matrices (default 1). */
  adamwScale?: number;
}

/**
 * A group of the hidden matrices, marked `orthogonal`, before those of {@link decayGroups} for the rest: tables of
 * embeddings, what lies below the model's `head`, and vectors.
 */
export function muonGroups(model: Module, { weightDecay, adamwScale = 1 }: MuonGroupOptions): ParameterGroup[] {
  const parameters = model.namedParameters();
  const tables = embeddingTables(model);
  const isHidden = ([name, tensor]: [string, Tensor]) =>
    tensor.ndim === 2 && !tables.has(tensor) && !name.startsWith('head.');
  const hidden = { parameters: chosen(parameters, isHidden), weightDecay, orthogonal: true };
  const rest = decayGroups(
    chosen(parameters, (entry) => !isHidden(entry)),
    weightDecay,
  );
  return [hidden, ...rest.map((group) => ({ ...group, learningRateScale: adamwScale }))].filter(hasParameters);
}

function embeddingTables(model: Module): Set<Tensor> {
  const modules = [...model.namedModules()].map(([, module]) => module);
  return new Set(modules.flatMap((module) => (module instanceof Embedding ? [module.weight] : [])));
}

function chosen(parameters: NamedTensors, wanted: (entry: [string, Tensor]) => boolean): NamedTensors {
  return Object.fromEntries(Object.entries(parameters).filter(wanted));
}

function hasParameters(group: ParameterGroup): boolean {
  return Object.keys(group.parameters).length > 0;
}
