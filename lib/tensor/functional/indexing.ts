/** Elements by position, slice, mask or tensor of positions. */
import { checkOptions, raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Scalar } from '../dtype.js';
import { bindOperator } from '../operator.js';
import { scope } from '../lifetimes/scope.js';
import type { Tensor } from '../tensor.js';
import { isTensor, expectSlot, wrap } from '../tensor.js';
import { defineUnary } from './combine.js';
import { add_, copy_, fill_ } from './in-place.js';
import { select, unsqueeze } from './layout.js';

/** Positions from `start` up to `stop`, every `step`-th; negative ones count from the end. */
export interface Slice {
  readonly start: number | undefined;
  readonly stop: number | undefined;
  readonly step: number;
}

/** One part of an index: a position, a slice, a new axis (`null`), all axes between (`'...'`), a mask or positions. */
export type TensorIndex = number | Slice | null | '...' | Tensor;

const sliceTensor = bindOperator('aten::slice.Tensor');
const indexTensor = bindOperator('aten::index.Tensor');
const indexPut = bindOperator('aten::index_put_');
const gatherOp = bindOperator('aten::gather');
const scatterSrc = bindOperator('aten::scatter.src');
const scatterValue = bindOperator('aten::scatter.value');
const scatterAddOp = bindOperator('aten::scatter_add');
const indexSelectOp = bindOperator('aten::index_select');
const indexAddOp = bindOperator('aten::index_add');
const takeAlongDimOp = bindOperator('aten::take_along_dim');
const maskedSelectOp = bindOperator('aten::masked_select');
const maskedFillTensor = bindOperator('aten::masked_fill.Tensor');
const maskedFillScalar = bindOperator('aten::masked_fill.Scalar');
const oneHotOp = bindOperator('aten::one_hot');
const scalarTensor = bindOperator('aten::scalar_tensor');
const alias = defineUnary('aten::alias');

/**
 * A slice, as `start:stop:step` in Python; `slice()` takes the whole axis.
 * @param start - the first position (default 0); negative ones count from the end
 * @param stop - the position after the last (default: the end of the axis)
 * @param step - the distance between positions, at least 1 (default 1)
 * @returns a part of an index, for {@link index} and {@link indexPut_}
 */
export function slice(start?: number | null, stop?: number | null, step = 1): Slice {
  return { start: start ?? undefined, stop: stop ?? undefined, step };
}

/**
 * The elements at an index: one part an axis, as `x[...]` in PyTorch.
 *
 * @param x - any shape, any dtype
 * @param parts - an integer (which takes its axis away), a slice, `null` (a new axis of size 1), `'...'` once, a bool
 *   mask (its axes become one), or int64 positions (their shape takes the axis' place); axes without a part are taken
 *   whole
 * @returns the dtype of `x`; a view without tensors among the parts, else a copy
 * @example index(x, 0, slice(1, 3)) // x[0, 1:3]
 * @example index(x, '...', null) // x[..., None]
 * @example index(x, mask) // the elements where a bool tensor holds
 */
export function index(x: Tensor, ...parts: TensorIndex[]): Tensor {
  return scope(() => {
    const { view, positions } = applyBasicIndex(x, parts);
    return positions.some(isTensor) ? getAdvanced(view, positions) : view;
  });
}

/**
 * Overwrites the elements at an index, in place: `x[parts] = value`; `accumulate` adds instead, also where a
 * position appears twice.
 * @param x - any shape, any dtype
 * @param parts - as {@link index} takes them
 * @param value - a number, or a tensor that broadcasts to the shape of `x[parts]`; of the dtype of `x` where tensors
 *   index
 * @param options - `accumulate` adds to what is there (default false: overwrites it)
 * @returns `x`
 */
export function indexPut_(
  x: Tensor,
  parts: readonly TensorIndex[],
  value: Tensor | Scalar,
  options: { accumulate?: boolean | undefined } = {},
): Tensor {
  const { accumulate = false } = checkOptions('indexPut_', options, { accumulate: true });
  scope(() => {
    const { view, positions } = applyBasicIndex(x, parts);
    if (positions.some(isTensor)) putAdvanced(view, positions, toTensor(value, view), accumulate);
    else if (accumulate) add_(view, value);
    else if (isTensor(value)) copy_(view, value);
    else fill_(view, value);
  });
  return x;
}

/** The view that numbers, slices and new axes make, and the tensors that index its axes. */
interface BasicIndex {
  view: Tensor;
  positions: (Tensor | undefined)[];
}

