/** Functions of each element by itself. Two tensors are broadcast to one shape and promoted to one dtype. */
import { loadAddon } from '../../native/index.js';
import type { DType, Scalar } from '../dtype.js';
import { bound } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { isTensor, optionalSlot, slotOf, wrap } from '../tensor.js';
import { binary, broadcast, unary } from './combine.js';

/** Settings of {@link add} and {@link sub}. */
export interface AlphaOptions {
  /** What the second argument is multiplied with first. */
  alpha?: Scalar | undefined;
}

/** Settings of {@link div}. */
export interface DivOptions {
  /** Rounds the quotient towards zero or down. */
  roundingMode?: 'trunc' | 'floor' | undefined;
}

/** Settings of {@link clamp}; at least one bound is given. */
export interface ClampOptions {
  min?: Tensor | Scalar | undefined;
  max?: Tensor | Scalar | undefined;
}

/** Settings of {@link softmax} and {@link logSoftmax}. */
export interface SoftmaxOptions {
  /** The dtype to compute in and return. */
  dtype?: DType | undefined;
}

const addTensor = bound('aten::add.Tensor');
const addScalar = bound('aten::add.Scalar');
const subTensor = bound('aten::sub.Tensor');
const subScalar = bound('aten::sub.Scalar');
const divTensor = bound('aten::div.Tensor');
const divScalar = bound('aten::div.Scalar');
const divTensorMode = bound('aten::div.Tensor_mode');
const divScalarMode = bound('aten::div.Scalar_mode');
const powTensors = bound('aten::pow.Tensor_Tensor');
const powScalar = bound('aten::pow.Tensor_Scalar');
const powOfScalar = bound('aten::pow.Scalar');
const clampScalars = bound('aten::clamp');
const clampTensors = bound('aten::clamp.Tensor');
const whereTensors = bound('aten::where.self');
const whereScalarFirst = bound('aten::where.ScalarSelf');
const whereScalarSecond = bound('aten::where.ScalarOther');
const whereScalars = bound('aten::where.Scalar');
const lerpTensor = bound('aten::lerp.Tensor');
const lerpScalar = bound('aten::lerp.Scalar');
const addcmulOp = bound('aten::addcmul');
const addcdivOp = bound('aten::addcdiv');
const geluOp = bound('aten::gelu');
const leakyReluOp = bound('aten::leaky_relu');
const eluOp = bound('aten::elu');
const softplusOp = bound('aten::softplus');
const nanToNumOp = bound('aten::nan_to_num');
const roundOp = bound('aten::round');
const roundDecimals = bound('aten::round.decimals');
const softmaxInt = bound('aten::softmax.int');
const logSoftmaxInt = bound('aten::log_softmax.int');

/** x + alpha · other. */
export function add(x: Tensor, other: Tensor | Scalar, options?: AlphaOptions): Tensor {
  return typeof other === 'object'
    ? wrap(loadAddon().call(addTensor.id, slotOf(x, 'add'), slotOf(other, 'add'), options?.alpha))
    : wrap(loadAddon().call(addScalar.id, slotOf(x, 'add'), other, options?.alpha));
}

/** x − alpha · other. */
export function sub(x: Tensor, other: Tensor | Scalar, options?: AlphaOptions): Tensor {
  return typeof other === 'object'
    ? wrap(loadAddon().call(subTensor.id, slotOf(x, 'sub'), slotOf(other, 'sub'), options?.alpha))
    : wrap(loadAddon().call(subScalar.id, slotOf(x, 'sub'), other, options?.alpha));
}

/** x · other. */
export const mul = broadcast('aten::mul.Tensor', 'aten::mul.Scalar');

/** x / other; integers give floating-point quotients unless they are rounded. */
export function div(x: Tensor, other: Tensor | Scalar, options?: DivOptions): Tensor {
  const mode = options?.roundingMode;
  const second = typeof other === 'object' ? slotOf(other, 'div') : other;
  if (mode === undefined) {
    return wrap(loadAddon().call((typeof other === 'object' ? divTensor : divScalar).id, slotOf(x, 'div'), second));
  }
  const rounded = typeof other === 'object' ? divTensorMode : divScalarMode;
  return wrap(loadAddon().call(rounded.id, slotOf(x, 'div'), second, mode));
}

/** The remainder of x / other with the sign of the divisor. */
export const remainder = broadcast('aten::remainder.Tensor', 'aten::remainder.Scalar');

