/** Tensors of values that JavaScript holds. */
import type { OptionChecks } from '../../core/index.js';
import { creationKeys } from '../functional/options.js';
import { checkOptions, raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Device } from '../device.js';
import type { DType, Scalar } from '../dtype.js';
import { expectDType } from '../dtype.js';
import type { CreationOptions } from '../functional/options.js';
import { to } from '../convert.js';
import type { Tensor } from '../tensor.js';
import { wrap } from '../tensor.js';
import { arrayOf, dtypeOfArray, toBooleans } from './typed-arrays.js';
import type { Nested, TypedArray } from './typed-arrays.js';

/** Settings of {@link tensor}. */
export interface TensorOptions extends CreationOptions {
  /** The shape to give a flat array (default: as nested, or one axis). */
  shape?: readonly number[] | undefined;
}

/** The keys of {@link TensorOptions}. */
export const tensorKeys: OptionChecks<TensorOptions> = { ...creationKeys, shape: true };

/**
 * A tensor of given values, copied.
 *
 * @param data - a number, nested arrays of numbers, or a typed array (`Uint16Array`: the bits of float16 or bfloat16)
 * @param options - `dtype` defaults to the typed array's own; to float32 for numbers, int64 for bigints, bool for
 *   booleans; `shape` to that of the nesting, `device` to `cpu`, `requiresGrad` to false
 * @returns a tensor on memory of its own
 * @throws ShapeError for ragged arrays or a shape that doesn't fit; ArgumentError for values the dtype can't hold
 * @example tensor([[1, 2], [3, 4]])
 */
export function tensor(data: Nested | TypedArray, options: TensorOptions = {}): Tensor {
  checkOptions('tensor', options, tensorKeys);
  if (options.dtype !== undefined) expectDType('tensor', options.dtype);
  const made = ArrayBuffer.isView(data) ? createFromTypedArray(data, options) : createFromNested(data, options);
  const moved = options.device === undefined || options.device === 'cpu' ? made : consume(made, options.device);
  return options.requiresGrad === true ? moved.requiresGrad_() : moved;
}

function consume(made: Tensor, device: Device): Tensor {
  const moved = to(made, { device });
  made.dispose();
  return moved;
}

function createFromTypedArray(data: TypedArray, { dtype, shape = [data.length] }: TensorOptions): Tensor {
  const own = data.constructor.name === 'Uint16Array' ? expectHalfDType(dtype) : dtypeOfArray[data.constructor.name];
  if (own === undefined) {
    raise('PAL_DTYPE', { where: 'tensor', expected: 'a typed array of a known dtype', received: show(data) });
  }
  return createConverted(own === 'uint8' && dtype === 'bool' ? toBooleans(data) : data, shape, own, dtype);
}

function expectHalfDType(dtype: DType | undefined): DType {
  if (dtype === 'float16' || dtype === 'bfloat16') return dtype;
  const fix = "Say dtype: 'float16' or dtype: 'bfloat16'.";
  return raise('PAL_DTYPE', { where: 'tensor', expected: 'the dtype of 16-bit patterns', received: show(dtype), fix });
}

function createConverted(data: TypedArray, shape: readonly number[], own: DType, dtype: DType | undefined): Tensor {
  checkCount(data.length, shape);
  const made = wrap(loadAddon().fromData(data, [...shape], own));
  if (dtype === undefined || dtype === own) return made;
  const other = to(made, { dtype });
  made.dispose();
  return other;
}

function checkCount(count: number, shape: readonly number[]): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (expected === count) return;
  raise('PAL_SHAPE', {
    where: 'tensor',
    expected: `${expected} values for shape ${show(shape)}`,
    received: `${count}`,
  });
}

function createFromNested(data: Nested, { dtype, shape }: TensorOptions): Tensor {
  const values: Scalar[] = [];
  const own = collectNested(data, values);
  const chosen = dtype ?? inferDType(values);
  const [array, stored] = packValues(values, chosen);
  return createConverted(array, shape ?? own, stored, chosen);
}

/** The shape of nested arrays; their values are appended in order. */
function collectNested(data: Nested, values: Scalar[]): number[] {
  if (!Array.isArray(data)) {
    values.push(expectScalar(data as Scalar));
    return [];
  }
  const shapes = data.map((item: Nested) => collectNested(item, values));
  const first = shapes[0] ?? [];
  if (shapes.some((other) => other.join() !== first.join())) {
    raise('PAL_SHAPE', { where: 'tensor', expected: 'nested arrays of equal lengths', received: show(data) });
  }
  return [data.length, ...first];
}

function expectScalar(value: Scalar): Scalar {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value;
  return raise('PAL_ARGUMENT', { where: 'tensor', expected: 'numbers, bigints or booleans', received: show(value) });
}

function inferDType(values: readonly Scalar[]): DType {
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.has('number') || kinds.size === 0) return 'float32';
  return kinds.has('bigint') ? 'int64' : 'bool';
}

/** Values as the typed array they are handed over in, and its dtype. */
function packValues(values: readonly Scalar[], dtype: DType): [TypedArray, DType] {
  if (dtype === 'int64') return [BigInt64Array.from(values, (value) => toBigInt(value, dtype)), 'int64'];
  if (dtype === 'bool') return [Uint8Array.from(values, (value) => (Number(value) === 0 ? 0 : 1)), 'bool'];
  if (dtype.startsWith('int') || dtype === 'uint8') return packIntegers(values, dtype);
  if (dtype === 'float32') return [Float32Array.from(values, Number), 'float32'];
  return [Float64Array.from(values, Number), 'float64'];
}

function packIntegers(values: readonly Scalar[], dtype: DType): [TypedArray, DType] {
  const array = BigInt64Array.from(values, (value) => toBigInt(value, dtype));
  const narrow = arrayOf[dtype] as unknown as { from(items: Iterable<number>): TypedArray };
  const held = narrow.from(Array.from(array, Number));
  const lost = Array.from(held as Int32Array).findIndex((value, index) => BigInt(value) !== array[index]);
  if (lost < 0) return [held, dtype];
  return raise('PAL_DTYPE', { where: 'tensor', expected: `values that ${dtype} holds`, received: show(values[lost]) });
}

function toBigInt(value: Scalar, dtype: DType): bigint {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return BigInt(value);
  return raise('PAL_DTYPE', { where: 'tensor', expected: `integers for ${dtype}`, received: show(value) });
}