function applyBasicIndex(x: Tensor, parts: readonly TensorIndex[]): BasicIndex {
  const positions: (Tensor | undefined)[] = [];
  let view = alias(x);
  for (const part of expandEllipsis(x, parts)) {
    const axis = positions.length;
    view = applyAxisIndex(view, axis, part);
    if (isTensor(part)) positions.push(part.ndim === 0 && part.dtype === 'bool' ? unsqueeze(part, 0) : part);
    if (isTensor(part)) positions.push(...padMaskAxes(part));
    else if (typeof part !== 'number') positions.push(undefined);
  }
  return { view, positions };
}

/** The view that one part makes at an axis. */
function applyAxisIndex(x: Tensor, axis: number, part: AxisIndex): Tensor {
  if (typeof part === 'number') return select(x, axis, part);
  if (part === null) return unsqueeze(x, axis);
  if (isTensor(part)) return part.ndim === 0 && part.dtype === 'bool' ? unsqueeze(x, axis) : x;
  return wrap(loadAddon().call(sliceTensor.id, x.slot, axis, part.start, part.stop, part.step));
}

/** A bool mask takes as many axes as it has; the further ones hold no index of their own. */
function padMaskAxes(part: Tensor): undefined[] {
  const extra = part.dtype === 'bool' ? Math.max(part.ndim - 1, 0) : 0;
  return Array.from({ length: extra }, () => undefined);
}

type AxisIndex = Exclude<TensorIndex, '...'>;

function expandEllipsis(x: Tensor, parts: readonly TensorIndex[]): AxisIndex[] {
  parts.forEach(expectTensorIndex);
  const used = parts.reduce<number>((count, part) => count + countAxes(part), 0);
  const missing = x.ndim - used;
  const gaps = parts.filter((part) => part === '...').length;
  if (missing < 0 || gaps > 1) throwBadIndex(x, parts, gaps);
  const all = Array.from({ length: Math.max(missing, 0) }, () => slice());
  return parts.flatMap((part) => (part === '...' ? all : [part]));
}

function countAxes(part: TensorIndex): number {
  if (part === null || part === '...') return 0;
  return isTensor(part) && part.dtype === 'bool' ? part.ndim : 1;
}

function expectTensorIndex(part: TensorIndex): void {
  if (part === null || part === '...' || isTensor(part)) return;
  const ok = typeof part === 'number' ? Number.isSafeInteger(part) : typeof part === 'object' && 'step' in part;
  if (ok) return;
  raise('PAL_ARGUMENT', {
    where: 'index',
    expected: "an integer, slice(…), null, '...' or a Tensor",
    received: show(part),
  });
}

function throwBadIndex(x: Tensor, parts: readonly TensorIndex[], gaps: number): never {
  const received = gaps > 1 ? `${gaps} times '...'` : `${parts.length} parts`;
  raise('PAL_SHAPE', { where: 'index', expected: `an index of shape ${show(x.shape)}`, received });
}

/** The tensors as the addon takes them; masks stand for all of their axes. */
function collectSlots(positions: readonly (Tensor | undefined)[]): (number | undefined)[] {
  const slots: (number | undefined)[] = [];
  for (let axis = 0; axis < positions.length; axis++) {
    const part = positions[axis];
    slots.push(part?.slot);
    if (part?.dtype === 'bool') axis += part.ndim - 1;
  }
  return slots;
}

function getAdvanced(view: Tensor, positions: readonly (Tensor | undefined)[]): Tensor {
  return wrap(loadAddon().call(indexTensor.id, view.slot, collectSlots(positions)));
}

function putAdvanced(
  view: Tensor,
  positions: readonly (Tensor | undefined)[],
  value: Tensor,
  accumulate: boolean,
): void {
  loadAddon().call(indexPut.id, view.slot, collectSlots(positions), value.slot, accumulate);
}

/** A value to put, as a tensor of the dtype of its place. */
function toTensor(value: Tensor | Scalar, place: Tensor): Tensor {
  return isTensor(value) ? value : wrap(loadAddon().call(scalarTensor.id, value, place.dtype));
}

/**
 * out[i][j] = x[index[i][j]][j] along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis that the positions count along, from −ndim to ndim − 1
 * @param positions - int64 or int32, as many axes as `x`, not longer on other axes; from 0 to the size of `dim` − 1
 * @returns a copy: the shape of `positions`, the dtype of `x`
 */
export function gather(x: Tensor, dim: number, positions: Tensor): Tensor {
  return wrap(loadAddon().call(gatherOp.id, expectSlot(x, 'gather'), dim, expectSlot(positions, 'gather')));
}

/**
 * A copy of `x` with out[index[i][j]][j] = source[i][j] along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis that the positions count along, from −ndim to ndim − 1
 * @param positions - int64 or int32, as many axes as `x`, each from 0 to the size of `dim` − 1; which of two equal ones
 *   wins is open
 * @param source - the dtype of `x`, at least the shape of `positions`; or a number
 * @returns the shape and dtype of `x`
 */
