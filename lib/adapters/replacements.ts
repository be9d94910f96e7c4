import { raise } from '../core/index.js';
import { getParameterRole, isQuantized, parameter } from '../nn/index.js';
import type { Module, NamedTensors } from '../nn/index.js';
import { isFloatingPoint, noGrad } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import type { AdapterRegistry } from './adapter-registry.js';
import { listAdapterTensors } from './adapter-tensors.js';
import type { LoraConfig } from './config/lora-config.js';
import { LoraEmbedding } from './layers/lora-embedding.js';
import { LoraLinear } from './layers/lora-linear.js';

/** Tests if a name stands for the module at a path. */
export type ModuleMatcher = (path: string, name: string) => boolean;

/**
 * Selects the modules that an adapter trains whole.
 * @param where - named in the error
 * @param model - the root
 * @param wanted - their names (default: none)
 * @param matches - tells what a name stands for
 * @returns their paths in the order of the model; none below another
 * @throws ArgumentError for a name that matches no module, listing the modules
 */
export function selectSaved(
  where: string,
  model: Module,
  wanted: readonly string[] | undefined,
  matches: ModuleMatcher,
): string[] {
  const paths = [...model.namedModules()].map(([path]) => path).filter((path) => path !== '' && !isInner(path));
  const found = new Set((wanted ?? []).flatMap((name) => expectModules(where, paths, name, matches)));
  return paths.filter((path) => found.has(path) && ![...found].some((other) => path.startsWith(`${other}.`)));
}

/** Tests if a path lies inside an adapted module, or among what is kept of adapters. */
function isInner(path: string): boolean {
  return path.startsWith('adapterRegistry') || /\.lora(?:\.|$)/.test(path);
}

function expectModules(where: string, paths: readonly string[], name: string, matches: ModuleMatcher): string[] {
  const found = paths.filter((path) => matches(path, name));
  if (found.length > 0) return found;
  return raise('PAL_ARGUMENT', {
    where,
    expected: 'modulesToSave to name modules of the model',
    received: `${JSON.stringify(name)} without a match`,
    fix: `Known: ${[...new Set(paths.map((path) => path.slice(path.lastIndexOf('.') + 1)))].slice(0, 24).join(', ')}.`,
    details: { candidates: paths },
  });
}

/** What decides on the tensors that an adapter has in the place of the model's. */
export interface ReplacementPlan {
  bias: LoraConfig['bias'];
  /** Modules that are trained whole. */
  saved: readonly string[];
  /** Modules that are adapted. */
  modules: readonly string[];
}

/**
 * Copies the model's own tensors that an adapter trains: biases and whole modules.
 * @param model - the root, without adapters that act
 * @param plan - which of them
 * @returns trainable copies by the paths of the originals
 */
export function createReplacements(model: Module, { bias, saved, modules }: ReplacementPlan): NamedTensors {
  const adapters = new Set(listAdapterTensors(model));
  const own = Object.entries(listPaths(model)).filter(([, tensor]) => !adapters.has(tensor));
  const isWanted = (path: string): boolean => {
    if (saved.some((module) => path.startsWith(`${module}.`))) return true;
    if (bias === 'none' || !/(?:^|\.)bias$/.test(path)) return false;
    return bias === 'all' || modules.includes(path.slice(0, -'.bias'.length));
  };
  return Object.fromEntries(
    own.filter(([path]) => isWanted(path)).map(([path, tensor]) => [path, copyParameter(path, tensor)]),
  );
}

/** Parameters by every path they have, those of a module inside an adapted one left out. */
function listPaths(model: Module): NamedTensors {
  const found: NamedTensors = {};
  const inner = new Set<string>();
  for (const [path, module] of model.namedModules()) {
    if (module instanceof LoraLinear || module instanceof LoraEmbedding) inner.add(`${path}.base`).add(`${path}.lora`);
    if ([...inner].some((start) => path === start || path.startsWith(`${start}.`))) continue;
    for (const [leaf, tensor] of module.ownTensors())
      if (getParameterRole(tensor) !== undefined) found[path === '' ? leaf : `${path}.${leaf}`] = tensor;
  }
  return found;
}

function copyParameter(path: string, tensor: Tensor): Tensor {
  if (!isFloatingPoint(tensor.dtype)) throwQuantized(path, tensor);
  // A weight in a shorter type is trained in float32.
  const copy = noGrad(() => (isQuantized(tensor) ? tensor.to('float32') : tensor.detach().clone()));
  return parameter(copy, getParameterRole(tensor) ?? { kind: 'vector' });
}

function throwQuantized(path: string, { dtype }: Tensor): never {
  return raise('PAL_UNSUPPORTED', {
    where: 'addAdapter',
    expected: `floating-point numbers in ${path}, which modulesToSave trains`,
    received: dtype,
    fix: 'Leave the module out of quantizeWeights by excludeModules.',
  });
}

/**
 * Puts the tensors of the adapters that act in the place of the model's, and the model's back where none does.
 * @param model - the root
 * @param registry - its adapters
 */
export function applyReplacements(model: Module, registry: AdapterRegistry): void {
  const { active, enabled } = registry.state;
  const sets = enabled ? active.map((name) => registry.replacements[name] ?? {}) : [];
  const wanted: NamedTensors = Object.assign({}, ...sets) as NamedTensors;
  for (const [path, tensor] of Object.entries(registry.originals)) {
    if (Object.hasOwn(wanted, path)) continue;
    setTensor(model, path, tensor);
    Reflect.deleteProperty(registry.originals, path);
  }
  for (const [path, tensor] of Object.entries(wanted)) {
    const before = setTensor(model, path, tensor);
    if (!Object.hasOwn(registry.originals, path)) registry.originals[path] = before;
  }
}

type Holder = Record<string, unknown>;

/**
 * Puts a tensor at a path.
 * @param model - the root
 * @param path - of a tensor, as `head.weight`
 * @param tensor - the new one
 * @returns the old one, which lives on
 */
export function setTensor(model: Module, path: string, tensor: Tensor): Tensor {
  const names = path.split('.');
  const leaf = names.pop()!;
  const holder = names.reduce<Holder>((at, name) => at[name] as Holder, model as unknown as Holder);
  const before = holder[leaf] as Tensor;
  holder[leaf] = tensor;
  const { base } = holder;
  if ((holder as unknown) instanceof LoraLinear || (holder as unknown) instanceof LoraEmbedding)
    (base as Holder)[leaf] = tensor;
  return before;
}

/**
 * Exchanges tensors of a model with others.
 * @param model - the root
 * @param tensors - by path; each gets the place of the one that comes back under its path
 */
export function swapTensors(model: Module, tensors: NamedTensors): void {
  for (const [path, tensor] of Object.entries(tensors)) tensors[path] = setTensor(model, path, tensor);
}
