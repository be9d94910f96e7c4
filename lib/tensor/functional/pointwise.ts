/**
 * Functions of each element by itself. Two tensors are broadcast to one shape and promoted to one dtype.
 * A function of one tensor keeps shape and dtype; where whole numbers don't give whole ones,
 * integers give float32 or are refused.
 */
import { alphaKeys, clampKeys, divKeys, softmaxKeys } from './options.js';
import { checkOptions } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Scalar } from '../dtype.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { isTensor, expectOptionalSlot, expectSlot, wrap } from '../tensor.js';
import { defineBinary, defineBroadcast, defineUnary } from './combine.js';
import type { AlphaOptions, ClampOptions, DivOptions, SoftmaxOptions } from './options.js';

const addTensor = bindOperator('aten::add.Tensor');
const addScalar = bindOperator('aten::add.Scalar');
const subTensor = bindOperator('aten::sub.Tensor');
const subScalar = bindOperator('aten::sub.Scalar');
const divTensor = bindOperator('aten::div.Tensor');
const divScalar = bindOperator('aten::div.Scalar');
const divTensorMode = bindOperator('aten::div.Tensor_mode');
const divScalarMode = bindOperator('aten::div.Scalar_mode');
const powTensors = bindOperator('aten::pow.Tensor_Tensor');
const powScalar = bindOperator('aten::pow.Tensor_Scalar');
const powOfScalar = bindOperator('aten::pow.Scalar');
const clampScalars = bindOperator('aten::clamp');
const clampTensors = bindOperator('aten::clamp.Tensor');
const whereTensors = bindOperator('aten::where.self');
const whereScalarFirst = bindOperator('aten::where.ScalarSelf');
const whereScalarSecond = bindOperator('aten::where.ScalarOther');
const whereScalars = bindOperator('aten::where.Scalar');
const lerpTensor = bindOperator('aten::lerp.Tensor');
const lerpScalar = bindOperator('aten::lerp.Scalar');
const addcmulOp = bindOperator('aten::addcmul');
const addcdivOp = bindOperator('aten::addcdiv');
const geluOp = bindOperator('aten::gelu');
const leakyReluOp = bindOperator('aten::leaky_relu');
const eluOp = bindOperator('aten::elu');
const softplusOp = bindOperator('aten::softplus');
const nanToNumOp = bindOperator('aten::nan_to_num');
const roundOp = bindOperator('aten::round');
const roundDecimals = bindOperator('aten::round.decimals');
const softmaxInt = bindOperator('aten::softmax.int');
const logSoftmaxInt = bindOperator('aten::log_softmax.int');

/**
 * x + alpha · other.
 * @param x - any shape, any dtype
 * @param other - a number, or a tensor that broadcasts with `x`
 * @param options - `alpha` multiplies `other` first (default 1); a whole number where all tensors hold integers
 * @returns the broadcast shape, the promoted dtype
 */
export function add(x: Tensor, other: Tensor | Scalar, options?: AlphaOptions): Tensor {
  checkOptions('add', options, alphaKeys);
  return typeof other === 'object'
    ? wrap(loadAddon().call(addTensor.id, expectSlot(x, 'add'), expectSlot(other, 'add'), options?.alpha))
    : wrap(loadAddon().call(addScalar.id, expectSlot(x, 'add'), other, options?.alpha));
}

/**
 * x − alpha · other.
 * @param x - any shape, any dtype but bool
 * @param other - a number, or a tensor that broadcasts with `x`
 * @param options - `alpha` multiplies `other` first (default 1); a whole number where all tensors hold integers
 * @returns the broadcast shape, the promoted dtype
 */
export function sub(x: Tensor, other: Tensor | Scalar, options?: AlphaOptions): Tensor {
  checkOptions('sub', options, alphaKeys);
  return typeof other === 'object'
    ? wrap(loadAddon().call(subTensor.id, expectSlot(x, 'sub'), expectSlot(other, 'sub'), options?.alpha))
    : wrap(loadAddon().call(subScalar.id, expectSlot(x, 'sub'), other, options?.alpha));
}

/** x · other. */
export const mul = defineBroadcast('aten::mul.Tensor', 'aten::mul.Scalar');

/**
 * x / other; integers give floating-point quotients unless they are rounded.
 * @param x - any shape, any dtype
 * @param other - a number, or a tensor that broadcasts with `x`
 * @param options - `roundingMode` rounds the quotient towards zero or down (default: it isn't rounded)
 * @returns the broadcast shape; the promoted dtype, but float32 for integers that aren't rounded
 */