/** The remainder of x / other with the sign of the dividend. */
export const fmod = broadcast('aten::fmod.Tensor', 'aten::fmod.Scalar');

/** The quotient x / other rounded down. */
export const floorDivide = broadcast('aten::floor_divide', 'aten::floor_divide.Scalar');

/** x to the power of the exponent; either may be a number. */
export function pow(x: Tensor | Scalar, exponent: Tensor | Scalar): Tensor {
  if (!isTensor(x)) return wrap(loadAddon().call(powOfScalar.id, x, slotOf(exponent as Tensor, 'pow')));
  if (typeof exponent !== 'object') return wrap(loadAddon().call(powScalar.id, x.slot, exponent));
  return wrap(loadAddon().call(powTensors.id, x.slot, slotOf(exponent, 'pow')));
}

/** −x. */
export const neg = unary('aten::neg');
/** e to the x. */
export const exp = unary('aten::exp');
/** 2 to the x. */
export const exp2 = unary('aten::exp2');
/** e to the x, minus 1, exact near 0. */
export const expm1 = unary('aten::expm1');
/** The natural logarithm. */
export const log = unary('aten::log');
/** The logarithm to base 2. */
export const log2 = unary('aten::log2');
/** The logarithm to base 10. */
export const log10 = unary('aten::log10');
/** ln(1 + x), exact near 0. */
export const log1p = unary('aten::log1p');
/** The square root. */
export const sqrt = unary('aten::sqrt');
/** 1 / √x. */
export const rsqrt = unary('aten::rsqrt');
/** The absolute value. */
export const abs = unary('aten::abs');
/** −1, 0 or 1. */
export const sign = unary('aten::sign');
/** The sine. */
export const sin = unary('aten::sin');
/** The cosine. */
export const cos = unary('aten::cos');
/** The tangent. */
export const tan = unary('aten::tan');
/** The inverse sine. */
export const asin = unary('aten::asin');
/** The inverse cosine. */
export const acos = unary('aten::acos');
/** The inverse tangent. */
export const atan = unary('aten::atan');
/** The angle of the point (other, x). */
export const atan2 = binary('aten::atan2');
/** The hyperbolic sine. */
export const sinh = unary('aten::sinh');
/** The hyperbolic cosine. */
export const cosh = unary('aten::cosh');
/** The hyperbolic tangent. */
export const tanh = unary('aten::tanh');
/** 1 / (1 + e^−x). */
export const sigmoid = unary('aten::sigmoid');
/** ln(sigmoid(x)). */
export const logSigmoid = unary('aten::log_sigmoid');
/** max(x, 0). */
export const relu = unary('aten::relu');
/** x · sigmoid(x). */
export const silu = unary('aten::silu');
/** x · tanh(softplus(x)). */
export const mish = unary('aten::mish');
/** The error function. */
export const erf = unary('aten::erf');
/** 1 − erf(x). */
export const erfc = unary('aten::erfc');
/** The inverse of the error function. */
export const erfinv = unary('aten::erfinv');
/** ln Γ(x). */
export const lgamma = unary('aten::lgamma');
/** The derivative of ln Γ(x). */
export const digamma = unary('aten::digamma');
/** The greatest integer not above x. */
export const floor = unary('aten::floor');
/** The least integer not below x. */
export const ceil = unary('aten::ceil');
/** x without its fraction. */
export const trunc = unary('aten::trunc');
/** The fraction of x, with its sign. */
export const frac = unary('aten::frac');
/** 1 / x. */
export const reciprocal = unary('aten::reciprocal');
/** x². */
export const square = unary('aten::square');
/** The greater of two elements; NaN if either is. */
export const maximum = binary('aten::maximum');
/** The lesser of two elements; NaN if either is. */
export const minimum = binary('aten::minimum');
/** Bits set in both integers; `and` for booleans. */
export const bitwiseAnd = broadcast('aten::bitwise_and.Tensor', 'aten::bitwise_and.Scalar');
/** Bits set in either integer; `or` for booleans. */
export const bitwiseOr = broadcast('aten::bitwise_or.Tensor', 'aten::bitwise_or.Scalar');
/** Bits set in one of the integers. */
export const bitwiseXor = broadcast('aten::bitwise_xor.Tensor', 'aten::bitwise_xor.Scalar');
/** Bits flipped; `not` for booleans. */
export const bitwiseNot = unary('aten::bitwise_not');

