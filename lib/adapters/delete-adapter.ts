import type { Module } from '../nn/index.js';
import { closeRegistry, expectAdapter, expectUnmerged } from './adapter-registry.js';
import { getAdapterParameters, listAdapted } from './adapter-tensors.js';
import { activate } from './switch.js';

/**
 * Takes an adapter off a model, and frees its tensors; modules that carry none are as they were.
 *
 * @param model - the root
 * @param name - of the adapter
 * @throws ArgumentError for a name that no adapter has, and while adapters are merged
 */
export function deleteAdapter(model: Module, name: string): void {
  const { registry } = expectAdapter('deleteAdapter', model, name);
  expectUnmerged('deleteAdapter', registry);
  const { active } = registry.state;
  activate(model, registry, active.filter((other) => other !== name)); // prettier-ignore
  const tensors = Object.values(getAdapterParameters(model, name));
  for (const { path, module, lora } of listAdapted(model)) {
    Reflect.deleteProperty(lora.factors, name);
    if (Object.keys(lora.factors).length === 0) model.replace(path, module.base);
  }
  Reflect.deleteProperty(registry.replacements, name);
  registry.delete(name);
  for (const tensor of tensors) tensor.dispose();
  if (registry.names.length === 0) closeRegistry(model, registry);
}
