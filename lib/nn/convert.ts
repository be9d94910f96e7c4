import { raise } from '../core/index.js';
import type { OptionChecks } from '../core/index.js';
import { isFloatingPoint, noGrad } from '../tensor/index.js';
import type { DType, Tensor } from '../tensor/index.js';
import { getRole, getUnusedCount, setRole, setUnusedCount } from './roles.js';

/** A device and dtype for a module's tensors. */
export interface TensorTarget {
  /** A floating dtype; integer tensors keep theirs. */
  dtype?: DType;
  /** A device, as `cpu` or `cuda:0`. */
  device?: string;
}

/** The keys of {@link TensorTarget}. */
export const tensorTargetKeys: OptionChecks<TensorTarget> = { dtype: true, device: true };

/**
 * The tensor's copy at the target, with its role and gradient mode; the same one for a shared tensor.
 * @param tensor - of any shape; disposed of where a copy is made
 * @param target - a dtype for floating tensors, a device, or both
 * @param moved - the copies made so far by their originals; the new one is added
 * @returns the shape of `tensor`; `tensor` itself where it is at the target already
 */
export function convertTensor(tensor: Tensor, target: TensorTarget, moved: Map<Tensor, Tensor>): Tensor {
  const known = moved.get(tensor);
  if (known) return known;
  const copy = createConverted(tensor, target);
  moved.set(tensor, copy);
  moved.set(copy, copy);
  return copy;
}

function createConverted(tensor: Tensor, target: TensorTarget): Tensor {
  const role = getRole(tensor);
  const dtype =
    isFloatingPoint(tensor.dtype) && role?.type !== 'quantized' ? (target.dtype ?? tensor.dtype) : tensor.dtype;
  const device = target.device ?? tensor.device;
  if (dtype === tensor.dtype && device === tensor.device) return tensor;
  const copy = noGrad(() => tensor.to({ dtype, device })).requiresGrad_(tensor.requiresGrad);
  if (role !== undefined) setRole(copy, role);
  setUnusedCount(copy, getUnusedCount(tensor));
  tensor.dispose();
  return copy;
}

/**
 * Requires a target that a module's weights allow: around weights in a shorter type everything is float32.
 * @param where - the caller
 * @param tensors - of the module
 * @param target - to which they go
 * @throws PalabraError of code PAL_UNSUPPORTED for another dtype where a weight is quantized
 */
export function expectConvertible(where: string, tensors: readonly Tensor[], { dtype }: TensorTarget): void {
  if (dtype === undefined || dtype === 'float32') return;
  const held = tensors.find((tensor) => getRole(tensor)?.type === 'quantized');
  if (held === undefined) return;
  raise('PAL_UNSUPPORTED', {
    where,
    expected: 'float32 around weights that are held in a shorter type',
    received: `${dtype}, with weights in ${held.dtype}`,
    fix: 'Call dequantizeWeights(model) first, or use autocast.',
  });
}
