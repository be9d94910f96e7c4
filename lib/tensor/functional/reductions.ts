/** Functions that take one or more axes away. Without `dim` they take all. */
import { castingReductionKeys, reductionKeys, varianceKeys } from './options.js';
import { checkOptions } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { DType, Scalar } from '../dtype.js';
import type { BoundOperator } from '../operator.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectSlot, wrap } from '../tensor.js';
import type { Axes, CastingReductionOptions, ReductionOptions, VarianceOptions } from './options.js';

/** Elements and where they stood along the axis (int64). */
export interface ValuesAndIndices {
  values: Tensor;
  indices: Tensor;
}

const sumDims = bindOperator('aten::sum.dim_IntList');
const meanDims = bindOperator('aten::mean.dim');
const prodAll = bindOperator('aten::prod');
const prodDim = bindOperator('aten::prod.dim_int');
const amaxOp = bindOperator('aten::amax');
const aminOp = bindOperator('aten::amin');
const anyDims = bindOperator('aten::any.dims');
const allDims = bindOperator('aten::all.dims');
const stdCorrection = bindOperator('aten::std.correction');
const varCorrection = bindOperator('aten::var.correction');
const vectorNorm = bindOperator('aten::linalg_vector_norm');
const cumsumOp = bindOperator('aten::cumsum');
const cumprodOp = bindOperator('aten::cumprod');
const logsumexpOp = bindOperator('aten::logsumexp');
const argmaxOp = bindOperator('aten::argmax');
const argminOp = bindOperator('aten::argmin');
const maxAll = bindOperator('aten::max');
const maxDim = bindOperator('aten::max.dim');
const minAll = bindOperator('aten::min');
const minDim = bindOperator('aten::min.dim');
const medianAll = bindOperator('aten::median');
const medianDim = bindOperator('aten::median.dim');
const topkOp = bindOperator('aten::topk');
const sortStable = bindOperator('aten::sort.stable');
const argsortOp = bindOperator('aten::argsort');
const countNonzeroDims = bindOperator('aten::count_nonzero.dim_IntList');

/** A number as a list of one. */
function toAxisList(dim: Axes | undefined): readonly number[] | undefined {
  return typeof dim === 'number' ? [dim] : dim;
}

function wrapPair(result: unknown): ValuesAndIndices {
  const [values, indices] = result as [unknown, unknown];
  return { values: wrap(values), indices: wrap(indices) };
}

/**
 * The sum.
 * @param x - any shape, any dtype
 * @param dim - the axes taken away (default: all)
 * @param options - `keepdim` (default false); `dtype` to compute in and return
 * @returns the shape of `x` without the axes; the dtype of `x`, but int64 for integers and bool
 */
export function sum(x: Tensor, dim?: Axes, options: CastingReductionOptions = {}): Tensor {
  const { keepdim, dtype } = checkOptions('sum', options, castingReductionKeys);
  return wrap(loadAddon().call(sumDims.id, expectSlot(x, 'sum'), toAxisList(dim), keepdim, dtype));
}

/**
 * The arithmetic mean.
 * @param x - any shape; floating-point or complex, or any dtype with `dtype`
 * @param dim - the axes taken away (default: all)
 * @param options - `keepdim` (default false); `dtype` to compute in and return
 * @returns the shape of `x` without the axes, the dtype of `x`; NaN where there is no element
 */
export function mean(x: Tensor, dim?: Axes, options: CastingReductionOptions = {}): Tensor {
  const { keepdim, dtype } = checkOptions('mean', options, castingReductionKeys);
  return wrap(loadAddon().call(meanDims.id, expectSlot(x, 'mean'), toAxisList(dim), keepdim, dtype));
}

/**
 * The product, over all elements or one axis.
 * @param x - any shape, any dtype
 * @param dim - the axis taken away (default: all)
 * @param options - `keepdim` (default false, with `dim` only); `dtype` to compute in and return
 * @returns the shape of `x` without the axis; the dtype of `x`, but int64 for integers and bool
 */
export function prod(x: Tensor, dim?: number, options: CastingReductionOptions = {}): Tensor {
  const { keepdim, dtype } = checkOptions('prod', options, castingReductionKeys);
  return dim === undefined
    ? wrap(loadAddon().call(prodAll.id, expectSlot(x, 'prod'), dtype))
    : wrap(loadAddon().call(prodDim.id, expectSlot(x, 'prod'), dim, keepdim, dtype));
}