export function scatter(x: Tensor, dim: number, positions: Tensor, source: Tensor | Scalar): Tensor {
  const [slot, at] = [expectSlot(x, 'scatter'), expectSlot(positions, 'scatter')];
  return typeof source === 'object'
    ? wrap(loadAddon().call(scatterSrc.id, slot, dim, at, expectSlot(source, 'scatter')))
    : wrap(loadAddon().call(scatterValue.id, slot, dim, at, source));
}

/**
 * A copy of `x` with out[index[i][j]][j] += source[i][j] along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis that the positions count along, from −ndim to ndim − 1
 * @param positions - int64 or int32, as many axes as `x`, each from 0 to the size of `dim` − 1
 * @param source - the dtype of `x`, at least the shape of `positions`
 * @returns the shape and dtype of `x`
 */
export function scatterAdd(x: Tensor, dim: number, positions: Tensor, source: Tensor): Tensor {
  const [slot, at] = [expectSlot(x, 'scatterAdd'), expectSlot(positions, 'scatterAdd')];
  return wrap(loadAddon().call(scatterAddOp.id, slot, dim, at, expectSlot(source, 'scatterAdd')));
}

/**
 * The positions of a 1-dimensional tensor along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param positions - `[N]`, int64 or int32, from 0 to the size of the axis − 1
 * @returns a copy: the shape of `x` with N in place of the axis, its dtype
 */
export function indexSelect(x: Tensor, dim: number, positions: Tensor): Tensor {
  return wrap(
    loadAddon().call(indexSelectOp.id, expectSlot(x, 'indexSelect'), dim, expectSlot(positions, 'indexSelect')),
  );
}

/**
 * A copy of `x` with `source` added at positions along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param positions - `[N]`, int64 or int32, from 0 to the size of the axis − 1; what comes twice is added twice
 * @param source - the shape of `x` with N in place of the axis, its dtype
 * @returns the shape and dtype of `x`
 */
export function indexAdd(x: Tensor, dim: number, positions: Tensor, source: Tensor): Tensor {
  const [slot, at] = [expectSlot(x, 'indexAdd'), expectSlot(positions, 'indexAdd')];
  return wrap(loadAddon().call(indexAddOp.id, slot, dim, at, expectSlot(source, 'indexAdd')));
}

/**
 * As {@link gather}, with broadcasting; what argmax and argsort give can be put in.
 * @param x - any shape, any dtype
 * @param positions - int64 or int32, as many axes as `x`, broadcast with it but along `dim`; from 0 to the size of
 *   `dim` − 1
 * @param dim - the axis that the positions count along (default: `x` and positions are flattened)
 * @returns a copy: the broadcast shape with the positions' size along `dim`, the dtype of `x`
 */
export function takeAlongDim(x: Tensor, positions: Tensor, dim?: number): Tensor {
  return wrap(
    loadAddon().call(takeAlongDimOp.id, expectSlot(x, 'takeAlongDim'), expectSlot(positions, 'takeAlongDim'), dim),
  );
}

/**
 * The elements where a mask holds, in one axis.
 * @param x - any shape, any dtype
 * @param mask - bool, broadcasts with `x`
 * @returns a copy `[N]` of the N elements where it holds, in row-major order; the dtype of `x`
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  return wrap(loadAddon().call(maskedSelectOp.id, expectSlot(x, 'maskedSelect'), expectSlot(mask, 'maskedSelect')));
}

/**
 * A copy of `x` with a value where the mask holds.
 * @param x - any shape, any dtype
 * @param mask - bool, broadcasts with `x`
 * @param value - a number or a tensor without axes, converted to the dtype of `x`
 * @returns the broadcast shape, the dtype of `x`
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Tensor | Scalar): Tensor {
  const [slot, at] = [expectSlot(x, 'maskedFill'), expectSlot(mask, 'maskedFill')];
  return typeof value === 'object'
    ? wrap(loadAddon().call(maskedFillTensor.id, slot, at, expectSlot(value, 'maskedFill')))
    : wrap(loadAddon().call(maskedFillScalar.id, slot, at, value));
}

/**
 * The positions of nonzero elements, one row each.
 * @param x - any shape, any dtype
 * @returns int64, `[N, ndim]`, in row-major order
 */
export const nonzero = defineUnary('aten::nonzero');

/**
 * A new last axis with 1 at each element's position and 0 elsewhere.
 * @param x - any shape, int64, from 0 to `classes` − 1
 * @param classes - the size of the new axis (default −1: the greatest element + 1)
 * @returns int64, the shape of `x` and `classes`
 */
export function oneHot(x: Tensor, classes = -1): Tensor {
  return wrap(loadAddon().call(oneHotOp.id, expectSlot(x, 'oneHot'), classes));
}
