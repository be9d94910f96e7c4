/** The typed arrays that stand for element types. */
import type { DType, Scalar } from '../dtype.js';

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

/** The dtype whose elements lie in memory as those of a typed array; 16-bit floats come as bits. */
export const dtypeOfArray: Readonly<Record<string, DType>> = {
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

/** The class of a typed array. */
export type ArrayClass = new (buffer: ArrayBuffer) => TypedArray;

/** The typed array that holds a dtype's elements; 16-bit floats are widened. */
export const arrayOf: Readonly<Record<DType, ArrayClass>> = {
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

/** The unsigned integers of each size in bytes. */
export const bitsOf: Readonly<Record<number, ArrayClass>> = {
  1: Uint8Array,
  2: Uint16Array,
  4: Uint32Array,
  8: BigUint64Array,
};

/**
 * Bytes as booleans: 0 or 1.
 * @param data - a typed array of numbers
 * @returns as many bytes: 0 for 0, 1 for all else
 */
export function toBooleans(data: TypedArray): Uint8Array {
  const booleans = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) booleans[i] = data[i] === 0 ? 0 : 1;
  return booleans;
}
