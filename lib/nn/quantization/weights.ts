import { checkOptions, expectOneOf, raise, show } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Embedding } from '../layers/embedding.js';
import { Linear } from '../layers/linear.js';
import type { Module } from '../module.js';
import { matchName } from '../name-patterns.js';
import { countValues, getParameterRole, holdParameter, parameter } from '../parameters.js';
import { getUnusedCount, setRole, setUnusedCount } from '../roles.js';
import { getWeightFormat, groupSizes, toLayout, weightFormats } from './layout.js';
import type { WeightFormat, WeightLayout } from './layout.js';
import { dequantizeRows, expectFinite, isQuantized, quantizeRows } from './rows.js';
import type { QuantizedRows } from './rows.js';

/** How the weights of a model are held. */
export interface ModelLayout {
  /**
   * The type in which weights are held: `bfloat16`, `int8` with a factor for each row, or `int4` with one for each group;
   * where groups don't fill a row it is held in int8.
   */
  weights: WeightFormat;
  /** Numbers that share a factor in float16: 32, 64 or 128 (default: of int4 32, of int8 all of a row). */
  group?: number | undefined;
  /** Whether groups of int4 have an offset in float16 beside their factor (default true). */
  zeroPoint?: boolean | undefined;
  /** The type of tables and of the map to the logits (default: `int8` where `weights` is `int4`, else `weights`). */
  head?: WeightFormat | undefined;
}

/** Settings of {@link quantizeWeights}. */
export interface QuantizeOptions extends ModelLayout {
  /** Modules whose weights stay as they are, by the names that patterns have: `head`, `blocks.*.mlp` (default: none). */
  excludeModules?: readonly string[];
}

/** The keys of {@link QuantizeOptions}. */
export const quantizeKeys: OptionChecks<QuantizeOptions> = {
  weights: (where, name, value) => expectOneOf(where, name, value, weightFormats),
  group: (where, name, value) => expectOneOf(where, name, value, groupSizes),
  zeroPoint: true,
  head: (where, name, value) => expectOneOf(where, name, value, weightFormats),
  excludeModules: true,
};

/**
 * What one weight of a model is held in.
 * @param weight - of a linear map or a table, with its role
 * @param model - of all weights
 * @returns the type, and its groups
 */
export function chooseLayout(weight: Tensor, { weights, group, zeroPoint, head }: ModelLayout): WeightLayout {
  const kind = getParameterRole(weight)?.kind;
  if (kind !== 'embedding' && kind !== 'head') return { format: weights, group, zeroPoint };
  const format = head ?? (weights === 'int4' ? 'int8' : weights);
  return format === weights ? { format, group, zeroPoint } : { format };
}

/** A module whose weight can be held in a shorter type. */
export type QuantizableModule = Linear | Embedding;

/**
 * Holds the weights of linear maps and tables in a shorter type, half (bfloat16), a quarter (int8) or a seventh (int4, by
 * groups of 32) of float32: a base to generate with, or to lay adapters on. They are computed with in float32, gradients go through them to what lies
 * before, and none is formed for them. Everything else becomes float32, and all parameters are frozen.
 *
 * @param model - any module; a weight that several share stays shared
 * @param options - the type, and what is left out
 * @param options.weights - `bfloat16`, `int8` with a factor for each row, or `int4` with one for each group
 * @param options.group - numbers that share a factor: 32, 64 or 128 (default: of int4 32, of int8 all of a row)
 * @param options.zeroPoint - whether groups of int4 have an offset beside their factor (default true)
 * @param options.head - the type of tables and of the map to the logits (default: `int8` beside int4)
 * @param options.excludeModules - modules that keep their weights, as patterns of names (default: none)
 * @returns the paths of the modules whose weights are held so
 * @throws ArgumentError where no linear map or table is left, and for a pattern without a match
 * @throws PalabraError of code PAL_NON_FINITE for a weight with NaN or infinity; nothing is changed then
 * @throws PalabraError of code PAL_UNSUPPORTED where weights are held in another short type already
 * @see Dettmers et al. 2023, https://arxiv.org/abs/2305.14314, for adapters on such a base
 * @example quantizeWeights(model, { weights: 'int8' }); addAdapter(model, { r: 16 });
 */
export function quantizeWeights(model: Module, options: QuantizeOptions): string[] {
  const where = 'quantizeWeights';
  const { excludeModules = [], ...layout } = checkOptions(where, options, quantizeKeys);
  expectOneOf(where, 'weights', layout.weights, weightFormats);
  const chosen = selectModules(where, model, excludeModules);
  for (const [path, { weight }] of chosen) expectQuantizable(where, path, weight, chooseLayout(weight, layout));
  const held = new Map<Tensor, QuantizedRows>();
  for (const [, module] of chosen) holdWeight(module, (weight, scale) => pack({ weight, scale }, layout, held));
  model.to({ dtype: 'float32' }).freeze();
  return chosen.map(([path]) => path);
}

