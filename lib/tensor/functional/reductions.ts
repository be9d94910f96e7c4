/** Functions that take one or more axes away. Without `dim` they take all. */
import { loadAddon } from '../../native/index.js';
import type { DType, Scalar } from '../dtype.js';
import type { Bound } from '../operator.js';
import { bound } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { slotOf, wrap } from '../tensor.js';

/** Axes, negative ones counted from the end. */
export type Axes = number | readonly number[];

/** Settings of a reduction. */
export interface ReductionOptions {
  /** Whether the axes taken away stay as axes of size 1. */
  keepdim?: boolean | undefined;
}

/** Settings of a reduction that can change the dtype. */
export interface CastingReductionOptions extends ReductionOptions {
  /** The dtype to compute in and return. */
  dtype?: DType | undefined;
}

/** Settings of {@link std} and {@link variance}. */
export interface VarianceOptions extends ReductionOptions {
  /** What is taken from the count before dividing: 1 (default) or 0. */
  correction?: number | undefined;
}

/** Elements and where they stood along the axis (int64). */
export interface ValuesAndIndices {
  values: Tensor;
  indices: Tensor;
}

const sumDims = bound('aten::sum.dim_IntList');
const meanDims = bound('aten::mean.dim');
const prodAll = bound('aten::prod');
const prodDim = bound('aten::prod.dim_int');
const amaxOp = bound('aten::amax');
const aminOp = bound('aten::amin');
const anyDims = bound('aten::any.dims');
const allDims = bound('aten::all.dims');
const stdCorrection = bound('aten::std.correction');
const varCorrection = bound('aten::var.correction');
const vectorNorm = bound('aten::linalg_vector_norm');
const cumsumOp = bound('aten::cumsum');
const cumprodOp = bound('aten::cumprod');
const logsumexpOp = bound('aten::logsumexp');
const argmaxOp = bound('aten::argmax');
const argminOp = bound('aten::argmin');
const maxAll = bound('aten::max');
const maxDim = bound('aten::max.dim');
const minAll = bound('aten::min');
const minDim = bound('aten::min.dim');
const medianAll = bound('aten::median');
const medianDim = bound('aten::median.dim');
const topkOp = bound('aten::topk');
const sortStable = bound('aten::sort.stable');
const argsortOp = bound('aten::argsort');
const countNonzeroDims = bound('aten::count_nonzero.dim_IntList');

/** A number as a list of one. */
function axes(dim: Axes | undefined): readonly number[] | undefined {
  return typeof dim === 'number' ? [dim] : dim;
}

function pair(result: unknown): ValuesAndIndices {
  const [values, indices] = result as [unknown, unknown];
  return { values: wrap(values), indices: wrap(indices) };
}

/** The sum. */
export function sum(x: Tensor, dim?: Axes, { keepdim, dtype }: CastingReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(sumDims.id, slotOf(x, 'sum'), axes(dim), keepdim, dtype));
}

/** The arithmetic mean. */
export function mean(x: Tensor, dim?: Axes, { keepdim, dtype }: CastingReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(meanDims.id, slotOf(x, 'mean'), axes(dim), keepdim, dtype));
}

/** The product, over all elements or one axis. */
export function prod(x: Tensor, dim?: number, { keepdim, dtype }: CastingReductionOptions = {}): Tensor {
  return dim === undefined
    ? wrap(loadAddon().call(prodAll.id, slotOf(x, 'prod'), dtype))
    : wrap(loadAddon().call(prodDim.id, slotOf(x, 'prod'), dim, keepdim, dtype));
}

/** The greatest element. */
export function max(x: Tensor): Tensor;
/** The greatest elements along an axis and where they stand. */
export function max(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function max(x: Tensor, dim?: number, options?: ReductionOptions): Tensor | ValuesAndIndices {
  return extremum('max', maxAll, maxDim, x, dim, options);
}

/** The least element. */
export function min(x: Tensor): Tensor;
/** The least elements along an axis and where they stand. */
export function min(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function min(x: Tensor, dim?: number, options?: ReductionOptions): Tensor | ValuesAndIndices {
  return extremum('min', minAll, minDim, x, dim, options);
}

/** The middle element, the lower one of two. */
export function median(x: Tensor): Tensor;
/** The middle elements along an axis and where they stand. */
export function median(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function median(x: Tensor, dim?: number, options?: ReductionOptions): Tensor | ValuesAndIndices {
  return extremum('median', medianAll, medianDim, x, dim, options);
}

function extremum(
  name: string,
  all: Bound,
  along: Bound,
  x: Tensor,
  dim: number | undefined,
  options: ReductionOptions | undefined,
): Tensor | ValuesAndIndices {
  if (dim === undefined) return wrap(loadAddon().call(all.id, slotOf(x, name)));
  return pair(loadAddon().call(along.id, slotOf(x, name), dim, options?.keepdim));
}

/** Where the greatest element stands: along the axis, or in the flattened tensor. */
export function argmax(x: Tensor, dim?: number, { keepdim }: ReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(argmaxOp.id, slotOf(x, 'argmax'), dim, keepdim));
}

/** Where the least element stands: along the axis, or in the flattened tensor. */
export function argmin(x: Tensor, dim?: number, { keepdim }: ReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(argminOp.id, slotOf(x, 'argmin'), dim, keepdim));
}

/** The greatest element; equal ones share the gradient. */
export function amax(x: Tensor, dim?: Axes, { keepdim }: ReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(amaxOp.id, slotOf(x, 'amax'), axes(dim), keepdim));
}

