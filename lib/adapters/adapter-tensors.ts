import type { Module, NamedTensors } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { expectAdapter, findRegistry } from './adapter-registry.js';
import { LoraEmbedding } from './layers/lora-embedding.js';
import { LoraLinear } from './layers/lora-linear.js';
import type { LoraSlots } from './layers/lora-slots.js';

/** A module with adapters, at its path. */
export interface AdaptedModule {
  path: string;
  module: LoraLinear | LoraEmbedding;
  lora: LoraSlots;
}

/**
 * The modules of a model that carry adapters.
 * @param model - the root
 * @returns the modules in the order of the model
 */
export function listAdapted(model: Module): AdaptedModule[] {
  return [...model.namedModules()].flatMap(([path, module]) =>
    module instanceof LoraLinear || module instanceof LoraEmbedding ? [{ path, module, lora: module.lora }] : [],
  );
}

/**
 * The tensors of one adapter, whether it acts or not: for an optimizer of its own.
 *
 * @param model - the root
 * @param name - of the adapter
 * @returns its parameters by path, those in the place of the model's own included
 * @throws ArgumentError when there is no adapter of that name
 * @example const optimizer = new AdamW([{ parameters: getAdapterParameters(model, 'poems') }]);
 */
export function getAdapterParameters(model: Module, name: string): NamedTensors {
  const { registry } = expectAdapter('getAdapterParameters', model, name);
  const factors = listAdapted(model).flatMap(({ path, lora }) => {
    const own = Object.entries(lora.get(name)?.namedParameters() ?? {});
    return own.map(([leaf, tensor]) => [`${path}.lora.factors.${name}.${leaf}`, tensor] as const);
  });
  const replaced = Object.entries(registry.replacements[name] ?? {});
  const paths = replaced.map(([path, tensor]) => [`adapterRegistry.replacements.${name}.${path}`, tensor] as const);
  return Object.fromEntries([...factors, ...paths]);
}

/**
 * The tensors of all adapters of a model.
 * @param model - the root
 * @returns none where it has no adapter
 */
export function listAdapterTensors(model: Module): Tensor[] {
  const names = findRegistry(model)?.names ?? [];
  return names.flatMap((name) => Object.values(getAdapterParameters(model, name)));
}

/**
 * The weights of a model that training its adapters leaves as they are.
 * @param model - the root
 * @returns by their paths in `stateDict`, shared, not copied; none where the model has no adapter
 */
export function listOwnWeights(model: Module): NamedTensors {
  const adapters = listAdapterTensors(model);
  if (adapters.length === 0) return {};
  const others = new Set([...adapters, ...Object.values(model.namedBuffers())]);
  return Object.fromEntries(
    Object.entries(model.stateDict()).filter(([, tensor]) => !tensor.requiresGrad && !others.has(tensor)),
  );
}
