import { raise } from '../core/index.js';
import { Linear, getParameterRole, holdParameter, isQuantized, parameter } from '../nn/index.js';
import type { Module, NamedTensors, ParameterRole } from '../nn/index.js';
import { cat, isFloatingPoint, noGrad, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { closeRegistry, findRegistry } from './adapter-registry.js';
import type { AdapterRegistry } from './adapter-registry.js';
import { listAdapted, listAdapterTensors } from './adapter-tensors.js';
import type { AdaptedModule } from './adapter-tensors.js';
import { computeUpdate } from './layers/dora.js';
import type { LoraFactors } from './layers/lora-factors.js';
import { setTensor, swapTensors } from './replacements.js';
import { clearTiedFlag } from './tied-flag.js';

/**
 * Makes the updates of the adapters that act part of the weights, so that a pass costs what it does without adapters. The
 * sum is taken in float32 and rounded once; the weights before are kept.
 *
 * @param model - the root; a head that shares its weight with a table gets one of its own, and `tied` in its `config`
 *   becomes false
 * @returns the paths of the modules whose weights have changed; none where no adapter acts or all is merged already
 * @throws ArgumentError of code PAL_UNSUPPORTED for weights that are held in int8
 * @throws PalabraError of code PAL_NON_FINITE where a weight would be no number; none is changed then
 */
export function mergeAdapters(model: Module): string[] {
  const registry = findRegistry(model);
  if (registry === undefined || registry.state.merged) return [];
  const updated = listActing(model, registry).map(
    ([adapted, acting]) => [`${adapted.path}.weight`, adapted, acting] as const,
  );
  const merged: NamedTensors = {};
  try {
    for (const [path, { module }, acting] of updated) merged[path] = createMerged(path, module, acting);
  } catch (error) {
    for (const tensor of Object.values(merged)) tensor.dispose();
    throw error;
  }
  for (const [path, tensor] of Object.entries(merged)) registry.merged[path] = setTensor(model, path, tensor);
  registry.tiedConfig.before = clearTiedFlag(model, [
    ...Object.values(registry.merged),
    ...Object.values(registry.originals),
  ]);
  registry.state.merged = true;
  registry.state.renew();
  return updated.map(([, { path }]) => path);
}

/**
 * Puts the weights back that were there before {@link mergeAdapters}, bit by bit; the adapters act beside them again.
 *
 * @param model - the root; without merged adapters nothing happens
 */
export function unmergeAdapters(model: Module): void {
  const registry = findRegistry(model);
  if (registry?.state.merged !== true) return;
  swapTensors(model, registry.merged);
  for (const [path, tensor] of Object.entries(registry.merged)) {
    tensor.dispose();
    Reflect.deleteProperty(registry.merged, path);
  }
  registry.tiedConfig.restore(model);
  registry.state.merged = false;
  registry.state.renew();
}

/**
 * Merges the adapters that act and takes all adapters off, so that the model can be stored as any other.
 *
 * @param model - the root; its parameters stay frozen: `model.unfreeze()` trains them further
 * @returns the paths of the modules whose weights have changed
 * @throws as {@link mergeAdapters}
 * @example mergeAndUnload(model); await saveHuggingFace('merged', model);
 */
export function mergeAndUnload(model: Module): string[] {
  const registry = findRegistry(model);
  if (registry === undefined) return [];
  mergeAdapters(model);
  const paths = Object.keys(registry.merged).map((path) => path.slice(0, -'.weight'.length));
  const dropped = [
    ...listAdapterTensors(model),
    ...Object.values(registry.merged),
    ...Object.values(registry.originals),
  ];
  for (const { path, module } of listAdapted(model)) model.replace(path, module.base);
  closeRegistry(model, registry);
  const kept = new Set(model.ownedTensors());
  for (const tensor of kept) if (dropped.includes(tensor)) tensor.requiresGrad = false;
  for (const tensor of new Set(dropped)) if (!kept.has(tensor)) tensor.dispose();
  return paths;
}

function listActing(model: Module, { state }: AdapterRegistry): [AdaptedModule, LoraFactors[]][] {
  return listAdapted(model).flatMap((adapted): [AdaptedModule, LoraFactors[]][] => {
    const acting = state.active.flatMap((name) => adapted.lora.get(name) ?? []);
    return acting.length === 0 ? [] : [[adapted, acting]];
  });
}

/** The weight with the updates, in its dtype. */
function createMerged(path: string, module: AdaptedModule['module'], acting: readonly LoraFactors[]): Tensor {
  const { weight } = module;
  expectFloating(path, weight);
  const merged = noGrad(() =>
    scope(() => {
      const rows = module instanceof Linear ? module.outFeatures : module.numEmbeddings;
      const plain = weight.narrow(0, 0, rows).to('float32');
      const sum = acting.reduce((total, factors) => total.add(computeUpdate(plain, factors)), plain);
      expectNumbers(path, sum);
      const rest = (weight.shape[0] ?? 0) - rows;
      const whole = rest === 0 ? sum : cat([sum, zeros([rest, weight.shape[1] ?? 0], { device: weight.device })], 0);
      return whole.to(weight.dtype).clone();
    }),
  );
  const before = getParameterRole(weight) ?? { kind: 'matrix' };
  const isUntied = module instanceof Linear && before.kind === 'embedding';
  return markFrozen(merged, isUntied ? { kind: 'head' } : before, isQuantized(weight));
}

function markFrozen(weight: Tensor, role: ParameterRole, held: boolean): Tensor {
  if (held) return holdParameter(weight, role);
  const owned = parameter(weight, role);
  owned.requiresGrad = false;
  return owned;
}

function expectFloating(path: string, { dtype }: Tensor): void {
  if (isFloatingPoint(dtype)) return;
  raise('PAL_UNSUPPORTED', {
    where: 'mergeAdapters',
    expected: `floating-point numbers in ${path}`,
    received: dtype,
    fix: 'Call dequantizeWeights(model) first.',
  });
}

function expectNumbers(path: string, sum: Tensor): void {
  if (sum.isfinite().logicalNot().sum().item() === 0) return;
  raise('PAL_NON_FINITE', {
    where: 'mergeAdapters',
    expected: `finite numbers in ${path}`,
    received: 'NaN or infinity',
    fix: 'No weight was changed. The adapter holds numbers that its training should not have left.',
    details: { path },
  });
}
