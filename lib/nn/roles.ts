import { cat, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

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

/** The role of a module's tensor: trained, stored but not trained, or computed anew when the model is built. */
export type TensorRole =
  { type: 'parameter'; parameter: ParameterRole } | { type: 'buffer' } | { type: 'nonPersistentBuffer' };

const roles = new WeakMap<Tensor, TensorRole>();

/**
 * Marks a tensor's role and takes it out of every scope, so that it lives as long as its module.
 * @param tensor - of any shape and dtype
 * @param role - takes the place of the one it has
 * @returns the same tensor
 */
export function setRole(tensor: Tensor, role: TensorRole): Tensor {
  roles.set(tensor, role);
  return tensor.keep();
}

/**
 * Makes a trainable tensor of a module.
 *
 * @param initial - its initial values, any shape, floating point; taken over
 * @param role - its kind, and settings of its own
 * @returns the same tensor, which requires gradients and lives as long as its module
 * @example const gate = parameter(zeros([1]), { kind: 'scalar' });
 */
export function parameter(initial: Tensor, role: ParameterRole): Tensor {
  return setRole(initial.requiresGrad_(true), { type: 'parameter', parameter: role });
}

const unused = new WeakMap<Tensor, number>();

/**
 * Creates a parameter of the initial rows, which it takes over, and zeros up to a multiple, which are never read.
 * @param initial - `[rows, …]`, floating; disposed of where rows are added
 * @param multiple - a positive integer
 * @param role - its kind, and settings of its own
 * @returns `[rows rounded up to the multiple, …]` in the dtype of `initial`, which requires gradients
 */
export function createPaddedParameter(initial: Tensor, multiple: number, role: ParameterRole): Tensor {
  const [rows = 0, ...rest] = initial.shape;
  const missing = Math.ceil(rows / multiple) * multiple - rows;
  if (missing === 0) return parameter(initial, role);
  const padded = scope(() => cat([initial, zeros([missing, ...rest], { dtype: initial.dtype })], 0));
  const rowSize = initial.numel / rows;
  initial.dispose();
  return setUnusedCount(parameter(padded, role), missing * rowSize);
}

/**
 * Sets the number of values of a tensor that are never read.
 * @param tensor - of any shape and dtype
 * @param values - 0 to the number of its elements
 * @returns the same tensor
 */
export function setUnusedCount(tensor: Tensor, values: number): Tensor {
  unused.set(tensor, values);
  return tensor;
}

/**
 * The number of values of a module's tensor that are never read.
 * @param tensor - of any shape and dtype
 * @returns 0 where nothing else was set
 */
export function getUnusedCount(tensor: Tensor): number {
  return unused.get(tensor) ?? 0;
}

/** Settings of {@link buffer}. */
export interface BufferOptions {
  /** Part of the state that checkpoints store (default true); else computed anew when the module is built. */
  persistent?: boolean;
}

/**
 * Makes a tensor of a module that is not trained.
 * @param initial - of any shape and dtype; it is taken over, not copied
 * @param options - how it is stored
 * @param options.persistent - part of the state that checkpoints store (default true); else computed anew
 * @returns the same tensor
 */
export function buffer(initial: Tensor, { persistent = true }: BufferOptions = {}): Tensor {
  return setRole(initial, { type: persistent ? 'buffer' : 'nonPersistentBuffer' });
}

/**
 * The role of a module's tensor.
 * @param tensor - of any shape and dtype
 * @returns its role; undefined for one that {@link parameter} or {@link buffer} didn't make
 */
export function getRole(tensor: Tensor): TensorRole | undefined {
  return roles.get(tensor);
}

/**
 * The role of a parameter.
 * @param tensor - of any shape and dtype
 * @returns its role; undefined for any other tensor
 */
export function getParameterRole(tensor: Tensor): ParameterRole | undefined {
  const role = roles.get(tensor);
  return role?.type === 'parameter' ? role.parameter : undefined;
}
