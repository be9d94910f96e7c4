import { raise } from '../core/index.js';
import { noGrad } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

type NamedTensors = Record<string, Tensor>;

/**
 * Copies `source` into `target` by name after checking all of it.
 * @param where - the class of the module, named in the error
 * @param target - the tensors that are overwritten
 * @param source - their new values: the same names and shapes, dtypes and devices as they are
 * @throws CheckpointError naming every missing, unknown and misshapen tensor at once; nothing is copied then
 */
export function copyState(where: string, target: NamedTensors, source: NamedTensors): void {
  expectState(where, target, source);
  noGrad(() => {
    for (const [name, tensor] of Object.entries(target)) tensor.copy_(source[name]!);
  });
}

/**
 * Requires the tensors that a model has.
 * @param where - the class of the module, named in the error
 * @param target - the tensors of the model
 * @param source - their new values: the same names and shapes, dtypes and devices as they are
 * @throws CheckpointError naming every missing, unknown and misshapen tensor at once
 */
export function expectState(where: string, target: NamedTensors, source: NamedTensors): void {
  const problems = [listMissing, listUnknown, listMisshapen, listMistyped].flatMap((list) => list(target, source));
  if (problems.length > 0) {
    raise('PAL_CHECKPOINT', {
      where: `${where}.loadStateDict`,
      expected: `exactly the ${Object.keys(target).length} tensors of the model`,
      received: problems.join('; '),
      fix: 'Build the model with the configuration the checkpoint was saved with.',
    });
  }
}

function listMissing(target: NamedTensors, source: NamedTensors): string[] {
  const names = Object.keys(target).filter((name) => !(name in source));
  return names.map((name) => `${name} is missing`);
}

function listUnknown(target: NamedTensors, source: NamedTensors): string[] {
  const names = Object.keys(source).filter((name) => !(name in target));
  return names.map((name) => `${name} is not part of the model`);
}

function listMisshapen(target: NamedTensors, source: NamedTensors): string[] {
  return Object.entries(target).flatMap(([name, tensor]) => {
    const other = source[name];
    const same = other === undefined || String(other.shape) === String(tensor.shape);
    return same ? [] : [`${name} has shape [${String(other.shape)}], the model's is [${String(tensor.shape)}]`];
  });
}

/** Numbers in int8 or int4 mean nothing without their factors, and numbers without factors can't be put in their place. */
function listMistyped(target: NamedTensors, source: NamedTensors): string[] {
  return Object.entries(target).flatMap(([name, tensor]) => {
    const other = source[name];
    const same = other === undefined || tensor.dtype === other.dtype || !(isScaled(tensor) || isScaled(other));
    return same ? [] : [`${name} has dtype ${other.dtype}, the model's is ${tensor.dtype}`];
  });
}

function isScaled({ dtype }: Tensor): boolean {
  return dtype === 'int8' || dtype === 'uint8';
}

const bases = new WeakMap<object, () => NamedTensors>();

/**
 * Notes how the weights of a model are found that its training leaves as they are, and that are stored elsewhere.
 * @param model - the root
 * @param list - lists them by their paths in `stateDict`, in any shape and dtype
 */
export function setBaseWeights(model: object, list: () => NamedTensors): void {
  bases.set(model, list);
}

/**
 * The weights of a model that its training leaves as they are, and that are stored elsewhere: those below adapters.
 * @param model - the root
 * @returns by their paths in `stateDict`, in any shape and dtype, shared, not copied; none for most models
 */
export function listBaseWeights(model: object): NamedTensors {
  return bases.get(model)?.() ?? {};
}
