import { raise } from '../core/index.js';
import { Module } from '../nn/index.js';
import type { NamedTensors } from '../nn/index.js';
import type { LoraConfig } from './config/lora-config.js';
import { AdapterState } from './layers/adapter-state.js';
import { TiedConfig } from './tied-flag.js';
import { restorePasses } from './training-mode.js';

/** The property of a model that holds its {@link AdapterRegistry}. */
const PROPERTY = 'adapterRegistry';

/** One adapter of a model. */
export interface AdapterEntry {
  readonly config: LoraConfig;
  /** The modules it is laid on, in the order of the model. */
  readonly modules: readonly string[];
  /** The modules it trains whole. */
  readonly saved: readonly string[];
}

/** What a model knows of its adapters. */
export class AdapterRegistry extends Module {
  readonly state = new AdapterState();
  /** What adapters have in the place of tensors of the model, by adapter and path. */
  readonly replacements: Record<string, NamedTensors> = {};
  /** The model's own tensors whose places are taken now, by path. */
  readonly originals: NamedTensors = {};
  /** The weights before updates became part of them, by path. */
  readonly merged: NamedTensors = {};
  readonly tiedConfig = new TiedConfig();
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
 * Takes the registry off a model that has no adapter any more.
 * @param model - the root, whose passes are its own again
 * @param registry - its adapters
 */
export function closeRegistry(model: Module, registry: AdapterRegistry): void {
  restorePasses(model);
  registry.state.witness.dispose();
  Reflect.deleteProperty(model, PROPERTY);
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
