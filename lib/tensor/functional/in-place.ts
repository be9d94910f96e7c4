/**
 * Functions that change their first tensor and return it; their names end in an underscore. It keeps shape and dtype:
 * other tensors are broadcast to its shape, and one of integers refuses operators whose results are floats.
 */
import { alphaKeys, clampKeys, divKeys, drawKeys } from './options.js';
import { checkOptions } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Scalar } from '../dtype.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectOptionalSlot, expectSlot } from '../tensor.js';
import type { Broadcast, Unary } from './combine.js';
import { defineBroadcastInPlace, defineUnaryInPlace } from './combine.js';
import type { DrawOptions, ClampOptions, DivOptions, AlphaOptions } from './options.js';

const addTensor = bindOperator('aten::add_.Tensor');
const addScalar = bindOperator('aten::add_.Scalar');
const subTensor = bindOperator('aten::sub_.Tensor');
const subScalar = bindOperator('aten::sub_.Scalar');
const divTensor = bindOperator('aten::div_.Tensor_mode');
const divScalar = bindOperator('aten::div_.Scalar_mode');
const clampScalars = bindOperator('aten::clamp_');
const clampTensors = bindOperator('aten::clamp_.Tensor');
const lerpTensor = bindOperator('aten::lerp_.Tensor');
const lerpScalar = bindOperator('aten::lerp_.Scalar');
const addcmulOp = bindOperator('aten::addcmul_');
const addcdivOp = bindOperator('aten::addcdiv_');
const copyOp = bindOperator('aten::copy_');
const maskedFillTensor = bindOperator('aten::masked_fill_.Tensor');
const maskedFillScalar = bindOperator('aten::masked_fill_.Scalar');
const scatterSrc = bindOperator('aten::scatter_.src');
const scatterValue = bindOperator('aten::scatter_.value');
const scatterAddOp = bindOperator('aten::scatter_add_');
const indexAddOp = bindOperator('aten::index_add_');
const indexCopyOp = bindOperator('aten::index_copy_');
const normalOp = bindOperator('aten::normal_');
const uniformOp = bindOperator('aten::uniform_');
const bernoulliOp = bindOperator('aten::bernoulli_.float');
const exponentialOp = bindOperator('aten::exponential_');

/**
 * x += alpha · other.
 * @param x - any shape, any dtype
 * @param other - a number, or a tensor that broadcasts to the shape of `x`; floats only where `x` holds floats
 * @param options - `alpha` multiplies `other` first (default 1); a whole number where all tensors hold integers
 * @returns `x`
 */
export function add_(x: Tensor, other: Tensor | Scalar, options?: AlphaOptions): Tensor {
  checkOptions('add_', options, alphaKeys);
  if (typeof other === 'object')
    loadAddon().call(addTensor.id, expectSlot(x, 'add_'), expectSlot(other, 'add_'), options?.alpha);
  else loadAddon().call(addScalar.id, expectSlot(x, 'add_'), other, options?.alpha);
  return x;
}

/**
 * x −= alpha · other.
 * @param x - any shape, any dtype but bool
 * @param other - a number, or a tensor that broadcasts to the shape of `x`; floats only where `x` holds floats
 * @param options - `alpha` multiplies `other` first (default 1); a whole number where all tensors hold integers
 * @returns `x`
 */
export function sub_(x: Tensor, other: Tensor | Scalar, options?: AlphaOptions): Tensor {
  checkOptions('sub_', options, alphaKeys);
  if (typeof other === 'object')
    loadAddon().call(subTensor.id, expectSlot(x, 'sub_'), expectSlot(other, 'sub_'), options?.alpha);
  else loadAddon().call(subScalar.id, expectSlot(x, 'sub_'), other, options?.alpha);
  return x;
}

/** x *= other. */
export const mul_: Broadcast = defineBroadcastInPlace('aten::mul_.Tensor', 'aten::mul_.Scalar');

