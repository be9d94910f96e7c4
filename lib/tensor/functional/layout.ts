/** Functions that give the same elements another shape or order. Views share memory where libtorch's do. */
import { raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectSlot, expectSlots, wrap } from '../tensor.js';
import type { Unary } from './combine.js';
import { defineUnary } from './combine.js';
import type { Sizes } from './options.js';

const reshapeOp = bindOperator('aten::reshape');
const viewOp = bindOperator('aten::view');
const viewDtype = bindOperator('aten::view.dtype');
const permuteOp = bindOperator('aten::permute');
const transposeInt = bindOperator('aten::transpose.int');
const unsqueezeOp = bindOperator('aten::unsqueeze');
const squeezeAll = bindOperator('aten::squeeze');
const squeezeDims = bindOperator('aten::squeeze.dims');
const expandOp = bindOperator('aten::expand');
const broadcastOp = bindOperator('aten::broadcast_to');
const flattenOp = bindOperator('aten::flatten.using_ints');
const unflattenOp = bindOperator('aten::unflatten.int');
const catOp = bindOperator('aten::cat');
const stackOp = bindOperator('aten::stack');
const splitSize = bindOperator('aten::split.Tensor');
const splitSizes = bindOperator('aten::split_with_sizes');
const chunkOp = bindOperator('aten::chunk');
const unbindInt = bindOperator('aten::unbind.int');
const repeatOp = bindOperator('aten::repeat');
const repeatInterleaveInt = bindOperator('aten::repeat_interleave.self_int');
const trilOp = bindOperator('aten::tril');
const triuOp = bindOperator('aten::triu');
const diagonalOp = bindOperator('aten::diagonal');
const narrowOp = bindOperator('aten::narrow');
const selectInt = bindOperator('aten::select.int');
const flipOp = bindOperator('aten::flip');
const rollOp = bindOperator('aten::roll');
const movedimOp = bindOperator('aten::movedim.int');
const unfoldOp = bindOperator('aten::unfold');

/**
 * The numbers of a rest argument, given one by one or as an array.
 * @param where - the caller's name, for the error
 * @param given - integers, or an array of them as its one item
 * @returns the integers
 */
export function expectIntegers(where: string, given: Sizes): readonly number[] {
  const list = Array.isArray(given[0]) ? given[0] : given;
  if (list.every((item) => Number.isSafeInteger(item))) return list as readonly number[];
  return raise('PAL_ARGUMENT', { where, expected: 'integers', received: show(list) });
}

function wrapAll(slots: unknown): Tensor[] {
  return (slots as unknown[]).map(wrap);
}

/**
 * The same elements in another shape; one size may be −1. Copies only when a view can't do it.
 * @param x - any shape, any dtype
 * @param shape - the new sizes, of as many elements as `x` has
 * @returns a view where strides allow it, else a copy; the dtype of `x`
 */
export function reshape(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(reshapeOp.id, expectSlot(x, 'reshape'), expectIntegers('reshape', shape)));
}

/**
 * As {@link reshape}, but always a view.
 * @param x - any shape, any dtype
 * @param shape - the new sizes, of as many elements as `x` has; one may be −1
 * @returns a view, the dtype of `x`
 * @throws ArgumentError when a view can't do it
 */
export function view(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(viewOp.id, expectSlot(x, 'view'), expectIntegers('view', shape)));
}

/**
 * The same bytes read as another dtype of the same size.
 * @param x - any shape, any dtype
 * @param dtype - an element type; one of another size makes the last axis longer or shorter
 * @returns a view on the same memory, in that dtype
 */
export function viewAsType(x: Tensor, dtype: Tensor['dtype']): Tensor {
  return wrap(loadAddon().call(viewDtype.id, expectSlot(x, 'viewAsType'), dtype));
}

/**
 * The axes in another order.
 * @param x - any shape, any dtype
 * @param order - each axis of `x` once, in its new place
 * @returns a view, the dtype of `x`
 */
export function permute(x: Tensor, ...order: Sizes): Tensor {
  return wrap(loadAddon().call(permuteOp.id, expectSlot(x, 'permute'), expectIntegers('permute', order)));
}

/**
 * Two axes exchanged.
 * @param x - any shape, any dtype
 * @param dim0 - an axis, from −ndim to ndim − 1
 * @param dim1 - the axis it is exchanged with
 * @returns a view, the dtype of `x`
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(loadAddon().call(transposeInt.id, expectSlot(x, 'transpose'), dim0, dim1));
}

/**
 * A matrix transposed.
 * @param x - `[n, m]`, or `[n]` or `[]`, which stay as they are; any dtype
 * @returns a view `[m, n]`, the dtype of `x`
 */
export const t: Unary = defineUnary('aten::t');
/**
 * The elements in row-major order without gaps; the tensor itself if they are.
 * @param x - any shape, any dtype
 * @returns the shape and dtype of `x`; on the same memory where it has no gaps, else a copy
 */
