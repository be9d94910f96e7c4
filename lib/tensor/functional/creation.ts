/** New tensors: filled, counted, or drawn at random. */
import { creationKeys, drawKeys, multinomialKeys, randomKeys } from './options.js';
import { checkOptions, raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { expectDevice } from '../device.js';
import type { Scalar } from '../dtype.js';
import { expectDType } from '../dtype.js';
import type { BoundOperator } from '../operator.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectSlot, wrap } from '../tensor.js';
import type { CreationOptions, DrawOptions, MultinomialOptions, RandomOptions } from './options.js';

const zerosOp = bindOperator('aten::zeros');
const onesOp = bindOperator('aten::ones');
const emptyOp = bindOperator('aten::empty.memory_format');
const fullOp = bindOperator('aten::full');
const arangeStep = bindOperator('aten::arange.start_step');
const linspaceOp = bindOperator('aten::linspace');
const eyeOp = bindOperator('aten::eye.m');
const zerosLikeOp = bindOperator('aten::zeros_like');
const onesLikeOp = bindOperator('aten::ones_like');
const emptyLikeOp = bindOperator('aten::empty_like');
const fullLikeOp = bindOperator('aten::full_like');
const randLikeOp = bindOperator('aten::rand_like.generator');
const randnLikeOp = bindOperator('aten::randn_like.generator');
const randOp = bindOperator('aten::rand.generator');
const randnOp = bindOperator('aten::randn.generator');
const randintOp = bindOperator('aten::randint.low_generator');
const randpermOp = bindOperator('aten::randperm.generator');
const normalOp = bindOperator('aten::normal.float_float');
const bernoulliOp = bindOperator('aten::bernoulli');
const multinomialOp = bindOperator('aten::multinomial');

/** Calls a factory: its own arguments, then dtype, layout and device. */
function make(op: BoundOperator, args: readonly unknown[], options: CreationOptions): Tensor {
  const dtype = options.dtype === undefined ? undefined : expectDType(op.name, options.dtype);
  const device = options.device === undefined ? undefined : expectDevice(op.name, options.device);
  const made = wrap(loadAddon().call(op.id, ...args, dtype, undefined, device));
  return options.requiresGrad === true ? made.requiresGrad_() : made;
}

function expectShape(where: string, shape: readonly number[]): readonly number[] {
  const given: unknown = shape;
  if (Array.isArray(given) && given.every((size) => Number.isSafeInteger(size) && size >= 0)) return shape;
  const expected = 'a shape: an array of integers of at least 0';
  return raise('PAL_SHAPE', { where, expected, received: show(shape) });
}

/**
 * A tensor of zeros.
 * @param shape - integers of at least 0
 * @param options - `dtype` (default float32), `device` (default `cpu`), `requiresGrad` (default false)
 * @returns a tensor of that shape
 */
export function zeros(shape: readonly number[], options: CreationOptions = {}): Tensor {
  checkOptions('zeros', options, creationKeys);
  return make(zerosOp, [expectShape('zeros', shape)], options);
}

/**
 * A tensor of ones.
 * @param shape - integers of at least 0
 * @param options - `dtype` (default float32), `device` (default `cpu`), `requiresGrad` (default false)
 * @returns a tensor of that shape
 */
export function ones(shape: readonly number[], options: CreationOptions = {}): Tensor {
  checkOptions('ones', options, creationKeys);
  return make(onesOp, [expectShape('ones', shape)], options);
}

/**
 * A tensor with whatever was in memory before.
 * @param shape - integers of at least 0
 * @param options - `dtype` (default float32), `device` (default `cpu`), `requiresGrad` (default false)
 * @returns a tensor of that shape
 */
export function empty(shape: readonly number[], options: CreationOptions = {}): Tensor {
  checkOptions('empty', options, creationKeys);
  return make(emptyOp, [expectShape('empty', shape)], options);
}

/**
 * A tensor of one number; a `bigint` gives int64, a boolean bool.
 * @param shape - integers of at least 0
 * @param value - the number, converted to the dtype
 * @param options - `dtype` (default float32, int64 or bool by the value), `device` (default `cpu`), `requiresGrad`
 *   (default false)
 * @returns a tensor of that shape
 */
export function full(shape: readonly number[], value: Scalar, options: CreationOptions = {}): Tensor {
  checkOptions('full', options, creationKeys);
  return make(fullOp, [expectShape('full', shape), value], options);
}

/**
 * The numbers 0, 1, … below `end`; int64 for an integer, else float32.
 * @param end - the end of the numbers, left out
 * @param options - `dtype`, `device` (default `cpu`), `requiresGrad` (default false)
 * @returns `[⌈end⌉]`
 */
export function arange(end: number, options?: CreationOptions): Tensor;
/**
 * The numbers `start`, `start + step`, … up to `end`, which is left out; int64 for integers, else float32.
 * @param start - the first number
 * @param end - the end of the numbers, left out; on the side of `start` that `step` leads to
 * @param step - the distance between numbers, not 0 (default 1)
 * @param options - `dtype`, `device` (default `cpu`), `requiresGrad` (default false)
 * @returns `[⌈(end − start) / step⌉]`
 */
export function arange(start: number, end: number, step?: number, options?: CreationOptions): Tensor;
export function arange(...args: unknown[]): Tensor {
  const numbers = args.filter((arg): arg is number => typeof arg === 'number');
  const options = args.find((arg): arg is CreationOptions => typeof arg === 'object' && arg !== null) ?? {};
  checkOptions('arange', options, creationKeys);
  if (numbers.length === 0) raise('PAL_ARGUMENT', { where: 'arange', expected: 'an end', received: show(args) });
  const [start, end] = numbers.length === 1 ? [0, numbers[0]] : numbers;
  const dtype = options.dtype ?? (numbers.every(Number.isSafeInteger) ? 'int64' : 'float32');
  return make(arangeStep, [start, end, numbers[2] ?? 1], { ...options, dtype });
}

/**
 * `count` numbers from `start` to `end`, both included, at equal distances.
 * @param start - the first number
 * @param end - the last number
 * @param count - how many, at least 0
 * @param options - `dtype` (default float32), `device` (default `cpu`), `requiresGrad` (default false)
 * @returns `[count]`
 */
export function linspace(start: number, end: number, count: number, options: CreationOptions = {}): Tensor {
  checkOptions('linspace', options, creationKeys);
  return make(linspaceOp, [start, end, count], options);
}

/**
 * A matrix with ones on its diagonal.
 * @param rows - the size of the first axis, at least 0
 * @param columns - the size of the second, at least 0 (default `rows`)
 * @param options - `dtype` (default float32), `device` (default `cpu`), `requiresGrad` (default false)
 * @returns `[rows, columns]`
 */
export function eye(rows: number, columns = rows, options: CreationOptions = {}): Tensor {
  checkOptions('eye', options, creationKeys);
  return make(eyeOp, [rows, columns], options);
}

/**
 * Zeros of the shape, dtype and device of another tensor.
 * @param x - any shape, any dtype
 * @param options - `dtype` and `device` in place of those of `x`, `requiresGrad` (default false)
 * @returns the shape of `x`
 */
export function zerosLike(x: Tensor, options: CreationOptions = {}): Tensor {
  checkOptions('zerosLike', options, creationKeys);
  return make(zerosLikeOp, [expectSlot(x, 'zerosLike')], options);
}

/**
 * Ones of the shape, dtype and device of another tensor.
 * @param x - any shape, any dtype
 * @param options - `dtype` and `device` in place of those of `x`, `requiresGrad` (default false)
 * @returns the shape of `x`
 */
export function onesLike(x: Tensor, options: CreationOptions = {}): Tensor {
  checkOptions('onesLike', options, creationKeys);
  return make(onesLikeOp, [expectSlot(x, 'onesLike')], options);
}

/**
 * Whatever was in memory before, in the shape, dtype and device of another tensor.
 * @param x - any shape, any dtype
 * @param options - `dtype` and `device` in place of those of `x`, `requiresGrad` (default false)
 * @returns the shape of `x`
 */
export function emptyLike(x: Tensor, options: CreationOptions = {}): Tensor {
  checkOptions('emptyLike', options, creationKeys);
  return make(emptyLikeOp, [expectSlot(x, 'emptyLike')], options);
}

/**
 * One number in the shape, dtype and device of another tensor.
 * @param x - any shape, any dtype
 * @param value - the number, converted to the dtype
 * @param options - `dtype` and `device` in place of those of `x`, `requiresGrad` (default false)
 * @returns the shape of `x`
 */
export function fullLike(x: Tensor, value: Scalar, options: CreationOptions = {}): Tensor {
  checkOptions('fullLike', options, creationKeys);
  return make(fullLikeOp, [expectSlot(x, 'fullLike'), value], options);
}

/**
 * Draws from U[0, 1) in the shape, dtype and device of another tensor.
 * @param x - any shape; floating-point, unless `dtype` is given
 * @param options - `dtype` and `device` in place of those of `x`, `requiresGrad` (default false), `generator`
 * @returns the shape of `x`
 */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  checkOptions('randLike', options, randomKeys);
  return make(randLikeOp, [expectSlot(x, 'randLike'), options.generator?.id], options);
}

