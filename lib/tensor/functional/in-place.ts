/** Functions that change their first tensor and return it; their names end in an underscore. */
import { loadAddon } from '../../native/index.js';
import type { Scalar } from '../dtype.js';
import type { Generator } from '../generator.js';
import { bound } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { optionalSlot, slotOf } from '../tensor.js';
import type { Broadcast, Unary } from './combine.js';
import { broadcastInPlace, unaryInPlace } from './combine.js';
import type { AlphaOptions, ClampOptions, DivOptions } from './pointwise.js';

/** Settings of a draw. */
export interface DrawOptions {
  /** Where the numbers come from (default: the environment's own generator). */
  generator?: Generator | undefined;
}

const addTensor = bound('aten::add_.Tensor');
const addScalar = bound('aten::add_.Scalar');
const subTensor = bound('aten::sub_.Tensor');
const subScalar = bound('aten::sub_.Scalar');
const divTensor = bound('aten::div_.Tensor_mode');
const divScalar = bound('aten::div_.Scalar_mode');
const clampScalars = bound('aten::clamp_');
const clampTensors = bound('aten::clamp_.Tensor');
const lerpTensor = bound('aten::lerp_.Tensor');
const lerpScalar = bound('aten::lerp_.Scalar');
const addcmulOp = bound('aten::addcmul_');
const addcdivOp = bound('aten::addcdiv_');
const copyOp = bound('aten::copy_');
const maskedFillTensor = bound('aten::masked_fill_.Tensor');
const maskedFillScalar = bound('aten::masked_fill_.Scalar');
const scatterSrc = bound('aten::scatter_.src');
const scatterValue = bound('aten::scatter_.value');
const scatterAddOp = bound('aten::scatter_add_');
const indexAddOp = bound('aten::index_add_');
const indexCopyOp = bound('aten::index_copy_');
const normalOp = bound('aten::normal_');
const uniformOp = bound('aten::uniform_');
const bernoulliOp = bound('aten::bernoulli_.float');
const exponentialOp = bound('aten::exponential_');

/** x += alpha · other. */
export function add_(x: Tensor, other: Tensor | Scalar, options?: AlphaOptions): Tensor {
  if (typeof other === 'object')
    loadAddon().call(addTensor.id, slotOf(x, 'add_'), slotOf(other, 'add_'), options?.alpha);
  else loadAddon().call(addScalar.id, slotOf(x, 'add_'), other, options?.alpha);
  return x;
}

/** x −= alpha · other. */
export function sub_(x: Tensor, other: Tensor | Scalar, options?: AlphaOptions): Tensor {
  if (typeof other === 'object')
    loadAddon().call(subTensor.id, slotOf(x, 'sub_'), slotOf(other, 'sub_'), options?.alpha);
  else loadAddon().call(subScalar.id, slotOf(x, 'sub_'), other, options?.alpha);
  return x;
}

/** x *= other. */
export const mul_: Broadcast = broadcastInPlace('aten::mul_.Tensor', 'aten::mul_.Scalar');

/** x /= other. */
export function div_(x: Tensor, other: Tensor | Scalar, { roundingMode }: DivOptions = {}): Tensor {
  if (typeof other === 'object') loadAddon().call(divTensor.id, slotOf(x, 'div_'), slotOf(other, 'div_'), roundingMode);
  else loadAddon().call(divScalar.id, slotOf(x, 'div_'), other, roundingMode);
  return x;
}

/** x to the power of the exponent. */
export const pow_: Broadcast = broadcastInPlace('aten::pow_.Tensor', 'aten::pow_.Scalar');
/** Every element set to a number. */
export const fill_: Broadcast = broadcastInPlace('aten::fill_.Tensor', 'aten::fill_.Scalar');
/** Every element set to 0. */
export const zero_: Unary = unaryInPlace('aten::zero_');
/** −x. */
export const neg_: Unary = unaryInPlace('aten::neg_');
/** The absolute value. */
export const abs_: Unary = unaryInPlace('aten::abs_');
/** e to the x. */
export const exp_: Unary = unaryInPlace('aten::exp_');
/** The natural logarithm. */
export const log_: Unary = unaryInPlace('aten::log_');
/** The square root. */
export const sqrt_: Unary = unaryInPlace('aten::sqrt_');
/** 1 / √x. */
export const rsqrt_: Unary = unaryInPlace('aten::rsqrt_');
/** 1 / x. */
export const reciprocal_: Unary = unaryInPlace('aten::reciprocal_');
/** x². */
export const square_: Unary = unaryInPlace('aten::square_');
/** max(x, 0). */
export const relu_: Unary = unaryInPlace('aten::relu_');
/** 1 / (1 + e^−x). */
export const sigmoid_: Unary = unaryInPlace('aten::sigmoid_');
/** The hyperbolic tangent. */
export const tanh_: Unary = unaryInPlace('aten::tanh_');
/** The nearest integer, halves to even. */
export const round_: Unary = unaryInPlace('aten::round_');
/** The greatest integer not above x. */
export const floor_: Unary = unaryInPlace('aten::floor_');
/** Cut from the graph that made it. */
export const detach_: Unary = unaryInPlace('aten::detach_');

