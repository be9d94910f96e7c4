/** Functions that give the same elements another shape or order. Views share memory where libtorch's do. */
import { raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { bound } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { slotOf, slotsOf, wrap } from '../tensor.js';
import type { Unary } from './combine.js';
import { unary } from './combine.js';

/** Sizes or axes, as an array or one by one. */
export type Sizes = readonly number[] | [readonly number[]];

const reshapeOp = bound('aten::reshape');
const viewOp = bound('aten::view');
const viewDtype = bound('aten::view.dtype');
const permuteOp = bound('aten::permute');
const transposeInt = bound('aten::transpose.int');
const unsqueezeOp = bound('aten::unsqueeze');
const squeezeAll = bound('aten::squeeze');
const squeezeDims = bound('aten::squeeze.dims');
const expandOp = bound('aten::expand');
const broadcastOp = bound('aten::broadcast_to');
const flattenOp = bound('aten::flatten.using_ints');
const unflattenOp = bound('aten::unflatten.int');
const catOp = bound('aten::cat');
const stackOp = bound('aten::stack');
const splitSize = bound('aten::split.Tensor');
const splitSizes = bound('aten::split_with_sizes');
const chunkOp = bound('aten::chunk');
const unbindInt = bound('aten::unbind.int');
const repeatOp = bound('aten::repeat');
const repeatInterleaveInt = bound('aten::repeat_interleave.self_int');
const trilOp = bound('aten::tril');
const triuOp = bound('aten::triu');
const diagonalOp = bound('aten::diagonal');
const narrowOp = bound('aten::narrow');
const selectInt = bound('aten::select.int');
const flipOp = bound('aten::flip');
const rollOp = bound('aten::roll');
const movedimOp = bound('aten::movedim.int');
const unfoldOp = bound('aten::unfold');

/** The numbers of a rest argument, given one by one or as an array. */
export function listed(where: string, given: Sizes): readonly number[] {
  const list = Array.isArray(given[0]) ? given[0] : given;
  if (list.every((item) => Number.isSafeInteger(item))) return list as readonly number[];
  return raise('PAL_ARGUMENT', { where, expected: 'integers', received: show(list) });
}

function wrapAll(slots: unknown): Tensor[] {
  return (slots as unknown[]).map(wrap);
}

/** The same elements in another shape; one size may be −1. Copies only when a view can't do it. */
export function reshape(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(reshapeOp.id, slotOf(x, 'reshape'), listed('reshape', shape)));
}

/** As {@link reshape}, but always a view. @throws ArgumentError when a view can't do it */
export function view(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(viewOp.id, slotOf(x, 'view'), listed('view', shape)));
}

/** The same bytes read as another dtype of the same size. */
export function viewAsType(x: Tensor, dtype: Tensor['dtype']): Tensor {
  return wrap(loadAddon().call(viewDtype.id, slotOf(x, 'viewAsType'), dtype));
}

/** The axes in another order. */
export function permute(x: Tensor, ...order: Sizes): Tensor {
  return wrap(loadAddon().call(permuteOp.id, slotOf(x, 'permute'), listed('permute', order)));
}

/** Two axes exchanged. */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(loadAddon().call(transposeInt.id, slotOf(x, 'transpose'), dim0, dim1));
}

/** A matrix transposed. */
export const t: Unary = unary('aten::t');
/** The elements in row-major order without gaps; the tensor itself if they are. */
export const contiguous: Unary = unary('aten::contiguous');
/** A copy that gradients flow through. */
export const clone: Unary = unary('aten::clone');
/** The same elements, out of reach of gradients. */
export const detach: Unary = unary('aten::detach');

/** A new axis of size 1. */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  return wrap(loadAddon().call(unsqueezeOp.id, slotOf(x, 'unsqueeze'), dim));
}

/** Axes of size 1 taken away: the given ones, or all. */
export function squeeze(x: Tensor, dim?: number | readonly number[]): Tensor {
  if (dim === undefined) return wrap(loadAddon().call(squeezeAll.id, slotOf(x, 'squeeze')));
  return wrap(loadAddon().call(squeezeDims.id, slotOf(x, 'squeeze'), typeof dim === 'number' ? [dim] : dim));
}