/**
 * x /= other.
 * @param x - any shape; floating-point unless the quotient is rounded
 * @param other - a number, or a tensor that broadcasts to the shape of `x`
 * @param options - `roundingMode` rounds the quotient towards zero or down (default: it isn't rounded)
 * @returns `x`
 */
export function div_(x: Tensor, other: Tensor | Scalar, options: DivOptions = {}): Tensor {
  const { roundingMode } = checkOptions('div_', options, divKeys);
  if (typeof other === 'object')
    loadAddon().call(divTensor.id, expectSlot(x, 'div_'), expectSlot(other, 'div_'), roundingMode);
  else loadAddon().call(divScalar.id, expectSlot(x, 'div_'), other, roundingMode);
  return x;
}

/** x to the power of the exponent. */
export const pow_: Broadcast = defineBroadcastInPlace('aten::pow_.Tensor', 'aten::pow_.Scalar');
/** Every element set to a number. */
export const fill_: Broadcast = defineBroadcastInPlace('aten::fill_.Tensor', 'aten::fill_.Scalar');
/** Every element set to 0. */
export const zero_: Unary = defineUnaryInPlace('aten::zero_');
/** −x. */
export const neg_: Unary = defineUnaryInPlace('aten::neg_');
/** The absolute value. */
export const abs_: Unary = defineUnaryInPlace('aten::abs_');
/** e to the x. */
export const exp_: Unary = defineUnaryInPlace('aten::exp_');
/** The natural logarithm. */
export const log_: Unary = defineUnaryInPlace('aten::log_');
/** The square root. */
export const sqrt_: Unary = defineUnaryInPlace('aten::sqrt_');
/** 1 / √x. */
export const rsqrt_: Unary = defineUnaryInPlace('aten::rsqrt_');
/** 1 / x. */
export const reciprocal_: Unary = defineUnaryInPlace('aten::reciprocal_');
/** x². */
export const square_: Unary = defineUnaryInPlace('aten::square_');
/** max(x, 0). */
export const relu_: Unary = defineUnaryInPlace('aten::relu_');
/** 1 / (1 + e^−x). */
export const sigmoid_: Unary = defineUnaryInPlace('aten::sigmoid_');
/** The hyperbolic tangent. */
export const tanh_: Unary = defineUnaryInPlace('aten::tanh_');
/** The nearest integer, halves to even. */
export const round_: Unary = defineUnaryInPlace('aten::round_');
/** The greatest integer not above x. */
export const floor_: Unary = defineUnaryInPlace('aten::floor_');
/** Cut from the graph that made it. */
export const detach_: Unary = defineUnaryInPlace('aten::detach_');

/**
 * x limited to bounds; both are numbers or both tensors.
 * @param x - any shape, any real dtype; NaN stays
 * @param options - `min` and `max`, numbers or tensors that broadcast to the shape of `x`; where `min` is above `max`,
 *   `max` is the result
 * @returns `x`
 */
export function clamp_(x: Tensor, options: ClampOptions): Tensor {
  const { min, max } = checkOptions('clamp_', options, clampKeys);
  if (typeof min === 'object' || typeof max === 'object') {
    const [low, high] = [min, max].map((bound_) => expectOptionalSlot(bound_ as Tensor | undefined, 'clamp_'));
    loadAddon().call(clampTensors.id, expectSlot(x, 'clamp_'), low, high);
  } else loadAddon().call(clampScalars.id, expectSlot(x, 'clamp_'), min, max);
  return x;
}

/**
 * x += weight · (end − x).
 * @param x - any shape, floating-point
 * @param end - what `x` becomes where `weight` is 1: broadcasts to the shape of `x`, of its dtype
 * @param weight - a number, or a tensor of the dtype of `x` that broadcasts to its shape
 * @returns `x`
 */
export function lerp_(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  const slots = [expectSlot(x, 'lerp_'), expectSlot(end, 'lerp_')];
  if (typeof weight === 'object') loadAddon().call(lerpTensor.id, slots[0], slots[1], expectSlot(weight, 'lerp_'));
  else loadAddon().call(lerpScalar.id, slots[0], slots[1], weight);
  return x;
}

