/** What modules note of their tensors, by the tensor itself: its role, and how much of it is never read. */

/** The kinds of parameters that optimizers tell apart. */
export type ParameterKind =
  /** A hidden linear map `[out, in]`: has weight decay, and Muon orthogonalizes its updates. */
  | 'matrix'
  /** A table of vectors by id `[rows, width]`: has weight decay. */
  | 'embedding'
  /** The map to the logits `[V, C]`: has weight decay. */
  | 'head'
  /** A bias or gain, or a factor of any shape that is no hidden map: no weight decay. */
  | 'vector'
  /** A few numbers that each stand alone, as gates: no weight decay. */
  | 'scalar';

/** The role of a parameter, which optimizers read; names and shapes say nothing to them. */
export interface ParameterRole {
  kind: ParameterKind;
  /** Weight decay, at least 0 (default: the optimizer's by `kind`). */
  weightDecay?: number | undefined;
  /** Factor on the learning rate (default 1). */
  rateScale?: number | undefined;
}

/**
 * The role of a module's tensor: trained, stored but not trained, or computed anew when the model is built; or a weight
 * that is held in a shorter type than it is computed with, and the factors of its rows, which have no kind.
 */
export type TensorRole =
  | { type: 'parameter'; parameter: ParameterRole }
  | { type: 'quantized'; parameter?: ParameterRole }
  | { type: 'buffer' }
  | { type: 'nonPersistentBuffer' };

const roles = new WeakMap<object, TensorRole>();

/**
 * Marks a tensor's role and takes it out of every scope, so that it lives as long as its module.
 * @param tensor - of any shape and dtype
 * @param role - takes the place of the one it has
 * @returns the same tensor
 */
export function setRole<T extends { keep(): T }>(tensor: T, role: TensorRole): T {
  roles.set(tensor, role);
  return tensor.keep();
}

const unused = new WeakMap<object, number>();

/**
 * Sets the number of values of a tensor that are never read.
 * @param tensor - of any shape and dtype
 * @param values - 0 to the number of its elements
 * @returns the same tensor
 */
export function setUnusedCount<T extends object>(tensor: T, values: number): T {
  unused.set(tensor, values);
  return tensor;
}

/**
 * The number of values of a module's tensor that are never read.
 * @param tensor - of any shape and dtype
 * @returns 0 where nothing else was set
 */
export function getUnusedCount(tensor: object): number {
  return unused.get(tensor) ?? 0;
}

/**
 * The role of a module's tensor.
 * @param tensor - of any shape and dtype
 * @returns its role; undefined for one that `parameter` or `buffer` didn't make
 */
export function getRole(tensor: object): TensorRole | undefined {
  return roles.get(tensor);
}
