/** Values in and out of tensors: typed arrays, nested arrays, numbers; other dtypes and devices. */
import { raise, show } from '../core/index.js';
import { addon } from '../native/index.js';
import { expectDevice } from './device.js';
import type { Device } from './device.js';
import type { DType, Scalar } from './dtype.js';
import { dtypes, expectDType } from './dtype.js';
import { bound } from './operator.js';
import type { CreationOptions } from './functional/creation.js';
import type { Tensor } from './tensor.js';
import { isTensor, slotOf, wrap } from './tensor.js';

/** An array of numbers as JavaScript lays them out in memory. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** Numbers, booleans or bigints, nested to any depth. */
export type Nested<T = Scalar> = T | readonly Nested<T>[];

/** Settings of {@link tensor}. */
export interface TensorOptions extends CreationOptions {
  /** The shape to give a flat array (default: as nested, or one axis). */
  shape?: readonly number[] | undefined;
}

/** What {@link to} changes. */
export interface ToOptions {
  dtype?: DType | undefined;
  device?: Device | undefined;
  /** Whether to copy even when nothing changes (default false). */
  copy?: boolean | undefined;
}

const toLayout = bound('aten::to.dtype_layout');

/** The dtype whose elements lie in memory as those of a typed array; 16-bit floats come as bits. */
const dtypeOfArray: Readonly<Record<string, DType>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  BigInt64Array: 'int64',
  Int32Array: 'int32',
  Int16Array: 'int16',
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Buffer: 'uint8',
};

type ArrayClass = new (buffer: ArrayBuffer) => TypedArray;

const arrayOf: Readonly<Record<DType, ArrayClass>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Float32Array,
  bfloat16: Float32Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  complex64: Float32Array,
  complex128: Float64Array,
};

const bitsOf: Readonly<Record<number, ArrayClass>> = {
  1: Uint8Array,
  2: Uint16Array,
  4: Uint32Array,
  8: BigUint64Array,
};

/**
 * A tensor of given values, copied.
 *
 * @param data - a number, nested arrays of numbers, or a typed array (`Uint16Array`: the bits of float16 or bfloat16)
 * @param options - `dtype` defaults to the typed array's own; to float32 for numbers, int64 for bigints, bool for booleans
 * @throws ShapeError for ragged arrays or a shape that doesn't fit; ArgumentError for values the dtype can't hold
 * @example tensor([[1, 2], [3, 4]])
 */
export function tensor(data: Nested | TypedArray, options: TensorOptions = {}): Tensor {
  if (options.dtype !== undefined) expectDType('tensor', options.dtype);
  const made = ArrayBuffer.isView(data) ? fromTyped(data, options) : fromNested(data, options);
  const moved = options.device === undefined || options.device === 'cpu' ? made : consume(made, options.device);
  return options.requiresGrad === true ? moved.requiresGrad_() : moved;
}

function consume(made: Tensor, device: Device): Tensor {
  const moved = to(made, { device: expectDevice('tensor', device) });
  made.dispose();
  return moved;
}

function fromTyped(data: TypedArray, { dtype, shape = [data.length] }: TensorOptions): Tensor {
  const own = data.constructor.name === 'Uint16Array' ? sixteenBits(dtype) : dtypeOfArray[data.constructor.name];
  if (own === undefined) {
    raise('PAL_DTYPE', { where: 'tensor', expected: 'a typed array of a known dtype', received: show(data) });
  }
  return converted(own === 'uint8' && dtype === 'bool' ? truth(data) : data, shape, own, dtype);
}

function sixteenBits(dtype: DType | undefined): DType {
  if (dtype === 'float16' || dtype === 'bfloat16') return dtype;
  const fix = "Say dtype: 'float16' or dtype: 'bfloat16'.";
  return raise('PAL_DTYPE', { where: 'tensor', expected: 'the dtype of 16-bit patterns', received: show(dtype), fix });
}

/** Bytes as booleans: 0 or 1. */
function truth(data: TypedArray): Uint8Array {
  return Uint8Array.from(data as Uint8Array, (value) => (value === 0 ? 0 : 1));
}

function converted(data: TypedArray, shape: readonly number[], own: DType, dtype: DType | undefined): Tensor {
  checkCount(data.length, shape);
  const made = wrap(addon().fromData(data, [...shape], own));
  if (dtype === undefined || dtype === own) return made;
  const other = to(made, { dtype });
  made.dispose();
  return other;
}

function checkCount(count: number, shape: readonly number[]): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (expected === count) return;
  raise('PAL_SHAPE', { where: 'tensor', expected: `${expected} values for shape ${show(shape)}`, received: `${count}` });
}

function fromNested(data: Nested, { dtype, shape }: TensorOptions): Tensor {
  const values: Scalar[] = [];
  const own = nestedShape(data, values);
  const chosen = dtype ?? naturalDType(values);
  const [array, stored] = packed(values, chosen);
  return converted(array, shape ?? own, stored, chosen);
}

/** The shape of nested arrays; their values are appended in order. */
function nestedShape(data: Nested, values: Scalar[]): number[] {
  if (!Array.isArray(data)) {
    values.push(expectScalar(data as Scalar));
    return [];
  }
  const shapes = data.map((item: Nested) => nestedShape(item, values));
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

function naturalDType(values: readonly Scalar[]): DType {
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.has('number') || kinds.size === 0) return 'float32';
  return kinds.has('bigint') ? 'int64' : 'bool';
}