/**
 * x += value · a · b.
 * @param x - any shape, any dtype but bool
 * @param a - broadcasts to the shape of `x`
 * @param b - broadcasts to the shape of `x`
 * @param options - `value` multiplies the product (default 1)
 * @returns `x`
 */
export function addcmul_(x: Tensor, a: Tensor, b: Tensor, options: { value?: Scalar } = {}): Tensor {
  const { value } = checkOptions('addcmul_', options, { value: true });
  loadAddon().call(
    addcmulOp.id,
    expectSlot(x, 'addcmul_'),
    expectSlot(a, 'addcmul_'),
    expectSlot(b, 'addcmul_'),
    value,
  );
  return x;
}

/**
 * x += value · a / b.
 * @param x - any shape, floating-point
 * @param a - broadcasts to the shape of `x`
 * @param b - broadcasts to the shape of `x`; `a` and `b` aren't both integers
 * @param options - `value` multiplies the quotient (default 1)
 * @returns `x`
 */
export function addcdiv_(x: Tensor, a: Tensor, b: Tensor, options: { value?: Scalar } = {}): Tensor {
  const { value } = checkOptions('addcdiv_', options, { value: true });
  loadAddon().call(
    addcdivOp.id,
    expectSlot(x, 'addcdiv_'),
    expectSlot(a, 'addcdiv_'),
    expectSlot(b, 'addcdiv_'),
    value,
  );
  return x;
}

/**
 * The elements of `source`, broadcast and converted.
 * @param x - any shape, any dtype
 * @param source - broadcasts to the shape of `x`; any dtype and device
 * @returns `x`
 */
export function copy_(x: Tensor, source: Tensor): Tensor {
  loadAddon().call(copyOp.id, expectSlot(x, 'copy_'), expectSlot(source, 'copy_'));
  return x;
}

/**
 * A value where the mask holds.
 * @param x - any shape, any dtype
 * @param mask - bool, broadcasts to the shape of `x`
 * @param value - a number or a tensor without axes, converted to the dtype of `x`
 * @returns `x`
 */
export function maskedFill_(x: Tensor, mask: Tensor, value: Tensor | Scalar): Tensor {
  const slots = [expectSlot(x, 'maskedFill_'), expectSlot(mask, 'maskedFill_')];
  if (typeof value === 'object') {
    loadAddon().call(maskedFillTensor.id, slots[0], slots[1], expectSlot(value, 'maskedFill_'));
  } else loadAddon().call(maskedFillScalar.id, slots[0], slots[1], value);
  return x;
}

/**
 * x[positions[i][j]][j] = source[i][j] along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis that the positions count along, from −ndim to ndim − 1
 * @param positions - int64 or int32, as many axes as `x`, each from 0 to the size of `dim` − 1; which of two equal ones
 *   wins is open
 * @param source - the dtype of `x`, at least the shape of `positions`; or a number
 * @returns `x`
 */
export function scatter_(x: Tensor, dim: number, positions: Tensor, source: Tensor | Scalar): Tensor {
  const slots = [expectSlot(x, 'scatter_'), expectSlot(positions, 'scatter_')];
  if (typeof source === 'object') {
    loadAddon().call(scatterSrc.id, slots[0], dim, slots[1], expectSlot(source, 'scatter_'));
  } else loadAddon().call(scatterValue.id, slots[0], dim, slots[1], source);
  return x;
}

/**
 * x[positions[i][j]][j] += source[i][j] along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis that the positions count along, from −ndim to ndim − 1
 * @param positions - int64 or int32, as many axes as `x`, each from 0 to the size of `dim` − 1
 * @param source - the dtype of `x`, at least the shape of `positions`
 * @returns `x`
 */