/**
 * The greatest element.
 * @param x - any shape with an element, any real dtype
 * @returns a scalar `[]` of the dtype of `x`; NaN if any element is
 */
export function max(x: Tensor): Tensor;
/**
 * The greatest elements along an axis and where they stand.
 * @param x - any shape, any real dtype
 * @param dim - the axis taken away, from −ndim to ndim − 1; it has an element
 * @param options - `keepdim` (default false)
 * @returns `values` in the dtype of `x` and `indices` in int64, both of the shape of `x` without the axis
 */
export function max(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function max(x: Tensor, dim?: number, options?: ReductionOptions): Tensor | ValuesAndIndices {
  checkOptions('max', options, reductionKeys);
  return reduceExtremum('max', maxAll, maxDim, x, dim, options);
}

/**
 * The least element.
 * @param x - any shape with an element, any real dtype
 * @returns a scalar `[]` of the dtype of `x`; NaN if any element is
 */
export function min(x: Tensor): Tensor;
/**
 * The least elements along an axis and where they stand.
 * @param x - any shape, any real dtype
 * @param dim - the axis taken away, from −ndim to ndim − 1; it has an element
 * @param options - `keepdim` (default false)
 * @returns `values` in the dtype of `x` and `indices` in int64, both of the shape of `x` without the axis
 */
export function min(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function min(x: Tensor, dim?: number, options?: ReductionOptions): Tensor | ValuesAndIndices {
  checkOptions('min', options, reductionKeys);
  return reduceExtremum('min', minAll, minDim, x, dim, options);
}

/**
 * The middle element, the lower one of two.
 * @param x - any shape, any real dtype but bool
 * @returns a scalar `[]` of the dtype of `x`; NaN if any element is, or if there is none
 */
export function median(x: Tensor): Tensor;
/**
 * The middle elements along an axis and where they stand.
 * @param x - any shape, any real dtype but bool
 * @param dim - the axis taken away, from −ndim to ndim − 1; it has an element
 * @param options - `keepdim` (default false)
 * @returns `values` in the dtype of `x` and `indices` in int64, both of the shape of `x` without the axis
 */
export function median(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function median(x: Tensor, dim?: number, options?: ReductionOptions): Tensor | ValuesAndIndices {
  checkOptions('median', options, reductionKeys);
  return reduceExtremum('median', medianAll, medianDim, x, dim, options);
}

function reduceExtremum(
  name: string,
  all: BoundOperator,
  along: BoundOperator,
  x: Tensor,
  dim: number | undefined,
  options: ReductionOptions | undefined,
): Tensor | ValuesAndIndices {
  if (dim === undefined) return wrap(loadAddon().call(all.id, expectSlot(x, name)));
  return wrapPair(loadAddon().call(along.id, expectSlot(x, name), dim, options?.keepdim));
}

/**
 * The index of the greatest element along the axis, or in the flattened tensor.
 * @param x - any shape with an element, any real dtype but bool
 * @param dim - the axis taken away (default: all, in row-major order)
 * @param options - `keepdim` (default false)
 * @returns int64, the shape of `x` without the axis
 */
export function argmax(x: Tensor, dim?: number, options: ReductionOptions = {}): Tensor {
  const { keepdim } = checkOptions('argmax', options, reductionKeys);
  return wrap(loadAddon().call(argmaxOp.id, expectSlot(x, 'argmax'), dim, keepdim));
}

/**
 * The index of the least element along the axis, or in the flattened tensor.
 * @param x - any shape with an element, any real dtype but bool
 * @param dim - the axis taken away (default: all, in row-major order)
 * @param options - `keepdim` (default false)
 * @returns int64, the shape of `x` without the axis
 */
export function argmin(x: Tensor, dim?: number, options: ReductionOptions = {}): Tensor {
  const { keepdim } = checkOptions('argmin', options, reductionKeys);
  return wrap(loadAddon().call(argminOp.id, expectSlot(x, 'argmin'), dim, keepdim));
}

/**
 * The greatest element; equal ones share the gradient.
 * @param x - any shape, any real dtype
 * @param dim - the axes taken away, each with an element (default: all)
 * @param options - `keepdim` (default false)
 * @returns the shape of `x` without the axes, its dtype; NaN where an element is
 */
export function amax(x: Tensor, dim?: Axes, options: ReductionOptions = {}): Tensor {
  const { keepdim } = checkOptions('amax', options, reductionKeys);
  return wrap(loadAddon().call(amaxOp.id, expectSlot(x, 'amax'), toAxisList(dim), keepdim));
}

/**
 * The least element; equal ones share the gradient.
 * @param x - any shape, any real dtype
 * @param dim - the axes taken away, each with an element (default: all)
 * @param options - `keepdim` (default false)
 * @returns the shape of `x` without the axes, its dtype; NaN where an element is
 */
export function amin(x: Tensor, dim?: Axes, options: ReductionOptions = {}): Tensor {
  const { keepdim } = checkOptions('amin', options, reductionKeys);
  return wrap(loadAddon().call(aminOp.id, expectSlot(x, 'amin'), toAxisList(dim), keepdim));
}

/**
 * Tests if any element is nonzero.
 * @param x - any shape, any dtype; NaN is nonzero
 * @param dim - the axes taken away (default: all)
 * @param options - `keepdim` (default false)
 * @returns bool (uint8 for uint8), the shape of `x` without the axes; false where there is no element
 */
export function any(x: Tensor, dim?: Axes, options: ReductionOptions = {}): Tensor {
  const { keepdim } = checkOptions('any', options, reductionKeys);
  return wrap(loadAddon().call(anyDims.id, expectSlot(x, 'any'), toAxisList(dim), keepdim));
}

/**
 * Tests if all elements are nonzero.
 * @param x - any shape, any dtype; NaN is nonzero
 * @param dim - the axes taken away (default: all)
 * @param options - `keepdim` (default false)
 * @returns bool (uint8 for uint8), the shape of `x` without the axes; true where there is no element
 */
export function all(x: Tensor, dim?: Axes, options: ReductionOptions = {}): Tensor {
  const { keepdim } = checkOptions('all', options, reductionKeys);
  return wrap(loadAddon().call(allDims.id, expectSlot(x, 'all'), toAxisList(dim), keepdim));
}

/**
 * The standard deviation.
 * @param x - any shape, floating-point or complex
 * @param dim - the axes taken away (default: all)
 * @param options - `correction`, subtracted from the count before dividing (default 1); `keepdim` (default false)
 * @returns the shape of `x` without the axes, its real dtype; NaN where the count is not above `correction`
 */
export function std(x: Tensor, dim?: Axes, options: VarianceOptions = {}): Tensor {
  const { correction, keepdim } = checkOptions('std', options, varianceKeys);
  return wrap(loadAddon().call(stdCorrection.id, expectSlot(x, 'std'), toAxisList(dim), correction, keepdim));
}

/**
 * The variance.
 * @param x - any shape, floating-point or complex
 * @param dim - the axes taken away (default: all)
 * @param options - `correction`, subtracted from the count before dividing (default 1); `keepdim` (default false)
 * @returns the shape of `x` without the axes, its real dtype; NaN where the count is not above `correction`
 */
export function variance(x: Tensor, dim?: Axes, options: VarianceOptions = {}): Tensor {
  const { correction, keepdim } = checkOptions('variance', options, varianceKeys);
  return wrap(loadAddon().call(varCorrection.id, expectSlot(x, 'variance'), toAxisList(dim), correction, keepdim));
}

/**
 * The p-norm of vectors: (Σ |x|^p)^(1/p).
 * @param x - any shape, floating-point or complex
 * @param p - the order (default 2): Infinity gives max |x|, −Infinity min |x|, 0 the number of nonzero elements
 * @param dim - the axes taken away (default: all)
 * @param options - `keepdim` (default false); `dtype` to compute in and return
 * @returns the shape of `x` without the axes, its real dtype; at least 0
 */
export function norm(x: Tensor, p: Scalar = 2, dim?: Axes, options: CastingReductionOptions = {}): Tensor {
  const { keepdim, dtype } = checkOptions('norm', options, castingReductionKeys);
  return wrap(loadAddon().call(vectorNorm.id, expectSlot(x, 'norm'), p, toAxisList(dim), keepdim, dtype));
}

/**
 * Running sums along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param options - `dtype` to compute in and return
 * @returns the shape of `x`; its dtype, but int64 for integers and bool
 */
export function cumsum(x: Tensor, dim: number, options: { dtype?: DType | undefined } = {}): Tensor {
  const { dtype } = checkOptions('cumsum', options, { dtype: true });
  return wrap(loadAddon().call(cumsumOp.id, expectSlot(x, 'cumsum'), dim, dtype));
}

/**
 * Running products along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param options - `dtype` to compute in and return
 * @returns the shape of `x`; its dtype, but int64 for integers and bool
 */
export function cumprod(x: Tensor, dim: number, options: { dtype?: DType | undefined } = {}): Tensor {
  const { dtype } = checkOptions('cumprod', options, { dtype: true });
  return wrap(loadAddon().call(cumprodOp.id, expectSlot(x, 'cumprod'), dim, dtype));
}

/**
 * ln Σ e^x along axes, without overflow.
 * @param x - any shape, any dtype
 * @param dim - the axes taken away, from −ndim to ndim − 1
 * @param options - `keepdim` (default false)
 * @returns the shape of `x` without the axes; its dtype, but float32 for integers and bool
 */
export function logsumexp(x: Tensor, dim: Axes, options: ReductionOptions = {}): Tensor {
  const { keepdim } = checkOptions('logsumexp', options, reductionKeys);
  return wrap(loadAddon().call(logsumexpOp.id, expectSlot(x, 'logsumexp'), toAxisList(dim), keepdim));
}

/**
 * The number of nonzero elements.
 * @param x - any shape, any dtype; NaN counts
 * @param dim - the axes taken away (default: all)
 * @returns int64, the shape of `x` without the axes
 */
export function countNonzero(x: Tensor, dim?: Axes): Tensor {
  const every = toAxisList(dim) ?? x.shape.map((_, index) => index);
  return wrap(loadAddon().call(countNonzeroDims.id, expectSlot(x, 'countNonzero'), every));
}

/**
 * The `k` greatest (or least) elements along an axis, sorted, and where they stand.
 * @param x - any shape, any real dtype but bool
 * @param k - how many, from 0 to the size of the axis
 * @param dim - the axis (default the last)
 * @param options - `largest` (default true), or the least ones; `sorted` (default true), or in any order
 * @returns `values` in the dtype of `x` and `indices` in int64, both of the shape of `x` with k in place of the axis
 */
export function topk(
  x: Tensor,
  k: number,
  dim = -1,
  options: { largest?: boolean | undefined; sorted?: boolean | undefined } = {},
): ValuesAndIndices {
  const { largest, sorted } = checkOptions('topk', options, { largest: true, sorted: true });
  return wrapPair(loadAddon().call(topkOp.id, expectSlot(x, 'topk'), k, dim, largest, sorted));
}

/**
 * The elements sorted along an axis, and where they stood.
 * @param x - any shape, any real dtype; NaN counts as the greatest
 * @param dim - the axis (default the last)
 * @param options - `descending` (default false); `stable`: equal elements keep their order (default false)
 * @returns `values` in the dtype of `x` and `indices` in int64, both of the shape of `x`
 */
export function sort(
  x: Tensor,
  dim = -1,
  options: { descending?: boolean | undefined; stable?: boolean | undefined } = {},
): ValuesAndIndices {
  const { descending, stable = false } = checkOptions('sort', options, { descending: true, stable: true });
  return wrapPair(loadAddon().call(sortStable.id, expectSlot(x, 'sort'), stable, dim, descending));
}

/**
 * The positions that sort along an axis.
 * @param x - any shape, any real dtype; NaN counts as the greatest
 * @param dim - the axis (default the last)
 * @param options - `descending` (default false)
 * @returns int64, the shape of `x`
 */
export function argsort(x: Tensor, dim = -1, options: { descending?: boolean | undefined } = {}): Tensor {
  const { descending } = checkOptions('argsort', options, { descending: true });
  return wrap(loadAddon().call(argsortOp.id, expectSlot(x, 'argsort'), dim, descending));
}