/** Values as the typed array they are handed over in, and its dtype. */
function packed(values: readonly Scalar[], dtype: DType): [TypedArray, DType] {
  if (dtype === 'int64') return [BigInt64Array.from(values, (value) => integer(value, dtype)), 'int64'];
  if (dtype === 'bool') return [Uint8Array.from(values, (value) => (Number(value) === 0 ? 0 : 1)), 'bool'];
  if (dtype.startsWith('int') || dtype === 'uint8') return packedIntegers(values, dtype);
  if (dtype === 'float32') return [Float32Array.from(values, Number), 'float32'];
  return [Float64Array.from(values, Number), 'float64'];
}

function packedIntegers(values: readonly Scalar[], dtype: DType): [TypedArray, DType] {
  const array = BigInt64Array.from(values, (value) => integer(value, dtype));
  const narrow = arrayOf[dtype] as unknown as { from(items: Iterable<number>): TypedArray };
  const held = narrow.from(Array.from(array, Number));
  const lost = Array.from(held as Int32Array).findIndex((value, index) => BigInt(value) !== array[index]);
  if (lost < 0) return [held, dtype];
  return raise('PAL_DTYPE', { where: 'tensor', expected: `values that ${dtype} holds`, received: show(values[lost]) });
}

function integer(value: Scalar, dtype: DType): bigint {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return BigInt(value);
  return raise('PAL_DTYPE', { where: 'tensor', expected: `integers for ${dtype}`, received: show(value) });
}

/**
 * The tensor as another dtype or on another device.
 * @param target - a dtype, a device, or both as options
 * @throws DeviceError when the device isn't there
 */
export function to(x: Tensor, target: DType | Device | ToOptions): Tensor {
  const { dtype, device, copy } = typeof target === 'string' ? named(target) : target;
  if (dtype !== undefined) expectDType('to', dtype);
  if (device !== undefined) expectDevice('to', device);
  return wrap(addon().call(toLayout.id, slotOf(x, 'to'), dtype, undefined, device, undefined, undefined, copy));
}

function named(target: string): ToOptions {
  return (dtypes as readonly string[]).includes(target) ? { dtype: target as DType } : { device: target };
}

/**
 * A copy of the elements in row-major order, as the dtype's typed array.
 * @returns float16 and bfloat16 as Float32Array, int64 as BigInt64Array, bool as Uint8Array of 0 and 1,
 * complex numbers as pairs
 */
export function data(x: Tensor): TypedArray {
  const { dtype } = x;
  if (dtype !== 'float16' && dtype !== 'bfloat16') return new arrayOf[dtype](addon().toBytes(x.slot));
  const wide = addon().call(toLayout.id, x.slot, 'float32') as number;
  try {
    return new Float32Array(addon().toBytes(wide));
  } finally {
    addon().dispose(wide);
  }
}

/** A copy of the elements' bit patterns in row-major order, as unsigned integers of their size. */
export function bits(x: Tensor): TypedArray {
  const size = x.itemSize;
  return new (bitsOf[Math.min(size, 8)] ?? Uint8Array)(addon().toBytes(x.slot));
}

/**
 * The one element: a number; a boolean for bool; a bigint for an int64 beyond 2⁵³.
 * @throws ShapeError when there is more than one element
 */
export function item<T extends Scalar = number>(x: Tensor): T {
  return addon().item(slotOf(x, 'item')) as T;
}

/** The elements as nested arrays: numbers, booleans for bool, bigints for an int64 beyond 2⁵³. */
export function tolist(x: Tensor): Nested {
  const { dtype, shape } = x;
  const values = Array.from(data(x) as ArrayLike<number | bigint>, (value) => plain(value, dtype));
  const nested = shape.reduceRight<Nested[]>((items, size, axis) => {
    const rows = shape.slice(0, axis).reduce((product, count) => product * count, 1);
    return Array.from({ length: rows }, (_, row) => items.slice(row * size, (row + 1) * size));
  }, values);
  return nested[0] as Nested;
}

function plain(value: number | bigint, dtype: DType): Scalar {
  if (dtype === 'bool') return value !== 0;
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/**
 * Overwrites the elements in place with values in row-major order.
 * @param values - a typed array of the tensor's dtype (`Uint16Array` bits or `Float32Array` for 16-bit floats)
 * @returns the tensor
 */
export function write(x: Tensor, values: TypedArray): Tensor {
  if (!ArrayBuffer.isView(values)) {
    raise('PAL_ARGUMENT', { where: 'write', expected: 'a typed array', received: show(values) });
  }
  addon().write(slotOf(x, 'write'), matching(x, values));
  return x;
}

function matching(x: Tensor, values: TypedArray): TypedArray {
  const { dtype } = x;
  const name = values.constructor.name;
  const half = dtype === 'float16' || dtype === 'bfloat16';
  if (dtypeOfArray[name] === dtype || (half && name === 'Uint16Array')) return values;
  if (dtype === 'bool' && dtypeOfArray[name] === 'uint8') return truth(values);
  if (half && name === 'Float32Array') return halves(values as Float32Array, dtype);
  return raise('PAL_DTYPE', { where: 'write', expected: `a typed array of ${dtype}`, received: show(values) });
}

function halves(values: Float32Array, dtype: DType): TypedArray {
  const narrow = tensor(values, { dtype });
  try {
    return bits(narrow);
  } finally {
    narrow.dispose();
  }
}

/** A value as a tensor: itself, or one made of it. */
export function asTensor(value: Tensor | Nested | TypedArray, options?: TensorOptions): Tensor {
  return isTensor(value) ? value : tensor(value as Nested | TypedArray, options);
}