export function div(x: Tensor, other: Tensor | Scalar, options?: DivOptions): Tensor {
  checkOptions('div', options, divKeys);
  const mode = options?.roundingMode;
  const second = typeof other === 'object' ? expectSlot(other, 'div') : other;
  if (mode === undefined) {
    return wrap(loadAddon().call((typeof other === 'object' ? divTensor : divScalar).id, expectSlot(x, 'div'), second));
  }
  const rounded = typeof other === 'object' ? divTensorMode : divScalarMode;
  return wrap(loadAddon().call(rounded.id, expectSlot(x, 'div'), second, mode));
}

/** The remainder of x / other with the sign of the divisor. */
export const remainder = defineBroadcast('aten::remainder.Tensor', 'aten::remainder.Scalar');

/** The remainder of x / other with the sign of the dividend. */
export const fmod = defineBroadcast('aten::fmod.Tensor', 'aten::fmod.Scalar');

/** The quotient x / other rounded down. */
export const floorDivide = defineBroadcast('aten::floor_divide', 'aten::floor_divide.Scalar');

/**
 * x to the power of the exponent; either may be a number.
 * @param x - the base: any shape and dtype, or a number
 * @param exponent - a number, or a tensor that broadcasts with `x`; one of the two is a tensor; negative only for
 *   floats
 * @returns the broadcast shape, the promoted dtype
 */
export function pow(x: Tensor | Scalar, exponent: Tensor | Scalar): Tensor {
  if (!isTensor(x)) return wrap(loadAddon().call(powOfScalar.id, x, expectSlot(exponent as Tensor, 'pow')));
  if (typeof exponent !== 'object') return wrap(loadAddon().call(powScalar.id, x.slot, exponent));
  return wrap(loadAddon().call(powTensors.id, x.slot, expectSlot(exponent, 'pow')));
}

/** −x. */
export const neg = defineUnary('aten::neg');
/** e to the x. */
export const exp = defineUnary('aten::exp');
/** 2 to the x. */
export const exp2 = defineUnary('aten::exp2');
/** e to the x, minus 1, exact near 0. */
export const expm1 = defineUnary('aten::expm1');
/** The natural logarithm. */
export const log = defineUnary('aten::log');
/** The logarithm to base 2. */
export const log2 = defineUnary('aten::log2');
/** The logarithm to base 10. */
export const log10 = defineUnary('aten::log10');
/** ln(1 + x), exact near 0. */
export const log1p = defineUnary('aten::log1p');
/** The square root. */
export const sqrt = defineUnary('aten::sqrt');
/** 1 / √x. */
export const rsqrt = defineUnary('aten::rsqrt');
/** The absolute value. */
export const abs = defineUnary('aten::abs');
/** −1, 0 or 1. */
export const sign = defineUnary('aten::sign');
/** The sine. */
export const sin = defineUnary('aten::sin');
/** The cosine. */
export const cos = defineUnary('aten::cos');
/** The tangent. */
export const tan = defineUnary('aten::tan');
/** The inverse sine. */
export const asin = defineUnary('aten::asin');
/** The inverse cosine. */
export const acos = defineUnary('aten::acos');
/** The inverse tangent. */
export const atan = defineUnary('aten::atan');
/** The angle of the point (other, x). */
export const atan2 = defineBinary('aten::atan2');
/** The hyperbolic sine. */
export const sinh = defineUnary('aten::sinh');
/** The hyperbolic cosine. */
export const cosh = defineUnary('aten::cosh');
/** The hyperbolic tangent. */
export const tanh = defineUnary('aten::tanh');
/** 1 / (1 + e^−x). */
export const sigmoid = defineUnary('aten::sigmoid');
/** ln(sigmoid(x)). */
export const logSigmoid = defineUnary('aten::log_sigmoid');
/** max(x, 0). */
export const relu = defineUnary('aten::relu');
/** x · sigmoid(x). */
export const silu = defineUnary('aten::silu');
/** x · tanh(softplus(x)). */
export const mish = defineUnary('aten::mish');
/** The error function. */
export const erf = defineUnary('aten::erf');
/** 1 − erf(x). */
export const erfc = defineUnary('aten::erfc');
/** The inverse of the error function. */
export const erfinv = defineUnary('aten::erfinv');
/** ln Γ(x). */
export const lgamma = defineUnary('aten::lgamma');
/** The derivative of ln Γ(x). */
export const digamma = defineUnary('aten::digamma');
/** The greatest integer not above x. */
export const floor = defineUnary('aten::floor');
/** The least integer not below x. */
export const ceil = defineUnary('aten::ceil');
/** x without its fraction. */
export const trunc = defineUnary('aten::trunc');
/** The fraction of x, with its sign. */
export const frac = defineUnary('aten::frac');
/** 1 / x. */
export const reciprocal = defineUnary('aten::reciprocal');
/** x². */
export const square = defineUnary('aten::square');
/** The greater of two elements; NaN if either is. */
export const maximum = defineBinary('aten::maximum');
/** The lesser of two elements; NaN if either is. */
export const minimum = defineBinary('aten::minimum');
/** Bits set in both integers; `and` for booleans. */
export const bitwiseAnd = defineBroadcast('aten::bitwise_and.Tensor', 'aten::bitwise_and.Scalar');
/** Bits set in either integer; `or` for booleans. */
export const bitwiseOr = defineBroadcast('aten::bitwise_or.Tensor', 'aten::bitwise_or.Scalar');
/** Bits set in one of the integers. */
export const bitwiseXor = defineBroadcast('aten::bitwise_xor.Tensor', 'aten::bitwise_xor.Scalar');
/** Bits flipped; `not` for booleans. */
export const bitwiseNot = defineUnary('aten::bitwise_not');