/** Axes of size 1 repeated to the given sizes, without a copy; −1 leaves an axis as it is. */
export function expand(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(expandOp.id, slotOf(x, 'expand'), listed('expand', shape)));
}

/** The tensor broadcast to a shape, without a copy. */
export function broadcastTo(x: Tensor, ...shape: Sizes): Tensor {
  return wrap(loadAddon().call(broadcastOp.id, slotOf(x, 'broadcastTo'), listed('broadcastTo', shape)));
}

/** Axes from `start` to `end` made one. */
export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  return wrap(loadAddon().call(flattenOp.id, slotOf(x, 'flatten'), start, end));
}

/** One axis made several. */
export function unflatten(x: Tensor, dim: number, sizes: readonly number[]): Tensor {
  return wrap(loadAddon().call(unflattenOp.id, slotOf(x, 'unflatten'), dim, sizes));
}

/** Tensors joined along an axis. */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  return wrap(loadAddon().call(catOp.id, slotsOf(tensors, 'cat'), dim));
}

/** Tensors of one shape joined along a new axis. */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  return wrap(loadAddon().call(stackOp.id, slotsOf(tensors, 'stack'), dim));
}

/** Views of the given size (the last may be smaller), or of the given sizes, along an axis. */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const op = typeof size === 'number' ? splitSize : splitSizes;
  return wrapAll(loadAddon().call(op.id, slotOf(x, 'split'), size, dim));
}

/** That many views of almost equal size along an axis. */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  return wrapAll(loadAddon().call(chunkOp.id, slotOf(x, 'chunk'), chunks, dim));
}

/** The views at each position of an axis. */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  return wrapAll(loadAddon().call(unbindInt.id, slotOf(x, 'unbind'), dim));
}

/** The whole tensor repeated along each axis. */
export function repeat(x: Tensor, ...repeats: Sizes): Tensor {
  return wrap(loadAddon().call(repeatOp.id, slotOf(x, 'repeat'), listed('repeat', repeats)));
}

/** Each element repeated along an axis, next to itself. */
export function repeatInterleave(x: Tensor, repeats: number, dim?: number): Tensor {
  return wrap(loadAddon().call(repeatInterleaveInt.id, slotOf(x, 'repeatInterleave'), repeats, dim));
}

/** The elements on and below a diagonal of the last two axes, zero above. */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return wrap(loadAddon().call(trilOp.id, slotOf(x, 'tril'), diagonal));
}

/** The elements on and above a diagonal of the last two axes, zero below. */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return wrap(loadAddon().call(triuOp.id, slotOf(x, 'triu'), diagonal));
}

/** A view of a diagonal. */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  return wrap(loadAddon().call(diagonalOp.id, slotOf(x, 'diagonal'), offset, dim1, dim2));
}

/** A view of `length` positions from `start` along an axis. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  return wrap(loadAddon().call(narrowOp.id, slotOf(x, 'narrow'), dim, start, length));
}

/** A view at one position of an axis, which goes away. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  return wrap(loadAddon().call(selectInt.id, slotOf(x, 'select'), dim, index));
}

/** The elements in reverse order along axes. */
export function flip(x: Tensor, ...dims: Sizes): Tensor {
  return wrap(loadAddon().call(flipOp.id, slotOf(x, 'flip'), listed('flip', dims)));
}

/** The elements moved along axes, around the end. */
export function roll(x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  return wrap(loadAddon().call(rollOp.id, slotOf(x, 'roll'), shifts, dims));
}

/** An axis moved to another place. */
export function movedim(x: Tensor, source: number, destination: number): Tensor {
  return wrap(loadAddon().call(movedimOp.id, slotOf(x, 'movedim'), source, destination));
}

/** Views of all windows of a size along an axis, in a new last axis. */
export function unfold(x: Tensor, dim: number, size: number, step = 1): Tensor {
  return wrap(loadAddon().call(unfoldOp.id, slotOf(x, 'unfold'), dim, size, step));
}