/** The least element; equal ones share the gradient. */
export function amin(x: Tensor, dim?: Axes, { keepdim }: ReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(aminOp.id, slotOf(x, 'amin'), axes(dim), keepdim));
}

/** Whether any element is nonzero. */
export function any(x: Tensor, dim?: Axes, { keepdim }: ReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(anyDims.id, slotOf(x, 'any'), axes(dim), keepdim));
}

/** Whether all elements are nonzero. */
export function all(x: Tensor, dim?: Axes, { keepdim }: ReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(allDims.id, slotOf(x, 'all'), axes(dim), keepdim));
}

/** The standard deviation. */
export function std(x: Tensor, dim?: Axes, { correction, keepdim }: VarianceOptions = {}): Tensor {
  return wrap(loadAddon().call(stdCorrection.id, slotOf(x, 'std'), axes(dim), correction, keepdim));
}

/** The variance. */
export function variance(x: Tensor, dim?: Axes, { correction, keepdim }: VarianceOptions = {}): Tensor {
  return wrap(loadAddon().call(varCorrection.id, slotOf(x, 'variance'), axes(dim), correction, keepdim));
}

/** The p-norm of vectors: (Σ |x|^p)^(1/p). */
export function norm(x: Tensor, p: Scalar = 2, dim?: Axes, { keepdim, dtype }: CastingReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(vectorNorm.id, slotOf(x, 'norm'), p, axes(dim), keepdim, dtype));
}

/** Running sums along an axis. */
export function cumsum(x: Tensor, dim: number, { dtype }: { dtype?: DType | undefined } = {}): Tensor {
  return wrap(loadAddon().call(cumsumOp.id, slotOf(x, 'cumsum'), dim, dtype));
}

/** Running products along an axis. */
export function cumprod(x: Tensor, dim: number, { dtype }: { dtype?: DType | undefined } = {}): Tensor {
  return wrap(loadAddon().call(cumprodOp.id, slotOf(x, 'cumprod'), dim, dtype));
}

/** ln Σ e^x along axes, without overflow. */
export function logsumexp(x: Tensor, dim: Axes, { keepdim }: ReductionOptions = {}): Tensor {
  return wrap(loadAddon().call(logsumexpOp.id, slotOf(x, 'logsumexp'), axes(dim), keepdim));
}

/** The number of nonzero elements. */
export function countNonzero(x: Tensor, dim?: Axes): Tensor {
  const every = axes(dim) ?? x.shape.map((_, index) => index);
  return wrap(loadAddon().call(countNonzeroDims.id, slotOf(x, 'countNonzero'), every));
}

/** The `k` greatest (or least) elements along an axis, sorted, and where they stand. */
export function topk(
  x: Tensor,
  k: number,
  dim = -1,
  { largest, sorted }: { largest?: boolean | undefined; sorted?: boolean | undefined } = {},
): ValuesAndIndices {
  return pair(loadAddon().call(topkOp.id, slotOf(x, 'topk'), k, dim, largest, sorted));
}

/** The elements sorted along an axis, and where they stood. */
export function sort(
  x: Tensor,
  dim = -1,
  { descending, stable = false }: { descending?: boolean | undefined; stable?: boolean | undefined } = {},
): ValuesAndIndices {
  return pair(loadAddon().call(sortStable.id, slotOf(x, 'sort'), stable, dim, descending));
}

/** The positions that sort along an axis. */
export function argsort(x: Tensor, dim = -1, { descending }: { descending?: boolean | undefined } = {}): Tensor {
  return wrap(loadAddon().call(argsortOp.id, slotOf(x, 'argsort'), dim, descending));
}
