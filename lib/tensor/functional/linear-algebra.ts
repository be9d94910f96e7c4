/** Products of vectors and matrices. */
import { productKeys } from './options.js';
import { checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectOptionalSlot, expectSlot, expectSlots, wrap } from '../tensor.js';
import { defineBinary } from './combine.js';
import type { ProductOptions } from './options.js';

const einsumOp = bindOperator('aten::einsum');
const addmmOp = bindOperator('aten::addmm');
const baddbmmOp = bindOperator('aten::baddbmm');
const linearOp = bindOperator('palabra::linear');
const quantizedLinearOp = bindOperator('palabra::quantized_linear');

/**
 * The product of vectors, matrices or batches of matrices: `[…, n, k]` · `[…, k, m]` → `[…, n, m]`.
 * @param x - `[…, n, k]`, or `[k]` for a row; any dtype but bool
 * @param other - `[…, k, m]`, or `[k]` for a column; the dtype of `x`; leading axes are broadcast
 * @returns `[…, n, m]`, without the axis that a vector lacks; the dtype of `x`
 */
export const matmul = defineBinary('aten::matmul');
/**
 * `[n, k]` · `[k, m]` → `[n, m]`.
 * @param x - `[n, k]`, any dtype but bool
 * @param other - `[k, m]`, the dtype of `x`
 * @returns `[n, m]`, the dtype of `x`
 */
export const mm = defineBinary('aten::mm');
/**
 * `[b, n, k]` · `[b, k, m]` → `[b, n, m]`.
 * @param x - `[b, n, k]`, any dtype but bool
 * @param other - `[b, k, m]`, the dtype of `x`
 * @returns `[b, n, m]`, the dtype of `x`
 */
export const bmm = defineBinary('aten::bmm');
/**
 * `[n, k]` · `[k]` → `[n]`.
 * @param x - `[n, k]`, any dtype but bool
 * @param other - `[k]`, the dtype of `x`
 * @returns `[n]`, the dtype of `x`
 */
export const mv = defineBinary('aten::mv');
/**
 * `[k]` · `[k]` → a scalar.
 * @param x - `[k]`, any dtype but bool
 * @param other - `[k]`, the dtype of `x`
 * @returns `[]`, the dtype of `x`
 */
export const dot = defineBinary('aten::dot');
/**
 * `[n]`, `[m]` → `[n, m]`, all products.
 * @param x - `[n]`, any dtype
 * @param other - `[m]`, any dtype
 * @returns `[n, m]`, the promoted dtype
 */
export const outer = defineBinary('aten::outer');

/**
 * Sums of products by Einstein's notation.
 * @param equation - a letter an axis, the tensors separated by commas, the result after `->`; letters that it lacks are
 *   summed over; `...` stands for axes that are broadcast
 * @param tensors - one for each part of the equation, of one dtype but bool
 * @returns an axis for each letter of the result, in that order; the dtype of the tensors
 * @example einsum('bik,bkj->bij', a, b)
 */
export function einsum(equation: string, ...tensors: readonly Tensor[]): Tensor {
  return wrap(loadAddon().call(einsumOp.id, equation, expectSlots(tensors, 'einsum')));
}

/**
 * beta · x + alpha · a · b, of matrices.
 * @param x - broadcasts to `[n, m]`, the dtype of `a`
 * @param a - `[n, k]`, any dtype but bool
 * @param b - `[k, m]`, the dtype of `a`
 * @param options - `beta`, the factor of `x` (default 1; 0 ignores it), and `alpha`, of the product (default 1)
 * @returns `[n, m]`, the dtype of `a`
 */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options: ProductOptions = {}): Tensor {
  const { beta, alpha } = checkOptions('addmm', options, productKeys);
  const [slot, left, right] = [expectSlot(x, 'addmm'), expectSlot(a, 'addmm'), expectSlot(b, 'addmm')];
  return wrap(loadAddon().call(addmmOp.id, slot, left, right, beta, alpha));
}

/**
 * beta · x + alpha · a · b, of batches of matrices.
 * @param x - broadcasts to `[b, n, m]`, the dtype of `a`
 * @param a - `[b, n, k]`, any dtype but bool
 * @param b - `[b, k, m]`, the dtype of `a`
 * @param options - `beta`, the factor of `x` (default 1; 0 ignores it), and `alpha`, of the product (default 1)
 * @returns `[b, n, m]`, the dtype of `a`
 */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, options: ProductOptions = {}): Tensor {
  const { beta, alpha } = checkOptions('baddbmm', options, productKeys);
  const [slot, left, right] = [expectSlot(x, 'baddbmm'), expectSlot(a, 'baddbmm'), expectSlot(b, 'baddbmm')];
  return wrap(loadAddon().call(baddbmmOp.id, slot, left, right, beta, alpha));
}

/**
 * x · weightᵀ + bias: `[…, in]`, `[out, in]`, `[out]` → `[…, out]`.
 * @param x - `[…, in]`, any dtype but bool
 * @param weight - `[out, in]`, the dtype of `x`
 * @param bias - `[out]`, the dtype of `x` (default: none is added)
 * @returns `[…, out]`, the dtype of `x`; the short dtype under autocast
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const slots = [expectSlot(x, 'linear'), expectSlot(weight, 'linear')];
  return wrap(loadAddon().call(linearOp.id, slots[0], slots[1], expectOptionalSlot(bias, 'linear')));
}

/** What {@link quantizedLinear} takes beside the input and the weight. */
export interface QuantizedLinearOptions {
  /** `[out]`, float32: the factor of each row of a weight in int8. */
  scale?: Tensor | undefined;
  /** `[out]`, floating (default: none is added). */
  bias?: Tensor | undefined;
}

/** The keys of {@link QuantizedLinearOptions}. */
export const quantizedLinearKeys: OptionChecks<QuantizedLinearOptions> = { scale: true, bias: true };

/**
 * x · weightᵀ + bias for a weight that is held in a shorter type: `[…, in]`, `[out, in]`, `[out]` → `[…, out]`. Its numbers
 * are formed some rows at a time, and no gradient goes to it.
 * @param x - `[…, in]`, floating
 * @param weight - `[out, in]`, bfloat16 or float16, or int8 with a scale
 * @param options - what else there is
 * @param options.scale - `[out]`, float32: the factor of each row of a weight in int8
 * @param options.bias - `[out]`, floating (default: none is added)
 * @returns `[…, out]`, the dtype of `x`; the short dtype under autocast
 */
export function quantizedLinear(x: Tensor, weight: Tensor, options: QuantizedLinearOptions = {}): Tensor {
  const where = 'quantizedLinear';
  const { scale, bias } = checkOptions(where, options, quantizedLinearKeys);
  const [input, held] = [expectSlot(x, where), expectSlot(weight, where)];
  const [factors, added] = [expectOptionalSlot(scale, where), expectOptionalSlot(bias, where)];
  return wrap(loadAddon().call(quantizedLinearOp.id, input, held, factors, added));
}