export function scatterAdd_(x: Tensor, dim: number, positions: Tensor, source: Tensor): Tensor {
  const slots = [expectSlot(x, 'scatterAdd_'), expectSlot(positions, 'scatterAdd_'), expectSlot(source, 'scatterAdd_')];
  loadAddon().call(scatterAddOp.id, slots[0], dim, slots[1], slots[2]);
  return x;
}

/**
 * `source` added at positions along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param positions - `[N]`, int64 or int32, from 0 to the size of the axis − 1; what comes twice is added twice
 * @param source - the shape of `x` with N in place of the axis, its dtype
 * @returns `x`
 */
export function indexAdd_(x: Tensor, dim: number, positions: Tensor, source: Tensor): Tensor {
  const slots = [expectSlot(x, 'indexAdd_'), expectSlot(positions, 'indexAdd_'), expectSlot(source, 'indexAdd_')];
  loadAddon().call(indexAddOp.id, slots[0], dim, slots[1], slots[2]);
  return x;
}

/**
 * `source` written at positions along an axis.
 * @param x - any shape, any dtype
 * @param dim - the axis, from −ndim to ndim − 1
 * @param positions - `[N]`, int64, from 0 to the size of the axis − 1
 * @param source - the shape of `x` with N in place of the axis, its dtype
 * @returns `x`
 */
export function indexCopy_(x: Tensor, dim: number, positions: Tensor, source: Tensor): Tensor {
  const slots = [expectSlot(x, 'indexCopy_'), expectSlot(positions, 'indexCopy_'), expectSlot(source, 'indexCopy_')];
  loadAddon().call(indexCopyOp.id, slots[0], dim, slots[1], slots[2]);
  return x;
}

/**
 * Draws from N(mean, deviation²).
 * @param x - any shape, floating-point; what it held is lost
 * @param mean - the mean of the distribution (default 0)
 * @param deviation - its standard deviation, at least 0 (default 1)
 * @param options - `generator`, the source of the numbers (default: the environment's own)
 * @returns `x`
 */
export function normal_(x: Tensor, mean = 0, deviation = 1, options: DrawOptions = {}): Tensor {
  const { generator } = checkOptions('normal_', options, drawKeys);
  loadAddon().call(normalOp.id, expectSlot(x, 'normal_'), mean, deviation, generator?.id);
  return x;
}

/**
 * Draws from the uniform distribution on [low, high).
 * @param x - any shape, floating-point; what it held is lost
 * @param low - the least number (default 0)
 * @param high - the end of the range, left out; at least `low` (default 1)
 * @param options - `generator`, the source of the numbers (default: the environment's own)
 * @returns `x`
 */
export function uniform_(x: Tensor, low = 0, high = 1, options: DrawOptions = {}): Tensor {
  const { generator } = checkOptions('uniform_', options, drawKeys);
  loadAddon().call(uniformOp.id, expectSlot(x, 'uniform_'), low, high, generator?.id);
  return x;
}

/**
 * 1 with the given probability, else 0.
 * @param x - any shape, any dtype; what it held is lost
 * @param probability - of a 1, from 0 to 1 (default 0.5)
 * @param options - `generator`, the source of the numbers (default: the environment's own)
 * @returns `x`
 */
export function bernoulli_(x: Tensor, probability = 0.5, options: DrawOptions = {}): Tensor {
  const { generator } = checkOptions('bernoulli_', options, drawKeys);
  loadAddon().call(bernoulliOp.id, expectSlot(x, 'bernoulli_'), probability, generator?.id);
  return x;
}

/**
 * Draws from the exponential distribution of the given rate.
 * @param x - any shape, floating-point; what it held is lost
 * @param rate - λ of the density λ · e^(−λ · x), above 0 (default 1)
 * @param options - `generator`, the source of the numbers (default: the environment's own)
 * @returns `x`
 */
export function exponential_(x: Tensor, rate = 1, options: DrawOptions = {}): Tensor {
  const { generator } = checkOptions('exponential_', options, drawKeys);
  loadAddon().call(exponentialOp.id, expectSlot(x, 'exponential_'), rate, generator?.id);
  return x;
}
