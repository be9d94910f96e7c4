/** Functions that give the same elements another shape or order. Views share memory where libtorch's do. */
import { raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectSlot, expectSlots, wrap } from '../tensor.js';
import type { Unary } from './combine.js';
import { defineUnary } from './combine.js';

/** Sizes or axes, as an array or one by one. */
export type Sizes = readonly number[] | [readonly number[]];

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

/** The numbers of a rest argument, given one by one or as an array. */
export function expectIntegers(where: string, given: Sizes): readonly number[] {
  const list = Array.isArray(given[0]) ? given[0] : given;
  if (list.every((item) => Number.isSafeInteger(item))) return list as readonly number[];
  return raise('PAL_ARGUMENT', { where, expected: 'integers', received: show(list) });
}

function wrapAll(slots: unknown): Tensor[] {
  return (slots as unknown[]).map(wrap);
}

/** The same elements in another shape; one size may be −1. Copies only when a view can't do it. */
export function reshape(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(reshapeOp.id, expectSlot(x, 'reshape'), expectIntegers('reshape', shape)));
}

/** As {@link reshape}, but always a view. @throws ArgumentError when a view can't do it */
export function view(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(viewOp.id, expectSlot(x, 'view'), expectIntegers('view', shape)));
}

/** The same bytes read as another dtype of the same size. */
export function viewAsType(x: Tensor, dtype: Tensor['dtype']): Tensor {
  return wrap(loadAddon().call(viewDtype.id, expectSlot(x, 'viewAsType'), dtype));
}

/** The axes in another order. */
export function permute(x: Tensor, ...order: Sizes): Tensor {
  return wrap(loadAddon().call(permuteOp.id, expectSlot(x, 'permute'), expectIntegers('permute', order)));
}

/** Two axes exchanged. */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(loadAddon().call(transposeInt.id, expectSlot(x, 'transpose'), dim0, dim1));
}

/** A matrix transposed. */
export const t: Unary = defineUnary('aten::t');
/** The elements in row-major order without gaps; the tensor itself if they are. */
export const contiguous: Unary = defineUnary('aten::contiguous');
/** A copy that gradients flow through. */
export const clone: Unary = defineUnary('aten::clone');
/** The same elements, out of reach of gradients. */
export const detach: Unary = defineUnary('aten::detach');

/** A new axis of size 1. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  return wrap(loadAddon().call(unsqueezeOp.id, expectSlot(x, 'unsqueeze'), dim));
}

/** Axes of size 1 taken away: the given ones, or all. */
export function squeeze(x: Tensor, dim?: number | readonly number[]): Tensor {
  if (dim === undefined) return wrap(loadAddon().call(squeezeAll.id, expectSlot(x, 'squeeze')));
  return wrap(loadAddon().call(squeezeDims.id, expectSlot(x, 'squeeze'), typeof dim === 'number' ? [dim] : dim));
}

/** Axes of size 1 repeated to the given sizes, without a copy; −1 leaves an axis as it is. */
export function expand(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(expandOp.id, expectSlot(x, 'expand'), expectIntegers('expand', shape)));
}

/** The tensor broadcast to a shape, without a copy. */
export function broadcastTo(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(broadcastOp.id, expectSlot(x, 'broadcastTo'), expectIntegers('broadcastTo', shape)));
}

/** Axes from `start` to `end` made one. */
export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  return wrap(loadAddon().call(flattenOp.id, expectSlot(x, 'flatten'), start, end));
}

/** One axis made several. */
export function unflatten(x: Tensor, dim: number, sizes: readonly number[]): Tensor {
  return wrap(loadAddon().call(unflattenOp.id, expectSlot(x, 'unflatten'), dim, sizes));
}

/** Tensors joined along an axis. */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  return wrap(loadAddon().call(catOp.id, expectSlots(tensors, 'cat'), dim));
}

/** Tensors of one shape joined along a new axis. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  return wrap(loadAddon().call(stackOp.id, expectSlots(tensors, 'stack'), dim));
}

/** Views of the given size (the last may be smaller), or of the given sizes, along an axis. */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const op = typeof size === 'number' ? splitSize : splitSizes;
  return wrapAll(loadAddon().call(op.id, expectSlot(x, 'split'), size, dim));
}

/** That many views of almost equal size along an axis. */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  return wrapAll(loadAddon().call(chunkOp.id, expectSlot(x, 'chunk'), chunks, dim));
}

/** The views at each position of an axis. */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  return wrapAll(loadAddon().call(unbindInt.id, expectSlot(x, 'unbind'), dim));
}

/** The whole tensor repeated along each axis. */
export function repeat(x: Tensor, ...repeats: Sizes): Tensor {
  return wrap(loadAddon().call(repeatOp.id, expectSlot(x, 'repeat'), expectIntegers('repeat', repeats)));
}

/** Each element repeated along an axis, next to itself. */
export function repeatInterleave(x: Tensor, repeats: number, dim?: number): Tensor {
  return wrap(loadAddon().call(repeatInterleaveInt.id, expectSlot(x, 'repeatInterleave'), repeats, dim));
}

/** The elements on and below a diagonal of the last two axes, zero above. */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return wrap(loadAddon().call(trilOp.id, expectSlot(x, 'tril'), diagonal));
}

/** The elements on and above a diagonal of the last two axes, zero below. */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return wrap(loadAddon().call(triuOp.id, expectSlot(x, 'triu'), diagonal));
}

/** A view of a diagonal. */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  return wrap(loadAddon().call(diagonalOp.id, expectSlot(x, 'diagonal'), offset, dim1, dim2));
}

/** A view of `length` positions from `start` along an axis. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  return wrap(loadAddon().call(narrowOp.id, expectSlot(x, 'narrow'), dim, start, length));
}

/** A view at one position of an axis, which goes away. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  return wrap(loadAddon().call(selectInt.id, expectSlot(x, 'select'), dim, index));
}

/** The elements in reverse order along axes. */
export function flip(x: Tensor, ...dims: Sizes): Tensor {
  return wrap(loadAddon().call(flipOp.id, expectSlot(x, 'flip'), expectIntegers('flip', dims)));
}

/** The elements moved along axes, around the end. */
export function roll(x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  return wrap(loadAddon().call(rollOp.id, expectSlot(x, 'roll'), shifts, dims));
}

/** An axis moved to another place. */
export function movedim(x: Tensor, source: number, destination: number): Tensor {
  return wrap(loadAddon().call(movedimOp.id, expectSlot(x, 'movedim'), source, destination));
}

/** Views of all windows of a size along an axis, in a new last axis. */
export function unfold(x: Tensor, dim: number, size: number, step = 1): Tensor {
  return wrap(loadAddon().call(unfoldOp.id, expectSlot(x, 'unfold'), dim, size, step));
}