/** x rounded to the nearest integer or decimal place, halves to even. */
export function round(x: Tensor, decimals = 0): Tensor {
  return decimals === 0
    ? wrap(loadAddon().call(roundOp.id, slotOf(x, 'round')))
    : wrap(loadAddon().call(roundDecimals.id, slotOf(x, 'round'), decimals));
}

/** x limited to bounds; both are numbers or both tensors. */
export function clamp(x: Tensor, { min, max }: ClampOptions): Tensor {
  if (typeof min !== 'object' && typeof max !== 'object') {
    return wrap(loadAddon().call(clampScalars.id, slotOf(x, 'clamp'), min, max));
  }
  const [low, high] = [
    optionalSlot(min as Tensor | undefined, 'clamp'),
    optionalSlot(max as Tensor | undefined, 'clamp'),
  ];
  return wrap(loadAddon().call(clampTensors.id, slotOf(x, 'clamp'), low, high));
}

/** Elements of `x` where the condition holds, of `other` elsewhere; either may be a number. */
export function where(condition: Tensor, x: Tensor | Scalar, other: Tensor | Scalar): Tensor {
  const [first, second] = [typeof x === 'object', typeof other === 'object'];
  const either = first ? whereScalarSecond : second ? whereScalarFirst : whereScalars;
  const op = first && second ? whereTensors : either;
  const values = [x, other].map((value) => (typeof value === 'object' ? slotOf(value, 'where') : value));
  return wrap(loadAddon().call(op.id, slotOf(condition, 'where'), values[0], values[1]));
}

/** x + weight · (end − x). */
export function lerp(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  return typeof weight === 'object'
    ? wrap(loadAddon().call(lerpTensor.id, slotOf(x, 'lerp'), slotOf(end, 'lerp'), slotOf(weight, 'lerp')))
    : wrap(loadAddon().call(lerpScalar.id, slotOf(x, 'lerp'), slotOf(end, 'lerp'), weight));
}

/** x + value · a · b. */
export function addcmul(x: Tensor, a: Tensor, b: Tensor, { value }: { value?: Scalar } = {}): Tensor {
  return wrap(loadAddon().call(addcmulOp.id, slotOf(x, 'addcmul'), slotOf(a, 'addcmul'), slotOf(b, 'addcmul'), value));
}

/** x + value · a / b. */
export function addcdiv(x: Tensor, a: Tensor, b: Tensor, { value }: { value?: Scalar } = {}): Tensor {
  return wrap(loadAddon().call(addcdivOp.id, slotOf(x, 'addcdiv'), slotOf(a, 'addcdiv'), slotOf(b, 'addcdiv'), value));
}

/**
 * x · Φ(x), exactly or by its tanh approximation.
 * @see Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415
 */
export function gelu(x: Tensor, { approximate }: { approximate?: 'none' | 'tanh' | undefined } = {}): Tensor {
  return wrap(loadAddon().call(geluOp.id, slotOf(x, 'gelu'), approximate));
}

/** x where positive, slope · x elsewhere. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return wrap(loadAddon().call(leakyReluOp.id, slotOf(x, 'leakyRelu'), slope));
}

/** x where positive, alpha · (e^x − 1) elsewhere. */
export function elu(x: Tensor, alpha = 1): Tensor {
  return wrap(loadAddon().call(eluOp.id, slotOf(x, 'elu'), alpha));
}

/** ln(1 + e^(beta · x)) / beta. */
export function softplus(x: Tensor, beta = 1): Tensor {
  return wrap(loadAddon().call(softplusOp.id, slotOf(x, 'softplus'), beta));
}

/** NaN and infinities replaced by numbers. */
export function nanToNum(
  x: Tensor,
  { nan, posinf, neginf }: { nan?: number; posinf?: number; neginf?: number } = {},
): Tensor {
  return wrap(loadAddon().call(nanToNumOp.id, slotOf(x, 'nanToNum'), nan, posinf, neginf));
}

/** e^x along an axis, divided by its sum. */
export function softmax(x: Tensor, dim: number, { dtype }: SoftmaxOptions = {}): Tensor {
  return wrap(loadAddon().call(softmaxInt.id, slotOf(x, 'softmax'), dim, dtype));
}

/** The logarithm of {@link softmax}. */
export function logSoftmax(x: Tensor, dim: number, { dtype }: SoftmaxOptions = {}): Tensor {
  return wrap(loadAddon().call(logSoftmaxInt.id, slotOf(x, 'logSoftmax'), dim, dtype));
}