export const contiguous: Unary = defineUnary('aten::contiguous');
/**
 * A copy that gradients flow through.
 * @param x - any shape, any dtype
 * @returns the shape and dtype of `x`, on memory of its own
 */
export const clone: Unary = defineUnary('aten::clone');
/**
 * The same elements, out of reach of gradients.
 * @param x - any shape, any dtype
 * @returns a view, the dtype of `x`, which doesn't require gradients
 */
export const detach: Unary = defineUnary('aten::detach');

/**
 * A new axis of size 1.
 * @param x - any shape, any dtype
 * @param dim - the place of the new axis, from −ndim − 1 to ndim
 * @returns a view with one axis more, the dtype of `x`
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  return wrap(loadAddon().call(unsqueezeOp.id, expectSlot(x, 'unsqueeze'), dim));
}

/**
 * Axes of size 1 taken away: the given ones, or all.
 * @param x - any shape, any dtype
 * @param dim - the axes to take away (default: all of size 1); those of another size stay
 * @returns a view, the dtype of `x`
 */
export function squeeze(x: Tensor, dim?: number | readonly number[]): Tensor {
  if (dim === undefined) return wrap(loadAddon().call(squeezeAll.id, expectSlot(x, 'squeeze')));
  return wrap(loadAddon().call(squeezeDims.id, expectSlot(x, 'squeeze'), typeof dim === 'number' ? [dim] : dim));
}

/**
 * Axes of size 1 repeated to the given sizes, without a copy; −1 leaves an axis as it is.
 * @param x - any shape, any dtype
 * @param shape - the new sizes; more than `x` has axes put new ones in front
 * @returns a view whose repeated elements share memory, the dtype of `x`
 */
export function expand(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(expandOp.id, expectSlot(x, 'expand'), expectIntegers('expand', shape)));
}

/**
 * The tensor broadcast to a shape, without a copy.
 * @param x - any shape, any dtype
 * @param shape - sizes that the shape of `x` broadcasts to
 * @returns a view whose repeated elements share memory, the dtype of `x`
 */
export function broadcastTo(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(broadcastOp.id, expectSlot(x, 'broadcastTo'), expectIntegers('broadcastTo', shape)));
}

/**
 * Axes from `start` to `end` made one.
 * @param x - any shape, any dtype; one without axes becomes `[1]`
 * @param start - the first axis, from −ndim to ndim − 1 (default 0)
 * @param end - the last axis, itself included (default −1)
 * @returns a view where strides allow it, else a copy; the dtype of `x`
 */
export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  return wrap(loadAddon().call(flattenOp.id, expectSlot(x, 'flatten'), start, end));
}

/**
 * One axis made several.
 * @param x - any shape, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param sizes - the sizes of the new axes, whose product is that of the old one; one may be −1
 * @returns a view, the dtype of `x`
 */
export function unflatten(x: Tensor, dim: number, sizes: readonly number[]): Tensor {
  return wrap(loadAddon().call(unflattenOp.id, expectSlot(x, 'unflatten'), dim, sizes));
}

/**
 * Tensors joined along an axis.
 * @param tensors - one or more, whose shapes agree but along the axis; any dtypes
 * @param dim - the axis, from −ndim to ndim − 1 (default 0)
 * @returns a copy, as long as all together along the axis; the promoted dtype
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  return wrap(loadAddon().call(catOp.id, expectSlots(tensors, 'cat'), dim));
}

/**
 * Tensors of one shape joined along a new axis.
 * @param tensors - one or more of one shape; any dtypes
 * @param dim - the place of the new axis, from −ndim − 1 to ndim (default 0)
 * @returns a copy with a new axis, as long as the list; the promoted dtype
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  return wrap(loadAddon().call(stackOp.id, expectSlots(tensors, 'stack'), dim));
}

/**
 * Views of the given size (the last may be smaller), or of the given sizes, along an axis.
 * @param x - any shape, any dtype
 * @param size - the size of each, at least 1; or sizes that sum to that of the axis
 * @param dim - the axis, from −ndim to ndim − 1 (default 0)
 * @returns views in order, the dtype of `x`
 */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const op = typeof size === 'number' ? splitSize : splitSizes;
  return wrapAll(loadAddon().call(op.id, expectSlot(x, 'split'), size, dim));
}

/**
 * That many views of almost equal size along an axis.
 * @param x - any shape, any dtype
 * @param chunks - how many, at least 1; fewer come out where the rounded-up size covers the axis sooner
 * @param dim - the axis, from −ndim to ndim − 1 (default 0)
 * @returns views in order, the dtype of `x`
 */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  return wrapAll(loadAddon().call(chunkOp.id, expectSlot(x, 'chunk'), chunks, dim));
}

