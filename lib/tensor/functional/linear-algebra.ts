/** Products of vectors and matrices. */
import { loadAddon } from '../../native/index.js';
import type { Scalar } from '../dtype.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectOptionalSlot, expectSlot, expectSlots, wrap } from '../tensor.js';
import { defineBinary } from './combine.js';

/** The factors of {@link addmm} and {@link baddbmm}. */
export interface ProductOptions {
  /** The factor of the tensor that is added (default 1). */
  beta?: Scalar | undefined;
  /** The factor of the product (default 1). */
  alpha?: Scalar | undefined;
}

const einsumOp = bindOperator('aten::einsum');
const addmmOp = bindOperator('aten::addmm');
const baddbmmOp = bindOperator('aten::baddbmm');
const linearOp = bindOperator('palabra::linear');

/** The product of vectors, matrices or batches of matrices: `[…, n, k]` · `[…, k, m]` → `[…, n, m]`. */
export const matmul = defineBinary('aten::matmul');
/** `[n, k]` · `[k, m]` → `[n, m]`. */
export const mm = defineBinary('aten::mm');
/** `[b, n, k]` · `[b, k, m]` → `[b, n, m]`. */
export const bmm = defineBinary('aten::bmm');
/** `[n, k]` · `[k]` → `[n]`. */
export const mv = defineBinary('aten::mv');
/** `[k]` · `[k]` → a scalar. */
export const dot = defineBinary('aten::dot');
/** `[n]`, `[m]` → `[n, m]`, all products. */
export const outer = defineBinary('aten::outer');

/** Sums of products by Einstein's notation. @example einsum('bik,bkj->bij', a, b) */
export function einsum(equation: string, ...tensors: readonly Tensor[]): Tensor {
  return wrap(loadAddon().call(einsumOp.id, equation, expectSlots(tensors, 'einsum')));
}

/** beta · x + alpha · a · b, of matrices. */
export function addmm(x: Tensor, a: Tensor, b: Tensor, { beta, alpha }: ProductOptions = {}): Tensor {
  const [slot, left, right] = [expectSlot(x, 'addmm'), expectSlot(a, 'addmm'), expectSlot(b, 'addmm')];
  return wrap(loadAddon().call(addmmOp.id, slot, left, right, beta, alpha));
}

/** beta · x + alpha · a · b, of batches of matrices. */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, { beta, alpha }: ProductOptions = {}): Tensor {
  const [slot, left, right] = [expectSlot(x, 'baddbmm'), expectSlot(a, 'baddbmm'), expectSlot(b, 'baddbmm')];
  return wrap(loadAddon().call(baddbmmOp.id, slot, left, right, beta, alpha));
}

/** x · weightᵀ + bias: `[…, in]`, `[out, in]`, `[out]` → `[…, out]`. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const slots = [expectSlot(x, 'linear'), expectSlot(weight, 'linear')];
  return wrap(loadAddon().call(linearOp.id, slots[0], slots[1], expectOptionalSlot(bias, 'linear')));
}