/**
 * x rounded to the nearest integer or decimal place, halves to even.
 * @param x - any shape; any real dtype, floating-point where `decimals` isn't 0
 * @param decimals - the places kept after the point (default 0); −1 rounds to tens
 * @returns the shape and dtype of `x`
 */
export function round(x: Tensor, decimals = 0): Tensor {
  return decimals === 0
    ? wrap(loadAddon().call(roundOp.id, expectSlot(x, 'round')))
    : wrap(loadAddon().call(roundDecimals.id, expectSlot(x, 'round'), decimals));
}

/**
 * x limited to bounds; both are numbers or both tensors.
 * @param x - any shape, any real dtype; NaN stays
 * @param options - `min` and `max`, numbers or tensors that broadcast with `x`; where `min` is above `max`, `max` is
 *   the result
 * @returns the broadcast shape, the promoted dtype
 */
export function clamp(x: Tensor, options: ClampOptions): Tensor {
  const { min, max } = checkOptions('clamp', options, clampKeys);
  if (typeof min !== 'object' && typeof max !== 'object') {
    return wrap(loadAddon().call(clampScalars.id, expectSlot(x, 'clamp'), min, max));
  }
  const [low, high] = [
    expectOptionalSlot(min as Tensor | undefined, 'clamp'),
    expectOptionalSlot(max as Tensor | undefined, 'clamp'),
  ];
  return wrap(loadAddon().call(clampTensors.id, expectSlot(x, 'clamp'), low, high));
}

/**
 * Elements of `x` where the condition holds, of `other` elsewhere; either may be a number.
 * @param condition - any shape, bool
 * @param x - what is taken where it holds: a number, or a tensor that broadcasts with `condition`
 * @param other - what is taken elsewhere, likewise
 * @returns the broadcast shape; the promoted dtype of `x` and `other`, of numbers alone int64 if both are whole, else
 *   float32
 */
export function where(condition: Tensor, x: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  const [first, second] = [typeof x === 'object', typeof other === 'object'];
  const either = first ? whereScalarSecond : second ? whereScalarFirst : whereScalars;
  const op = first && second ? whereTensors : either;
  const values = [x, other].map((value) => (typeof value === 'object' ? expectSlot(value, 'where') : value));
  return wrap(loadAddon().call(op.id, expectSlot(condition, 'where'), values[0], values[1]));
}

/**
 * x + weight · (end − x).
 * @param x - any shape, floating-point; the result where `weight` is 0
 * @param end - the result where it is 1: broadcasts with `x`, of its dtype
 * @param weight - a number, or a tensor of the dtype of `x` that broadcasts with it; beyond [0, 1] it extrapolates
 * @returns the broadcast shape, the dtype of `x`
 */
export function lerp(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  return typeof weight === 'object'
    ? wrap(loadAddon().call(lerpTensor.id, expectSlot(x, 'lerp'), expectSlot(end, 'lerp'), expectSlot(weight, 'lerp')))
    : wrap(loadAddon().call(lerpScalar.id, expectSlot(x, 'lerp'), expectSlot(end, 'lerp'), weight));
}

/**
 * x + value · a · b.
 * @param x - any shape, any dtype but bool
 * @param a - broadcasts with `x`
 * @param b - broadcasts with `x`
 * @param options - `value` multiplies the product (default 1)
 * @returns the broadcast shape, the promoted dtype
 */
