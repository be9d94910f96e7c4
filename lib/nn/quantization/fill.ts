import { empty, noGrad } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { Module, NamedTensors } from '../module.js';
import { expectState } from '../state.js';
import { quantizeRows } from './rows.js';
import type { QuantizedRows, WeightFormat } from './rows.js';
import { listQuantizable, setQuantizedWeight } from './weights.js';
import type { QuantizableModule } from './weights.js';

/** Puts the values of one stored tensor into a model. */
export type PutTensor = (name: string, values: Tensor) => void;

/**
 * Fills a model tensor by tensor, where the weights of linear maps and tables are held in a shorter type as they come: no
 * more than one of them is there in float32.
 *
 * @param model - float32, of values without a meaning; it is frozen
 * @param format - the type
 * @returns a function that takes the name of a tensor of the model's `stateDict`, and its values in that shape, floating
 */
export function createQuantizedFilling(model: Module, format: WeightFormat): PutTensor {
  const state = model.freeze().stateDict();
  const modules = groupByWeight(model);
  return (name, values) => {
    const target = state[name]!;
    const holders = modules.get(target) ?? [];
    if (holders.length === 0) return void noGrad(() => target.copy_(values));
    const rows = quantizeRows(values, format);
    for (const module of holders) setQuantizedWeight(module, rows);
  };
}

/**
 * Fills a model as {@link createQuantizedFilling} does, after all tensors were checked.
 * @param model - float32, of values without a meaning; it is frozen
 * @param stored - a tensor for each of the model's `stateDict`, in its shape, floating
 * @param format - the type in which weights are held
 * @throws CheckpointError naming every missing, unknown and misshapen tensor at once; nothing is changed then
 */
export function fillQuantized(model: Module, stored: NamedTensors, format: WeightFormat): void {
  expectState(model.constructor.name, model.stateDict(), stored);
  const put = createQuantizedFilling(model, format);
  for (const [name, values] of Object.entries(stored)) put(name, values);
}

/**
 * Prepares a model for a state in which weights are held in shorter types: they become tensors without a meaning in those
 * types, with factors where those are int8.
 * @param model - float32, of values without a meaning; it is frozen
 * @param find - the type in which the state has the weight at a path; undefined for its own
 */
export function prepareQuantized(model: Module, find: (path: string) => WeightFormat | undefined): void {
  const paths = new Map(listQuantizable(model).map(([path, module]) => [module, path]));
  for (const holders of groupByWeight(model.freeze()).values()) {
    const format = holders.map((module) => find(`${paths.get(module)!}.weight`)).find((found) => found !== undefined);
    if (format === undefined) continue;
    const rows = createEmptyRows(holders[0]!.weight.shape, format);
    for (const module of holders) setQuantizedWeight(module, rows);
  }
}

function createEmptyRows(shape: readonly number[], format: WeightFormat): QuantizedRows {
  const weight = empty([...shape], { dtype: format });
  return { weight, scale: format === 'int8' ? empty([shape[0]!]) : undefined };
}

/** The modules that hold each weight. */
function groupByWeight(model: Module): Map<Tensor, QuantizableModule[]> {
  const groups = new Map<Tensor, QuantizableModule[]>();
  for (const [, module] of listQuantizable(model))
    groups.set(module.weight, [...(groups.get(module.weight) ?? []), module]);
  return groups;
}
