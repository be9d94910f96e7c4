import { cat, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** The role of a module's tensor: trained, stored but not trained, or computed anew when the model is built. */
export type TensorRole = 'parameter' | 'buffer' | 'nonPersistentBuffer';

const roles = new WeakMap<Tensor, TensorRole>();

/** Marks a tensor's role and takes it out of every scope, so that it lives as long as its module. */
export function setRole(tensor: Tensor, role: TensorRole): Tensor {
  roles.set(tensor, role);
  return tensor.keep();
}

/** Makes a trainable tensor of a module from its initial values. */
export function parameter(initial: Tensor): Tensor {
  return setRole(initial.requiresGrad_(true), 'parameter');
}

const unused = new WeakMap<Tensor, number>();

/** Creates a trainable tensor of the initial rows, which it takes over, and zeros up to a multiple, which are never read. */
export function createPaddedParameter(initial: Tensor, multiple: number): Tensor {
  const [rows = 0, ...rest] = initial.shape;
  const missing = Math.ceil(rows / multiple) * multiple - rows;
  if (missing === 0) return parameter(initial);
  const padded = parameter(scope(() => cat([initial, zeros([missing, ...rest], { dtype: initial.dtype })], 0)));
  const share = initial.numel / rows;
  initial.dispose();
  return setUnusedCount(padded, missing * share);
}

/** Sets the number of values of a tensor that are never read. */
export function setUnusedCount(tensor: Tensor, values: number): Tensor {
  unused.set(tensor, values);
  return tensor;
}

/** The number of values of a module's tensor that are never read. */
export function getUnusedCount(tensor: Tensor): number {
  return unused.get(tensor) ?? 0;
}

/** Settings of {@link buffer}. */
export interface BufferOptions {
  /** Part of the state that checkpoints store (default true); else computed anew when the module is built. */
  persistent?: boolean;
}

/** Makes a tensor of a module that is not trained. */
export function buffer(initial: Tensor, { persistent = true }: BufferOptions = {}): Tensor {
  return setRole(initial, persistent ? 'buffer' : 'nonPersistentBuffer');
}

/** The role of a module's tensor; an unmarked one is a buffer. */
export function getRole(tensor: Tensor): TensorRole {
  return roles.get(tensor) ?? 'buffer';
}