/**
 * Makes weights that {@link quantizeWeights} holds in a shorter type float32 again, as they were rounded; they stay
 * frozen.
 *
 * @param model - any module
 * @returns the paths of the modules whose weights have changed
 * @example dequantizeWeights(model); mergeAndUnload(model);
 */
export function dequantizeWeights(model: Module): string[] {
  const chosen = listQuantized(model);
  const made = new Map<Tensor, QuantizedRows>();
  for (const [, module] of chosen) holdWeight(module, (weight, scale) => unpack({ weight, scale }, made));
  return chosen.map(([path]) => path);
}

/**
 * Lists the modules whose weights are held in a shorter type.
 * @param model - any module
 * @returns pairs of a dotted path and the module, each module once
 */
export function listQuantized(model: Module): [path: string, module: QuantizableModule][] {
  return listQuantizable(model).filter(([, { weight }]) => isQuantized(weight));
}

/**
 * Lists the modules whose weights can be held in a shorter type: linear maps and tables.
 * @param model - any module
 * @returns pairs of a dotted path and the module
 */
export function listQuantizable(model: Module): [path: string, module: QuantizableModule][] {
  return [...model.namedModules()].filter(
    (entry): entry is [string, QuantizableModule] => entry[1] instanceof Linear || entry[1] instanceof Embedding,
  );
}

/**
 * Puts a quantized weight in the place of a module's own, which is freed.
 * @param module - whose weight it is
 * @param rows - in the shape of the module's weight; taken over
 */
export function setQuantizedWeight(module: QuantizableModule, rows: QuantizedRows): void {
  holdWeight(module, (weight) => own(rows, weight));
}

function selectModules(where: string, model: Module, excluded: readonly string[]): [string, QuantizableModule][] {
  const modules = listQuantizable(model);
  const idle = excluded.find((pattern) => !modules.some(([path]) => matchName(pattern, path)));
  if (idle !== undefined) throwNothing(where, `excludeModules ${show(idle)} without a match`, modules);
  const isExcluded = (path: string) => excluded.some((pattern) => matchName(pattern, path));
  const kept = new Set(modules.filter(([path]) => isExcluded(path)).map(([, { weight }]) => weight));
  const chosen = modules.filter(([, { weight }]) => !kept.has(weight));
  return chosen.length > 0 ? chosen : throwNothing(where, 'none that is not excluded', modules);
}

function throwNothing(where: string, received: string, modules: readonly [string, unknown][]): never {
  return raise('PAL_ARGUMENT', {
    where,
    expected: 'linear maps or tables of the model',
    received,
    fix: `There are: ${modules.map(([path]) => path).join(', ') || 'none'}.`,
  });
}

function expectQuantizable(where: string, path: string, weight: Tensor, layout: WeightLayout): void {
  if (!isQuantized(weight)) return expectFinite(where, `${path}.weight`, weight);
  if (getWeightFormat(weight) === toLayout(layout, countValues(weight) / weight.shape[0]!).format) return;
  raise('PAL_UNSUPPORTED', {
    where,
    expected: `${path} in a floating dtype of its own`,
    received: `a weight held in ${getWeightFormat(weight)}`,
    fix: 'Call dequantizeWeights(model) first, or load the model anew: rounding twice loses more.',
  });
}

function holdWeight(
  module: QuantizableModule,
  change: (weight: Tensor, scale: Tensor | undefined) => QuantizedRows,
): void {
  const before = [module.weight, module.scale];
  const { weight, scale } = change(module.weight, module.scale);
  Object.assign(module, { weight, scale });
  for (const tensor of before) if (tensor !== weight && tensor !== scale) tensor?.dispose();
}

function pack(before: QuantizedRows, layout: ModelLayout, held: Map<Tensor, QuantizedRows>): QuantizedRows {
  const { weight } = before;
  const known = held.get(weight);
  if (known !== undefined) return known;
  if (isQuantized(weight)) return before;
  const rows = own(quantizeRows(weight, chooseLayout(weight, layout)), weight);
  held.set(weight, rows).set(rows.weight, rows);
  return rows;
}

/** Gives rows the role of the weight in whose place they come. */
function own({ weight, scale }: QuantizedRows, before: Tensor): QuantizedRows {
  holdParameter(weight, getParameterRole(before) ?? { kind: 'matrix' });
  setUnusedCount(weight, getUnusedCount(before));
  return { weight, scale: scale && setRole(scale, { type: 'quantized' }) };
}

function unpack(rows: QuantizedRows, made: Map<Tensor, QuantizedRows>): QuantizedRows {
  const known = made.get(rows.weight);
  if (known !== undefined) return known;
  const weight = parameter(dequantizeRows(rows), getParameterRole(rows.weight) ?? { kind: 'matrix' });
  weight.requiresGrad = false;
  setUnusedCount(weight, getUnusedCount(rows.weight));
  const plain = { weight, scale: undefined };
  made.set(rows.weight, plain);
  return plain;
}
