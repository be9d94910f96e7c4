import { cat, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** What a module's tensor is for: trained, stored but not trained, or computed anew when the model is built. */
export type TensorRole = 'parameter' | 'buffer' | 'transient';

const roles = new WeakMap<Tensor, TensorRole>();

/** Marks a tensor's role and takes it out of every scope, so that it lives as long as its module. */
export function withRole(tensor: Tensor, role: TensorRole): Tensor {
  roles.set(tensor, role);
  return tensor.keep();
}

/** Makes a trainable tensor of a module from its initial values. */
export function parameter(initial: Tensor): Tensor {
  return withRole(initial.requiresGrad_(true), 'parameter');
}

const unused = new WeakMap<Tensor, number>();

/** Makes a trainable tensor of first rows, which it takes over, the rest zeros up to a multiple; these are never read. */
export function paddedParameter(initial: Tensor, multiple: number): Tensor {
  const [rows = 0, ...rest] = initial.shape;
  const missing = Math.ceil(rows / multiple) * multiple - rows;
  if (missing === 0) return parameter(initial);
  const padded = parameter(scope(() => cat([initial, zeros([missing, ...rest], { dtype: initial.dtype })], 0)));
  const share = initial.numel / rows;
  initial.dispose();
  return withUnused(padded, missing * share);
}

/** Marks how many values of a tensor are never read. */
export function withUnused(tensor: Tensor, values: number): Tensor {
  unused.set(tensor, values);
  return tensor;
}

/** How many values of a module's tensor are never read. */
export function unusedOf(tensor: Tensor): number {
  return unused.get(tensor) ?? 0;
}

/** Makes a tensor that is stored with the module but not trained. */
export function buffer(initial: Tensor): Tensor {
  return withRole(initial, 'buffer');
}

/** Makes a tensor that a module computes from its settings and that checkpoints leave out. */
export function transient(initial: Tensor): Tensor {
  return withRole(initial, 'transient');
}

/** The role of a module's tensor; an unmarked one is a buffer. */
export function roleOf(tensor: Tensor): TensorRole {
  return roles.get(tensor) ?? 'buffer';
}