/** x limited to bounds; both are numbers or both tensors. */
export function clamp_(x: Tensor, { min, max }: ClampOptions): Tensor {
  if (typeof min === 'object' || typeof max === 'object') {
    const [low, high] = [min, max].map((bound_) => optionalSlot(bound_ as Tensor | undefined, 'clamp_'));
    loadAddon().call(clampTensors.id, slotOf(x, 'clamp_'), low, high);
  } else loadAddon().call(clampScalars.id, slotOf(x, 'clamp_'), min, max);
  return x;
}

/** x += weight · (end − x). */
export function lerp_(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  const slots = [slotOf(x, 'lerp_'), slotOf(end, 'lerp_')];
  if (typeof weight === 'object') loadAddon().call(lerpTensor.id, slots[0], slots[1], slotOf(weight, 'lerp_'));
  else loadAddon().call(lerpScalar.id, slots[0], slots[1], weight);
  return x;
}

/** x += value · a · b. */
export function addcmul_(x: Tensor, a: Tensor, b: Tensor, { value }: { value?: Scalar } = {}): Tensor {
  loadAddon().call(addcmulOp.id, slotOf(x, 'addcmul_'), slotOf(a, 'addcmul_'), slotOf(b, 'addcmul_'), value);
  return x;
}

/** x += value · a / b. */
export function addcdiv_(x: Tensor, a: Tensor, b: Tensor, { value }: { value?: Scalar } = {}): Tensor {
  loadAddon().call(addcdivOp.id, slotOf(x, 'addcdiv_'), slotOf(a, 'addcdiv_'), slotOf(b, 'addcdiv_'), value);
  return x;
}

/** The elements of `source`, broadcast and converted. */
export function copy_(x: Tensor, source: Tensor): Tensor {
  loadAddon().call(copyOp.id, slotOf(x, 'copy_'), slotOf(source, 'copy_'));
  return x;
}

/** A value where the mask holds. */
export function maskedFill_(x: Tensor, mask: Tensor, value: Tensor | Scalar): Tensor {
  const slots = [slotOf(x, 'maskedFill_'), slotOf(mask, 'maskedFill_')];
  if (typeof value === 'object') {
    loadAddon().call(maskedFillTensor.id, slots[0], slots[1], slotOf(value, 'maskedFill_'));
  } else loadAddon().call(maskedFillScalar.id, slots[0], slots[1], value);
  return x;
}

/** x[positions[i][j]][j] = source[i][j] along an axis. */
export function scatter_(x: Tensor, dim: number, positions: Tensor, source: Tensor | Scalar): Tensor {
  const slots = [slotOf(x, 'scatter_'), slotOf(positions, 'scatter_')];
  if (typeof source === 'object') {
    loadAddon().call(scatterSrc.id, slots[0], dim, slots[1], slotOf(source, 'scatter_'));
  } else loadAddon().call(scatterValue.id, slots[0], dim, slots[1], source);
  return x;
}

/** x[positions[i][j]][j] += source[i][j] along an axis. */
export function scatterAdd_(x: Tensor, dim: number, positions: Tensor, source: Tensor): Tensor {
  const slots = [slotOf(x, 'scatterAdd_'), slotOf(positions, 'scatterAdd_'), slotOf(source, 'scatterAdd_')];
  loadAddon().call(scatterAddOp.id, slots[0], dim, slots[1], slots[2]);
  return x;
}

/** `source` added at positions along an axis. */
export function indexAdd_(x: Tensor, dim: number, positions: Tensor, source: Tensor): Tensor {
  const slots = [slotOf(x, 'indexAdd_'), slotOf(positions, 'indexAdd_'), slotOf(source, 'indexAdd_')];
  loadAddon().call(indexAddOp.id, slots[0], dim, slots[1], slots[2]);
  return x;
}

/** `source` written at positions along an axis. */
export function indexCopy_(x: Tensor, dim: number, positions: Tensor, source: Tensor): Tensor {
  const slots = [slotOf(x, 'indexCopy_'), slotOf(positions, 'indexCopy_'), slotOf(source, 'indexCopy_')];
  loadAddon().call(indexCopyOp.id, slots[0], dim, slots[1], slots[2]);
  return x;
}

/** Draws from N(mean, deviation²). */
export function normal_(x: Tensor, mean = 0, deviation = 1, { generator }: DrawOptions = {}): Tensor {
  loadAddon().call(normalOp.id, slotOf(x, 'normal_'), mean, deviation, generator?.id);
  return x;
}

/** Draws from the uniform distribution on [low, high). */
export function uniform_(x: Tensor, low = 0, high = 1, { generator }: DrawOptions = {}): Tensor {
  loadAddon().call(uniformOp.id, slotOf(x, 'uniform_'), low, high, generator?.id);
  return x;
}

/** 1 with the given probability, else 0. */
export function bernoulli_(x: Tensor, probability = 0.5, { generator }: DrawOptions = {}): Tensor {
  loadAddon().call(bernoulliOp.id, slotOf(x, 'bernoulli_'), probability, generator?.id);
  return x;
}

/** Draws from the exponential distribution of the given rate. */
export function exponential_(x: Tensor, rate = 1, { generator }: DrawOptions = {}): Tensor {
  loadAddon().call(exponentialOp.id, slotOf(x, 'exponential_'), rate, generator?.id);
  return x;
}
