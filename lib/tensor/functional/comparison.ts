/** Comparisons, element by element (bool tensors) or as a whole (booleans). */
import { loadAddon } from '../../native/index.js';
import { bound } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { slotOf, wrap } from '../tensor.js';
import { binary, broadcast, unary } from './combine.js';

/** Tolerances: |x − other| ≤ atol + rtol · |other|. */
export interface Tolerance {
  rtol?: number | undefined;
  atol?: number | undefined;
  /** Whether two NaN count as equal. */
  equalNan?: boolean | undefined;
}

const equalOp = bound('aten::equal');
const allcloseOp = bound('aten::allclose');
const iscloseOp = bound('aten::isclose');

/** x = other. */
export const eq = broadcast('aten::eq.Tensor', 'aten::eq.Scalar');
/** x ≠ other. */
export const ne = broadcast('aten::ne.Tensor', 'aten::ne.Scalar');
/** x \< other. */
export const lt = broadcast('aten::lt.Tensor', 'aten::lt.Scalar');
/** x ≤ other. */
export const le = broadcast('aten::le.Tensor', 'aten::le.Scalar');
/** x \> other. */
export const gt = broadcast('aten::gt.Tensor', 'aten::gt.Scalar');
/** x ≥ other. */
export const ge = broadcast('aten::ge.Tensor', 'aten::ge.Scalar');
/** Whether each element is NaN. */
export const isnan = unary('aten::isnan');
/** Whether each element is infinite. */
export const isinf = unary('aten::isinf');
/** Whether each element is neither NaN nor infinite. */
export const isfinite = unary('aten::isfinite');
/** Whether both elements are nonzero. */
export const logicalAnd = binary('aten::logical_and');
/** Whether either element is nonzero. */
export const logicalOr = binary('aten::logical_or');
/** Whether just one element is nonzero. */
export const logicalXor = binary('aten::logical_xor');
/** Whether each element is zero. */
export const logicalNot = unary('aten::logical_not');

/** Whether two tensors have one shape and the same elements. */
export function equal(x: Tensor, other: Tensor): boolean {
  return loadAddon().call(equalOp.id, slotOf(x, 'equal'), slotOf(other, 'equal')) as boolean;
}

/** Whether all elements of two tensors are close. */
export function allclose(x: Tensor, other: Tensor, { rtol, atol, equalNan }: Tolerance = {}): boolean {
  const slots = [slotOf(x, 'allclose'), slotOf(other, 'allclose')];
  return loadAddon().call(allcloseOp.id, slots[0], slots[1], rtol, atol, equalNan) as boolean;
}

/** Whether each two elements are close. */
export function isclose(x: Tensor, other: Tensor, { rtol, atol, equalNan }: Tolerance = {}): Tensor {
  return wrap(loadAddon().call(iscloseOp.id, slotOf(x, 'isclose'), slotOf(other, 'isclose'), rtol, atol, equalNan));
}