export function addcmul(x: Tensor, a: Tensor, b: Tensor, options: { value?: Scalar } = {}): Tensor {
  const { value } = checkOptions('addcmul', options, { value: true });
  return wrap(
    loadAddon().call(addcmulOp.id, expectSlot(x, 'addcmul'), expectSlot(a, 'addcmul'), expectSlot(b, 'addcmul'), value),
  );
}

/**
 * x + value · a / b.
 * @param x - any shape, any dtype
 * @param a - broadcasts with `x`
 * @param b - broadcasts with `x`; `a` and `b` aren't both integers
 * @param options - `value` multiplies the quotient (default 1)
 * @returns the broadcast shape, the promoted dtype
 */
export function addcdiv(x: Tensor, a: Tensor, b: Tensor, options: { value?: Scalar } = {}): Tensor {
  const { value } = checkOptions('addcdiv', options, { value: true });
  return wrap(
    loadAddon().call(addcdivOp.id, expectSlot(x, 'addcdiv'), expectSlot(a, 'addcdiv'), expectSlot(b, 'addcdiv'), value),
  );
}

/**
 * x · Φ(x), exactly or by its tanh approximation.
 * @param x - any shape, floating-point
 * @param options - `approximate`: `none` takes Φ by the error function (default), `tanh` by its approximation
 * @returns the shape and dtype of `x`
 * @see Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415
 */
export function gelu(x: Tensor, options: { approximate?: 'none' | 'tanh' | undefined } = {}): Tensor {
  const { approximate } = checkOptions('gelu', options, { approximate: true });
  return wrap(loadAddon().call(geluOp.id, expectSlot(x, 'gelu'), approximate));
}

/**
 * x where positive, slope · x elsewhere.
 * @param x - any shape, floating-point
 * @param slope - the factor of negative elements (default 0.01)
 * @returns the shape and dtype of `x`
 */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return wrap(loadAddon().call(leakyReluOp.id, expectSlot(x, 'leakyRelu'), slope));
}

/**
 * x where positive, alpha · (e^x − 1) elsewhere.
 * @param x - any shape, floating-point
 * @param alpha - minus the limit for x → −∞ (default 1)
 * @returns the shape and dtype of `x`
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  return wrap(loadAddon().call(eluOp.id, expectSlot(x, 'elu'), alpha));
}

/**
 * ln(1 + e^(beta · x)) / beta.
 * @param x - any shape, floating-point
 * @param beta - the sharpness of the bend (default 1); where beta · x is above 20 the result is x
 * @returns the shape and dtype of `x`
 */
export function softplus(x: Tensor, beta = 1): Tensor {
  return wrap(loadAddon().call(softplusOp.id, expectSlot(x, 'softplus'), beta));
}

/**
 * NaN and infinities replaced by numbers.
 * @param x - any shape, any dtype
 * @param options - `nan` (default 0), `posinf` (default the dtype's greatest number) and `neginf` (default its lowest)
 * @returns the shape and dtype of `x`
 */
export function nanToNum(x: Tensor, options: { nan?: number; posinf?: number; neginf?: number } = {}): Tensor {
  const { nan, posinf, neginf } = checkOptions('nanToNum', options, { nan: true, posinf: true, neginf: true });
  return wrap(loadAddon().call(nanToNumOp.id, expectSlot(x, 'nanToNum'), nan, posinf, neginf));
}

/**
 * e^x along an axis, divided by its sum.
 * @param x - any shape, floating-point, or any dtype with `dtype`
 * @param dim - the axis whose elements sum to 1, from −ndim to ndim − 1
 * @param options - `dtype` to compute in and return (default: that of `x`)
 * @returns the shape of `x`, each element in [0, 1]
 */
export function softmax(x: Tensor, dim: number, options: SoftmaxOptions = {}): Tensor {
  const { dtype } = checkOptions('softmax', options, softmaxKeys);
  return wrap(loadAddon().call(softmaxInt.id, expectSlot(x, 'softmax'), dim, dtype));
}

/**
 * The logarithm of {@link softmax}.
 * @param x - any shape, floating-point, or any dtype with `dtype`: logits
 * @param dim - the axis whose probabilities sum to 1, from −ndim to ndim − 1
 * @param options - `dtype` to compute in and return (default: that of `x`)
 * @returns the shape of `x`: log-probabilities in nats, none above 0
 */
export function logSoftmax(x: Tensor, dim: number, options: SoftmaxOptions = {}): Tensor {
  const { dtype } = checkOptions('logSoftmax', options, softmaxKeys);
  return wrap(loadAddon().call(logSoftmaxInt.id, expectSlot(x, 'logSoftmax'), dim, dtype));
}