/**
 * The views at each position of an axis.
 * @param x - any shape with an axis, any dtype
 * @param dim - the axis, from −ndim to ndim − 1 (default 0)
 * @returns a view for each position, without the axis; the dtype of `x`
 */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  return wrapAll(loadAddon().call(unbindInt.id, expectSlot(x, 'unbind'), dim));
}

/**
 * The whole tensor repeated along each axis.
 * @param x - any shape, any dtype
 * @param repeats - how often along each axis, at least 0; more than `x` has axes put new ones in front
 * @returns a copy, the dtype of `x`
 */
export function repeat(x: Tensor, ...repeats: Sizes): Tensor {
  return wrap(loadAddon().call(repeatOp.id, expectSlot(x, 'repeat'), expectIntegers('repeat', repeats)));
}

/**
 * Each element repeated along an axis, next to itself.
 * @param x - any shape, any dtype
 * @param repeats - how often, at least 0
 * @param dim - the axis (default: `x` is flattened)
 * @returns a copy, `repeats` times as long along the axis; the dtype of `x`
 */
export function repeatInterleave(x: Tensor, repeats: number, dim?: number): Tensor {
  return wrap(loadAddon().call(repeatInterleaveInt.id, expectSlot(x, 'repeatInterleave'), repeats, dim));
}

/**
 * The elements on and below a diagonal of the last two axes, zero above.
 * @param x - `[…, n, m]`, any dtype
 * @param diagonal - 0 for the main one (default), positive above it, negative below
 * @returns a copy of the shape and dtype of `x`
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return wrap(loadAddon().call(trilOp.id, expectSlot(x, 'tril'), diagonal));
}

/**
 * The elements on and above a diagonal of the last two axes, zero below.
 * @param x - `[…, n, m]`, any dtype
 * @param diagonal - 0 for the main one (default), positive above it, negative below
 * @returns a copy of the shape and dtype of `x`
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return wrap(loadAddon().call(triuOp.id, expectSlot(x, 'triu'), diagonal));
}

/**
 * A view of a diagonal.
 * @param x - two or more axes, any dtype
 * @param offset - 0 for the main one (default), positive above it, negative below
 * @param dim1 - the axis of the rows (default 0)
 * @param dim2 - the axis of the columns (default 1)
 * @returns a view without the two axes and with the diagonal as its last; the dtype of `x`
 */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  return wrap(loadAddon().call(diagonalOp.id, expectSlot(x, 'diagonal'), offset, dim1, dim2));
}

/**
 * A view of `length` positions from `start` along an axis.
 * @param x - any shape with an axis, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param start - the first position; a negative one counts from the end
 * @param length - how many, from 0 to what is left of the axis
 * @returns a view, the dtype of `x`
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  return wrap(loadAddon().call(narrowOp.id, expectSlot(x, 'narrow'), dim, start, length));
}

/**
 * A view at one position of an axis, which goes away.
 * @param x - any shape with an axis, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param index - the position; a negative one counts from the end
 * @returns a view without the axis, the dtype of `x`
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  return wrap(loadAddon().call(selectInt.id, expectSlot(x, 'select'), dim, index));
}

/**
 * The elements in reverse order along axes.
 * @param x - any shape, any dtype
 * @param dims - the axes to reverse, each once
 * @returns a copy of the shape and dtype of `x`
 */
export function flip(x: Tensor, ...dims: Sizes): Tensor {
  return wrap(loadAddon().call(flipOp.id, expectSlot(x, 'flip'), expectIntegers('flip', dims)));
}

/**
 * The elements moved along axes, around the end.
 * @param x - any shape, any dtype
 * @param shifts - how far towards higher positions, for all axes or one an axis of `dims`
 * @param dims - the axes (default: `x` is moved as if flattened)
 * @returns a copy of the shape and dtype of `x`
 */
export function roll(x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  return wrap(loadAddon().call(rollOp.id, expectSlot(x, 'roll'), shifts, dims));
}

/**
 * An axis moved to another place.
 * @param x - any shape, any dtype
 * @param source - the axis, from −ndim to ndim − 1
 * @param destination - its new place, likewise; the others keep their order
 * @returns a view, the dtype of `x`
 */
export function movedim(x: Tensor, source: number, destination: number): Tensor {
  return wrap(loadAddon().call(movedimOp.id, expectSlot(x, 'movedim'), source, destination));
}

/**
 * Views of all windows of a size along an axis, in a new last axis.
 * @param x - any shape with an axis, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param size - positions in each window, from 0 to the size of the axis
 * @param step - the distance between the starts of windows, at least 1 (default 1)
 * @returns a view: along the axis one position a window, `size` in the last; the dtype of `x`
 */
export function unfold(x: Tensor, dim: number, size: number, step = 1): Tensor {
  return wrap(loadAddon().call(unfoldOp.id, expectSlot(x, 'unfold'), dim, size, step));
}
