/** The values of tensors, read and overwritten. */
import { raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { DType, Scalar } from '../dtype.js';
import { tensor } from './from-data.js';
import { to } from '../convert.js';
import type { Tensor } from '../tensor.js';
import { expectSlot } from '../tensor.js';
import { arrayOf, bitsOf, dtypeOfArray, toBooleans } from './typed-arrays.js';
import type { Nested, TypedArray } from './typed-arrays.js';

/**
 * A copy of the elements in row-major order, as the dtype's typed array.
 * @param x - any shape, any dtype, any device
 * @returns float16 and bfloat16 as Float32Array, int64 as BigInt64Array, bool as Uint8Array of 0 and 1, complex numbers
 *   as pairs
 */
export function data(x: Tensor): TypedArray {
  const { dtype } = x;
  if (dtype !== 'float16' && dtype !== 'bfloat16') return new arrayOf[dtype](loadAddon().toBytes(x.slot));
  using wide = to(x, { dtype: 'float32' });
  return new Float32Array(loadAddon().toBytes(wide.slot));
}

/**
 * A copy of the elements' bit patterns in row-major order, as unsigned integers of their size.
 * @param x - any shape, any dtype, any device
 * @returns `Uint8Array`, `Uint16Array`, `Uint32Array` or `BigUint64Array`; two integers for a complex128
 */
export function bits(x: Tensor): TypedArray {
  const size = x.itemSize;
  return new (bitsOf[Math.min(size, 8)] ?? Uint8Array)(loadAddon().toBytes(x.slot));
}

/**
 * The one element: a number; a boolean for bool; a bigint for an int64 beyond 2⁵³.
 * @param x - any shape of one element, any real dtype
 * @returns the value; float32 and shorter are widened without loss
 * @throws ShapeError when there is more than one element
 */
export function item<T extends Scalar = number>(x: Tensor): T {
  return loadAddon().item(expectSlot(x, 'item')) as T;
}

/**
 * The elements as nested arrays: numbers, booleans for bool, bigints for an int64 beyond 2⁵³.
 * @param x - any shape, any dtype but complex
 * @returns as deep as `x` has axes; a value by itself where it has none
 */
export function tolist(x: Tensor): Nested {
  const { dtype, shape } = x;
  const values = Array.from(data(x) as ArrayLike<number | bigint>, (value) => toPlain(value, dtype));
  const nested = shape.reduceRight<Nested[]>((items, size, axis) => {
    const rows = shape.slice(0, axis).reduce((product, count) => product * count, 1);
    return Array.from({ length: rows }, (_, row) => items.slice(row * size, (row + 1) * size));
  }, values);
  return nested[0]!;
}

function toPlain(value: number | bigint, dtype: DType): Scalar {
  if (dtype === 'bool') return value !== 0;
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/**
 * Overwrites the elements in place with values in row-major order.
 * @param x - any shape, any dtype
 * @param values - a typed array of the tensor's dtype (`Uint16Array` bits or `Float32Array` for 16-bit floats), one
 *   item an element
 * @returns `x`
 */
export function write(x: Tensor, values: TypedArray): Tensor {
  if (!ArrayBuffer.isView(values)) {
    raise('PAL_ARGUMENT', { where: 'write', expected: 'a typed array', received: show(values) });
  }
  loadAddon().write(expectSlot(x, 'write'), matchDType(x, values));
  return x;
}

function matchDType(x: Tensor, values: TypedArray): TypedArray {
  const { dtype } = x;
  const name = values.constructor.name;
  const half = dtype === 'float16' || dtype === 'bfloat16';
  if (dtypeOfArray[name] === dtype || (half && name === 'Uint16Array')) return values;
  if (dtype === 'bool' && dtypeOfArray[name] === 'uint8') return toBooleans(values);
  if (half && name === 'Float32Array') return toHalfBits(values as Float32Array, dtype);
  return raise('PAL_DTYPE', { where: 'write', expected: `a typed array of ${dtype}`, received: show(values) });
}

function toHalfBits(values: Float32Array, dtype: DType): TypedArray {
  const narrow = tensor(values, { dtype });
  try {
    return bits(narrow);
  } finally {
    narrow.dispose();
  }
}
