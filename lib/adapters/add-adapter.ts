import type { OptionChecks } from '../core/index.js';
import { checkOptions, parseConfig, raise } from '../core/index.js';
import { Linear, parameter, setBaseWeights } from '../nn/index.js';
import type { Module } from '../nn/index.js';
import { scope } from '../tensor/index.js';
import { expectUnmerged, openRegistry } from './adapter-registry.js';
import type { AdapterRegistry } from './adapter-registry.js';
import { getAdapterParameters, listOwnWeights } from './adapter-tensors.js';
import { loraConfigSchema } from './config/lora-config.js';
import type { LoraConfig, LoraOptions } from './config/lora-config.js';
import { resolveNames } from './config/module-names.js';
import type { ModelLayout } from './config/module-names.js';
import { selectTargets } from './config/targets.js';
import type { Target } from './config/targets.js';
import { computeRowNorms } from './layers/dora.js';
import { LoraEmbedding } from './layers/lora-embedding.js';
import { LoraFactors } from './layers/lora-factors.js';
import { LoraLinear } from './layers/lora-linear.js';
import { LoraSlots } from './layers/lora-slots.js';
import { createReplacements, selectSaved } from './replacements.js';
import { activate } from './switch.js';
import { followTrainingMode } from './training-mode.js';

/** Settings of {@link addAdapter} beside the adapter's own. */
export interface AddAdapterOptions {
  /** The adapter's name in the model: letters, digits, `-` and `_` (default `default`). */
  name?: string;
  /** Layouts of foreign folders, whose names of modules are understood too (default: none). */
  layouts?: readonly ModelLayout[];
}

/** The keys of {@link AddAdapterOptions}. */
export const addAdapterKeys: OptionChecks<AddAdapterOptions> = { name: expectAdapterName, layouts: true };

/** What was added to a model. */
export interface AdapterSummary {
  name: string;
  /** The paths of the modules that are adapted. */
  modules: string[];
  /** Numbers that are trained, counted in the tensors. */
  trainableParameters: number;
  /** Those of the whole model with all its adapters. */
  totalParameters: number;
}

/**
 * Lays a LoRA adapter on linear maps of a model, which acts from now on; the model's own weights are frozen.
 *
 * @param model - any module; its linear maps are replaced by ones that are called in the same way
 * @param options - of the adapter, each with a default
 * @param addOptions - its name, and names of modules in foreign folders
 * @param addOptions.name - in the model (default `default`)
 * @param addOptions.layouts - of foreign folders, as `findArchitecture('', model.kind).huggingFace` (default: none)
 * @returns the modules adapted, and the numbers that are trained: r·Σ(in + out)
 * @throws ConfigError naming every setting that does not fit
 * @throws ArgumentError for targets that match nothing, and for a name that is taken
 * @remarks Make the optimizer afterwards.
 * @see Hu et al. 2021, https://arxiv.org/abs/2106.09685
 * @example addAdapter(model, { r: 16, loraAlpha: 32, targetModules: ['query', 'value'] });
 */
export function addAdapter(
  model: Module,
  options: LoraOptions = {},
  addOptions: AddAdapterOptions = {},
): AdapterSummary {
  const where = 'addAdapter';
  const { name = 'default', layouts } = checkOptions(where, addOptions, addAdapterKeys);
  const config = parseConfig(where, loraConfigSchema, options);
  const names = resolveNames(model, layouts);
  const saved = selectSaved(where, model, config.modulesToSave, (path, part) => names.matches(path, part));
  const targets = selectTargets(where, model, config, { names, saved });
  return layAdapter(where, model, { name, config, targets, saved });
}

/** An adapter with the modules it is laid on. */
export interface AdapterPlan {
  name: string;
  config: LoraConfig;
  targets: readonly Target[];
  /** The paths of modules that are trained whole. */
  saved: readonly string[];
}

/**
 * Lays an adapter on chosen modules.
 * @param where - named in errors
 * @param model - the root
 * @param plan - the adapter and its modules
 * @returns as {@link addAdapter}
 * @throws ArgumentError for a name that is taken, and while adapters are merged
 */
