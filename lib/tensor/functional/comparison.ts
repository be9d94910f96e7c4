/** Comparisons, element by element (bool tensors) or as a whole (booleans). */
import { toleranceKeys } from './options.js';
import { checkOptions } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectSlot, wrap } from '../tensor.js';
import { defineBinary, defineBroadcast, defineUnary } from './combine.js';
import type { Tolerance } from './options.js';

const equalOp = bindOperator('aten::equal');
const allcloseOp = bindOperator('aten::allclose');
const iscloseOp = bindOperator('aten::isclose');

/**
 * x = other.
 * @param x - any shape, any dtype
 * @param other - a number, or a tensor that broadcasts with `x`
 * @returns bool, the broadcast shape; false where either is NaN
 */
export const eq = defineBroadcast('aten::eq.Tensor', 'aten::eq.Scalar');
/**
 * x ≠ other.
 * @param x - any shape, any dtype
 * @param other - a number, or a tensor that broadcasts with `x`
 * @returns bool, the broadcast shape; true where either is NaN
 */
export const ne = defineBroadcast('aten::ne.Tensor', 'aten::ne.Scalar');
/**
 * x \< other.
 * @param x - any shape, any real dtype
 * @param other - a number, or a tensor that broadcasts with `x`
 * @returns bool, the broadcast shape; false where either is NaN
 */
export const lt = defineBroadcast('aten::lt.Tensor', 'aten::lt.Scalar');
/**
 * x ≤ other.
 * @param x - any shape, any real dtype
 * @param other - a number, or a tensor that broadcasts with `x`
 * @returns bool, the broadcast shape; false where either is NaN
 */
export const le = defineBroadcast('aten::le.Tensor', 'aten::le.Scalar');
/**
 * x \> other.
 * @param x - any shape, any real dtype
 * @param other - a number, or a tensor that broadcasts with `x`
 * @returns bool, the broadcast shape; false where either is NaN
 */
export const gt = defineBroadcast('aten::gt.Tensor', 'aten::gt.Scalar');
/**
 * x ≥ other.
 * @param x - any shape, any real dtype
 * @param other - a number, or a tensor that broadcasts with `x`
 * @returns bool, the broadcast shape; false where either is NaN
 */
export const ge = defineBroadcast('aten::ge.Tensor', 'aten::ge.Scalar');
/**
 * Tests if each element is NaN.
 * @param x - any shape, any dtype
 * @returns bool, the shape of `x`; false throughout for integers
 */
export const isnan = defineUnary('aten::isnan');
/**
 * Tests if each element is infinite.
 * @param x - any shape, any dtype
 * @returns bool, the shape of `x`; false throughout for integers
 */
export const isinf = defineUnary('aten::isinf');
/**
 * Tests if each element is neither NaN nor infinite.
 * @param x - any shape, any dtype
 * @returns bool, the shape of `x`; true throughout for integers
 */
export const isfinite = defineUnary('aten::isfinite');
/**
 * Tests if both elements are nonzero.
 * @param x - any shape, any dtype; NaN is nonzero
 * @param other - broadcasts with `x`, any dtype
 * @returns bool, the broadcast shape
 */
export const logicalAnd = defineBinary('aten::logical_and');
/**
 * Tests if either element is nonzero.
 * @param x - any shape, any dtype; NaN is nonzero
 * @param other - broadcasts with `x`, any dtype
 * @returns bool, the broadcast shape
 */
export const logicalOr = defineBinary('aten::logical_or');
/**
 * Tests if just one element is nonzero.
 * @param x - any shape, any dtype; NaN is nonzero
 * @param other - broadcasts with `x`, any dtype
 * @returns bool, the broadcast shape
 */
export const logicalXor = defineBinary('aten::logical_xor');
/**
 * Tests if each element is zero.
 * @param x - any shape, any dtype; NaN is nonzero
 * @returns bool, the shape of `x`
 */
export const logicalNot = defineUnary('aten::logical_not');

/**
 * Tests if two tensors have one shape and the same elements.
 * @param x - any shape, any dtype
 * @param other - any shape, any dtype; values are compared, not dtypes
 * @returns false where an element is NaN
 */
export function equal(x: Tensor, other: Tensor): boolean {
  return loadAddon().call(equalOp.id, expectSlot(x, 'equal'), expectSlot(other, 'equal')) as boolean;
}

/**
 * Tests if all elements of two tensors are close.
 * @param x - any shape, any dtype
 * @param other - broadcasts with `x`, of its dtype
 * @param options - `rtol` (default 1e-5), `atol` (default 1e-8), `equalNan` (default false)
 * @returns true if |x − other| ≤ atol + rtol · |other| for each two elements
 */
export function allclose(x: Tensor, other: Tensor, options: Tolerance = {}): boolean {
  const { rtol, atol, equalNan } = checkOptions('allclose', options, toleranceKeys);
  const slots = [expectSlot(x, 'allclose'), expectSlot(other, 'allclose')];
  return loadAddon().call(allcloseOp.id, slots[0], slots[1], rtol, atol, equalNan) as boolean;
}

/**
 * Tests if each two elements are close.
 * @param x - any shape, any dtype
 * @param other - broadcasts with `x`, of its dtype
 * @param options - `rtol` (default 1e-5), `atol` (default 1e-8), `equalNan` (default false)
 * @returns bool, the broadcast shape: |x − other| ≤ atol + rtol · |other|
 */
export function isclose(x: Tensor, other: Tensor, options: Tolerance = {}): Tensor {
  const { rtol, atol, equalNan } = checkOptions('isclose', options, toleranceKeys);
  return wrap(
    loadAddon().call(iscloseOp.id, expectSlot(x, 'isclose'), expectSlot(other, 'isclose'), rtol, atol, equalNan),
  );
}
