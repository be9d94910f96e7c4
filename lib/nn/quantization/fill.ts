import { noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { Module, NamedTensors } from '../module.js';
import { expectState } from '../state.js';
import type { RowLayout } from './layout.js';
import { createEmptyRows, quantizeRows } from './rows.js';
import { chooseLayout, listQuantizable, setQuantizedWeight } from './weights.js';
import type { ModelLayout, QuantizableModule } from './weights.js';

/** Some rows of a stored tensor. */
export interface RowsPart {
  /** The first of them. */
  begin: number;
  /** Reads them: `[rows, …]` or, of one axis, the whole tensor; floating. */
  read: () => Tensor;
}

/** Puts the values of one stored tensor into a model, part by part. */
export type PutTensor = (name: string, parts: readonly RowsPart[]) => void;

/**
 * Fills a model tensor by tensor, where the weights of linear maps and tables are held in a shorter type as they come: no
 * more than one part of one of them is there in float32.
 *
 * @param model - float32, of values without a meaning; it is frozen
 * @param layout - what weights are held in
 * @returns a function that takes the name of a tensor of the model's `stateDict`, and the parts that it has in all
 */
export function createQuantizedFilling(model: Module, layout: ModelLayout): PutTensor {
  const state = model.freeze().stateDict();
  const modules = groupByWeight(model);
  return (name, parts) => {
    const target = state[name]!;
    const holders = modules.get(target) ?? [];
    if (holders.length === 0) return copyParts(target, parts);
    const chosen = chooseLayout(target, layout);
    const rows = createEmptyRows(target.shape, chosen);
    for (const { begin, read } of parts) {
      scope(() => {
        const part = quantizeRows(read(), chosen);
        copyParts(rows.weight, [{ begin, read: () => part.weight }]);
        if (rows.scale && part.scale) copyParts(rows.scale, [{ begin, read: () => part.scale! }]);
      });
    }
    for (const module of holders) setQuantizedWeight(module, rows);
  };
}

/**
 * Copies the parts of a stored tensor into one of a model.
 * @param target - of the shape of all parts together; their values are rounded to its dtype
 * @param parts - all of them
 */
export function copyParts(target: Tensor, parts: readonly RowsPart[]): void {
  for (const { begin, read } of parts) {
    scope(() => {
      const rows = read();
      const place = target.ndim === 0 ? target : target.narrow(0, begin, rows.shape[0]!);
      noGrad(() => place.copy_(rows));
    });
  }
}

/**
 * Fills a model as {@link createQuantizedFilling} does, after all tensors were checked.
 * @param model - float32, of values without a meaning; it is frozen
 * @param stored - a tensor for each of the model's `stateDict`, in its shape, floating
 * @param layout - what weights are held in
 * @throws CheckpointError naming every missing, unknown and misshapen tensor at once; nothing is changed then
 */
export function fillQuantized(model: Module, stored: NamedTensors, layout: ModelLayout): void {
  expectState(model.constructor.name, model.stateDict(), stored);
  const put = createQuantizedFilling(model, layout);
  for (const [name, values] of Object.entries(stored)) put(name, [{ begin: 0, read: () => values }]);
}

/**
 * Prepares a model for a state in which weights are held in shorter types: they become tensors without a meaning in those
 * types, with factors where those are int8 or int4.
 * @param model - float32, of values without a meaning; it is frozen
 * @param find - what the state has the weight at a path in, which should have some numbers a row; undefined for its own
 */
export function prepareQuantized(model: Module, find: (path: string, width: number) => RowLayout | undefined): void {
  const paths = new Map(listQuantizable(model).map(([path, module]) => [module, path]));
  for (const holders of groupByWeight(model.freeze()).values()) {
    const { shape } = holders[0]!.weight;
    const layouts = holders.map((module) => find(paths.get(module)!, shape[1]!));
    const layout = layouts.find((found) => found !== undefined);
    if (layout === undefined) continue;
    const rows = createEmptyRows(shape, layout);
    for (const module of holders) setQuantizedWeight(module, rows);
  }
}

/** The modules that hold each weight. */
function groupByWeight(model: Module): Map<Tensor, QuantizableModule[]> {
  const groups = new Map<Tensor, QuantizableModule[]>();
  for (const [, module] of listQuantizable(model))
    groups.set(module.weight, [...(groups.get(module.weight) ?? []), module]);
  return groups;
}
