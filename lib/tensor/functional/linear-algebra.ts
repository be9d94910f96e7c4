/** Products of vectors and matrices. */
import { loadAddon } from '../../native/index.js';
import type { Scalar } from '../dtype.js';
import { bound } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { optionalSlot, slotOf, slotsOf, wrap } from '../tensor.js';
import { binary } from './combine.js';

/** The factors of {@link addmm} and {@link baddbmm}. */
export interface ProductOptions {
  /** The factor of the tensor that is added (default 1). */
  beta?: Scalar | undefined;
  /** The factor of the product (default 1). */
  alpha?: Scalar | undefined;
}

const einsumOp = bound('aten::einsum');
const addmmOp = bound('aten::addmm');
const baddbmmOp = bound('aten::baddbmm');
const linearOp = bound('palabra::linear');

/** The product of vectors, matrices or batches of matrices: `[…, n, k]` · `[…, k, m]` → `[…, n, m]`. */
export const matmul = binary('aten::matmul');
/** `[n, k]` · `[k, m]` → `[n, m]`. */
export const mm = binary('aten::mm');
/** `[b, n, k]` · `[b, k, m]` → `[b, n, m]`. */
export const bmm = binary('aten::bmm');
/** `[n, k]` · `[k]` → `[n]`. */
export const mv = binary('aten::mv');
/** `[k]` · `[k]` → a scalar. */
export const dot = binary('aten::dot');
/** `[n]`, `[m]` → `[n, m]`, all products. */
export const outer = binary('aten::outer');

/** Sums of products by Einstein's notation. @example einsum('bik,bkj->bij', a, b) */
export function einsum(equation: string, ...tensors: readonly Tensor[]): Tensor {
  return wrap(loadAddon().call(einsumOp.id, equation, slotsOf(tensors, 'einsum')));
}

/** beta · x + alpha · a · b, of matrices. */
export function addmm(x: Tensor, a: Tensor, b: Tensor, { beta, alpha }: ProductOptions = {}): Tensor {
  const [slot, left, right] = [slotOf(x, 'addmm'), slotOf(a, 'addmm'), slotOf(b, 'addmm')];
  return wrap(loadAddon().call(addmmOp.id, slot, left, right, beta, alpha));
}

/** beta · x + alpha · a · b, of batches of matrices. */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, { beta, alpha }: ProductOptions = {}): Tensor {
  const [slot, left, right] = [slotOf(x, 'baddbmm'), slotOf(a, 'baddbmm'), slotOf(b, 'baddbmm')];
  return wrap(loadAddon().call(baddbmmOp.id, slot, left, right, beta, alpha));
}

/** x · weightᵀ + bias: `[…, in]`, `[out, in]`, `[out]` → `[…, out]`. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const slots = [slotOf(x, 'linear'), slotOf(weight, 'linear')];
  return wrap(loadAddon().call(linearOp.id, slots[0], slots[1], optionalSlot(bias, 'linear')));
}
