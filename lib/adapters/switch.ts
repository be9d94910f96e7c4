import { expectFinite } from '../core/index.js';
import type { Module } from '../nn/index.js';
import { expectAdapter, expectUnmerged, findRegistry } from './adapter-registry.js';
import type { AdapterRegistry } from './adapter-registry.js';
import { getAdapterParameters, listAdapted } from './adapter-tensors.js';
import { expectSynchronous } from './expect-synchronous.js';
import { applyReplacements, swapTensors } from './replacements.js';

/**
 * Lets some adapters act, and no others.
 * @param model - the root
 * @param registry - its adapters
 * @param names - of adapters that are there
 */
export function activate(model: Module, registry: AdapterRegistry, names: readonly string[]): void {
  registry.state.active = names;
  applyReplacements(model, registry);
  registry.state.renew();
}

/**
 * Switches to an adapter, or to several whose updates add up. What is trained stays as it is: see
 * {@link setAdapterTrainable}.
 *
 * @param model - the root
 * @param names - of one adapter or several; an empty list for none
 * @throws ArgumentError for a name that no adapter has, and while adapters are merged
 * @remarks Text that was read under another adapter lies in a `DecodeState` as that one saw it: begin a new state.
 */
export function setAdapter(model: Module, names: string | readonly string[]): void {
  const list = typeof names === 'string' ? [names] : [...new Set(names)];
  for (const name of list) expectAdapter('setAdapter', model, name);
  const registry = findRegistry(model);
  if (registry === undefined) return;
  expectUnmerged('setAdapter', registry);
  activate(model, registry, list);
}

/**
 * Sets what an adapter's update is multiplied by, beside its α and rank.
 *
 * @param model - the root
 * @param name - of the adapter
 * @param factor - 1 as it was trained, 0 for no update, negative for the opposite
 * @throws ArgumentError for a name that no adapter has, and while adapters are merged
 */
export function setAdapterScale(model: Module, name: string, factor: number): void {
  const { registry } = expectAdapter('setAdapterScale', model, name);
  expectFinite('setAdapterScale', 'factor', factor);
  expectUnmerged('setAdapterScale', registry);
  for (const { lora } of listAdapted(model)) {
    const factors = lora.get(name);
    if (factors !== undefined) factors.factor = factor;
  }
  registry.state.renew();
}

/**
 * Takes the tensors of an adapter into training, or out of it; make the optimizer afterwards.
 *
 * @param model - the root
 * @param name - of the adapter, whether it acts or not
 * @param trainable - gradients reach its tensors
 * @throws ArgumentError for a name that no adapter has
 */
export function setAdapterTrainable(model: Module, name: string, trainable: boolean): void {
  for (const tensor of Object.values(getAdapterParameters(model, name))) tensor.requiresGrad = trainable;
}

/**
 * Calls a function while no adapter acts: the model is its base.
 *
 * @param model - the root
 * @param fn - synchronous
 * @returns what it returns
 */
export function withoutAdapters<T>(model: Module, fn: () => T): T {
  const registry = findRegistry(model);
  if (registry === undefined) return fn();
  const { enabled } = registry.state;
  enable(model, registry, false);
  try {
    return expectSynchronous('withoutAdapters', fn());
  } finally {
    enable(model, registry, enabled);
  }
}

function enable(model: Module, registry: AdapterRegistry, enabled: boolean): void {
  if (registry.state.enabled !== enabled) swapTensors(model, registry.merged);
  registry.state.enabled = enabled;
  applyReplacements(model, registry);
  registry.state.renew();
}

/** An adapter as {@link listAdapters} tells it. */
export interface AdapterStatus {
  name: string;
  /** It is one of those that act. */
  active: boolean;
  /** Some of its tensors are trained. */
  trainable: boolean;
  /** The paths of the modules that are adapted. */
  modules: readonly string[];
  /** Numbers in its tensors. */
  parameters: number;
}

/**
 * Tells the adapters of a model.
 *
 * @param model - the root
 * @returns the adapters in the order they were added; none where there are none
 */
export function listAdapters(model: Module): AdapterStatus[] {
  const registry = findRegistry(model);
  if (registry === undefined) return [];
  return registry.names.map((name) => {
    const tensors = Object.values(getAdapterParameters(model, name));
    return {
      name,
      active: registry.state.active.includes(name),
      trainable: tensors.some(({ requiresGrad }) => requiresGrad),
      modules: registry.get(name)!.modules,
      parameters: tensors.reduce((sum, { numel }) => sum + numel, 0),
    };
  });
}
