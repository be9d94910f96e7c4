import { raise } from '../core/index.js';
import { Module } from '../nn/index.js';
import type { NamedTensors } from '../nn/index.js';
import type { LoraConfig } from './config/lora-config.js';
import { AdapterState } from './layers/adapter-state.js';
import { LoraEmbedding } from './layers/lora-embedding.js';
import { LoraLinear } from './layers/lora-linear.js';
import type { LoraSlots } from './layers/lora-slots.js';

/** The property of a model that holds its {@link AdapterRegistry}. */
const PROPERTY = 'adapterRegistry';

/** One adapter of a model. */
export interface AdapterEntry {
  readonly config: LoraConfig;
  /** The modules it is laid on, in the order of the model. */
  readonly modules: readonly string[];
}

/** What a model knows of its adapters. */
export class AdapterRegistry extends Module {
  readonly state = new AdapterState();
  private readonly entries = new EntryTable();

  /** The names of all adapters, in the order they were added. */
  get names(): string[] {
    return [...this.entries.table.keys()];
  }

  get(name: string): AdapterEntry | undefined {
    return this.entries.table.get(name);
  }

  set(name: string, entry: AdapterEntry): void {
    this.entries.table.set(name, entry);
  }

  delete(name: string): void {
    this.entries.table.delete(name);
  }
}

/** Holds plain data out of sight of the walk over a module. */
class EntryTable {
  readonly table = new Map<string, AdapterEntry>();
}

/**
 * The registry of a model.
 * @param model - the root
 * @returns what it knows of its adapters; undefined where it has none
 */
export function findRegistry(model: Module): AdapterRegistry | undefined {
  const found = (model as unknown as Record<string, unknown>)[PROPERTY];
  return found instanceof AdapterRegistry ? found : undefined;
}

/**
 * The registry of a model, which is made where there is none.
 * @param model - the root
 * @returns what it knows of its adapters
 */
export function openRegistry(model: Module): AdapterRegistry {
  const known = findRegistry(model);
  if (known !== undefined) return known;
  const registry = new AdapterRegistry();
  Object.assign(model, { [PROPERTY]: registry });
  return registry;
}

/**
 * Requires an adapter of a model.
 * @param where - named in the error
 * @param model - the root
 * @param name - of the adapter
 * @returns the registry and the adapter
 * @throws ArgumentError when there is none of that name
 */
export function expectAdapter(
  where: string,
  model: Module,
  name: string,
): { registry: AdapterRegistry; entry: AdapterEntry } {
  const registry = findRegistry(model);
  const entry = registry?.get(name);
  if (registry !== undefined && entry !== undefined) return { registry, entry };
  const names = registry?.names ?? [];
  return raise('PAL_ARGUMENT', {
    where,
    expected: 'the name of an adapter of the model',
    received: JSON.stringify(name),
    fix: names.length === 0 ? 'It has none: addAdapter or loadAdapter gives it one.' : `Known: ${names.join(', ')}.`,
  });
}

/**
 * Requires that no updates are part of the weights.
 * @param where - named in the error
 * @param registry - of the model
 * @throws ArgumentError while adapters are merged
 */
export function expectUnmerged(where: string, registry: AdapterRegistry): void {
  if (!registry.state.merged) return;
  const fix = 'Call unmergeAdapters first.';
  raise('PAL_ARGUMENT', { where, expected: 'adapters apart from the weights', received: 'merged ones', fix });
}

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
 * @returns its parameters by the paths they have in the model
 * @throws ArgumentError when there is no adapter of that name
 * @example const optimizer = new AdamW([{ parameters: getAdapterParameters(model, 'poems') }]);
 */
export function getAdapterParameters(model: Module, name: string): NamedTensors {
  expectAdapter('getAdapterParameters', model, name);
  const entries = listAdapted(model).flatMap(({ path, lora }) => {
    const own = Object.entries(lora.get(name)?.namedParameters() ?? {});
    return own.map(([leaf, tensor]) => [`${path}.lora.factors.${name}.${leaf}`, tensor] as const);
  });
  return Object.fromEntries(entries);
}