/**
 * Draws from N(0, 1) in the shape, dtype and device of another tensor.
 * @param x - any shape; floating-point, unless `dtype` is given
 * @param options - `dtype` and `device` in place of those of `x`, `requiresGrad` (default false), `generator`
 * @returns the shape of `x`
 */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  checkOptions('randnLike', options, randomKeys);
  return make(randnLikeOp, [expectSlot(x, 'randnLike'), options.generator?.id], options);
}

/**
 * Draws from U[0, 1).
 * @param shape - integers of at least 0
 * @param options - floating-point `dtype` (default float32), `device` (default `cpu`), `requiresGrad` (default false),
 *   `generator`
 * @returns a tensor of that shape
 */
export function rand(shape: readonly number[], options: RandomOptions = {}): Tensor {
  checkOptions('rand', options, randomKeys);
  return make(randOp, [expectShape('rand', shape), options.generator?.id], options);
}

/**
 * Draws from N(0, 1).
 * @param shape - integers of at least 0
 * @param options - floating-point `dtype` (default float32), `device` (default `cpu`), `requiresGrad` (default false),
 *   `generator`
 * @returns a tensor of that shape
 */
export function randn(shape: readonly number[], options: RandomOptions = {}): Tensor {
  checkOptions('randn', options, randomKeys);
  return make(randnOp, [expectShape('randn', shape), options.generator?.id], options);
}