export function layAdapter(where: string, model: Module, plan: AdapterPlan): AdapterSummary {
  const { name, config, targets, saved } = plan;
  if (config.useDora) expectNoTables(where, targets);
  const registry = prepareModel(where, model, name);
  for (const target of targets) wrapModule(model, registry, target).factors[name] = createFactors(target, config);
  const modules = targets.map(({ path }) => path);
  registry.set(name, { config, modules, saved });
  activate(model, registry, []);
  registry.replacements[name] = createReplacements(model, { bias: config.bias, saved, modules });
  activate(model, registry, [name]);
  expectCount(where, model, name, targets);
  return summarize(model, name);
}

function expectNoTables(where: string, targets: readonly Target[]): void {
  const table = targets.find(({ module }) => !(module instanceof Linear));
  if (table === undefined) return;
  raise('PAL_UNSUPPORTED', { where, expected: 'linear maps alone with useDora', received: `the table ${table.path}` });
}

/** Freezes a model at its first adapter. */
function prepareModel(where: string, model: Module, name: string): AdapterRegistry {
  const registry = openRegistry(model);
  expectUnmerged(where, registry);
  if (registry.get(name) !== undefined)
    raise('PAL_ARGUMENT', { where, expected: 'a name that no adapter has', received: JSON.stringify(name) });
  if (registry.names.length > 0) return registry;
  model.freeze();
  setBaseWeights(model, () => listOwnWeights(model));
  followTrainingMode(model, registry.state);
  return registry;
}

/** The slots of a module, which is replaced by one that has them. */
function wrapModule(model: Module, registry: AdapterRegistry, { path, module }: Target): LoraSlots {
  if (module instanceof LoraLinear || module instanceof LoraEmbedding) return module.lora;
  const slots = new LoraSlots(registry.state);
  model.replace(path, module instanceof Linear ? new LoraLinear(module, slots) : new LoraEmbedding(module, slots));
  return slots;
}

function createFactors({ module, r, loraAlpha }: Target, config: LoraConfig): LoraFactors {
  const { useRslora, loraDropout, loraPlusRatio: rateScale } = config;
  const [inFeatures, outFeatures] = measure(module);
  const factors = new LoraFactors({
    ...{ inFeatures, outFeatures, r, loraAlpha, useRslora, loraDropout, rateScale },
    device: module.device,
    table: !(module instanceof Linear),
  });
  if (config.useDora && module instanceof Linear) addMagnitude(factors, module);
  return factors.train(module.training);
}

/** Gives DoRA's magnitudes their first values: with them the module computes what it did before. */
function addMagnitude(factors: LoraFactors, module: Linear): void {
  const norms = scope(() => computeRowNorms(module.readWeight().detach(), factors));
  factors.magnitude = parameter(norms, { kind: 'vector' });
}

function measure(module: Target['module']): [inFeatures: number, outFeatures: number] {
  return module instanceof Linear
    ? [module.inFeatures, module.outFeatures]
    : [module.numEmbeddings, module.embeddingDim];
}

/** Requires r·Σ(in + out) numbers in the factors. */
function expectCount(where: string, model: Module, name: string, targets: readonly Target[]): void {
  const expected = targets.reduce((sum, { module, r }) => sum + r * measure(module).reduce((a, b) => a + b), 0);
  const factors = Object.entries(getAdapterParameters(model, name)).filter(([path]) => /\.[AB]$/.test(path));
  const count = factors.reduce((sum, [, tensor]) => sum + tensor.numel, 0);
  if (count === expected) return;
  raise('PAL_INTERNAL', { where, expected: `${expected} numbers in the factors`, received: String(count) });
}

function summarize(model: Module, name: string): AdapterSummary {
  const parameters = Object.values(getAdapterParameters(model, name)).filter((tensor) => tensor.requiresGrad);
  return {
    name,
    modules: [...(openRegistry(model).get(name)?.modules ?? [])],
    trainableParameters: parameters.reduce((sum, tensor) => sum + tensor.numel, 0),
    totalParameters: model.parameterCount(),
  };
}

/**
 * Requires a name of an adapter, which is part of paths.
 * @param where - the caller
 * @param key - of the option
 * @param value - any
 * @throws ArgumentError unless it is of letters, digits, - and _
 */
export function expectAdapterName(where: string, key: string, value: unknown): void {
  if (typeof value === 'string' && /^[A-Za-z0-9][\w-]*$/.test(value)) return;
  const expected = `${key} to be of letters, digits, - and _, the first no _`;
  raise('PAL_ARGUMENT', { where, expected, received: JSON.stringify(value) });
}