/**
 * Integers from `low` up to `high`, which is left out; int64 unless said otherwise.
 * @param low - the least integer
 * @param high - the end of the range, left out; above `low`
 * @param shape - integers of at least 0
 * @param options - `dtype` (default int64), `device` (default `cpu`), `requiresGrad` (default false), `generator`
 * @returns a tensor of that shape
 */
export function randint(low: number, high: number, shape: readonly number[], options: RandomOptions = {}): Tensor {
  checkOptions('randint', options, randomKeys);
  return make(randintOp, [low, high, expectShape('randint', shape), options.generator?.id], options);
}

/**
 * The integers 0 … n − 1 in random order; int64 unless said otherwise.
 * @param n - how many, at least 0
 * @param options - `dtype` (default int64), `device` (default `cpu`), `requiresGrad` (default false), `generator`
 * @returns `[n]`
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  checkOptions('randperm', options, randomKeys);
  return make(randpermOp, [n, options.generator?.id], options);
}

/**
 * Draws from N(mean, deviation²).
 * @param mean - the mean of the distribution
 * @param deviation - its standard deviation, at least 0
 * @param shape - integers of at least 0
 * @param options - floating-point `dtype` (default float32), `device` (default `cpu`), `requiresGrad` (default false),
 *   `generator`
 * @returns a tensor of that shape
 */
export function normal(mean: number, deviation: number, shape: readonly number[], options: RandomOptions = {}): Tensor {
  checkOptions('normal', options, randomKeys);
  return make(normalOp, [mean, deviation, expectShape('normal', shape), options.generator?.id], options);
}

/**
 * 1 with each element's probability, else 0.
 * @param probabilities - any shape, floating-point, each from 0 to 1
 * @param options - `generator`, the source of the numbers (default: the environment's own)
 * @returns the shape and dtype of the probabilities
 */
export function bernoulli(probabilities: Tensor, options: DrawOptions = {}): Tensor {
  const { generator } = checkOptions('bernoulli', options, drawKeys);
  return wrap(loadAddon().call(bernoulliOp.id, expectSlot(probabilities, 'bernoulli'), generator?.id));
}

/**
 * `count` positions drawn from the weights of the last axis; int64.
 * @param weights - `[V]` or `[N, V]`, floating-point, at least 0, not all 0; they need not sum to 1
 * @param count - how many, at least 1; without replacement at most V
 * @param options - `replacement` (default false); `generator` (default: the environment's own)
 * @returns int64, `[count]` or `[N, count]`, from 0 to V − 1
 */
export function multinomial(weights: Tensor, count: number, options: MultinomialOptions = {}): Tensor {
  const { replacement, generator } = checkOptions('multinomial', options, multinomialKeys);
  return wrap(
    loadAddon().call(multinomialOp.id, expectSlot(weights, 'multinomial'), count, replacement, generator?.id),
  );
}
