import { expectOneOf } from '../core/index.js';
import type { DTypeName } from '../native/index.js';

/** The name of an element type, as PyTorch writes it. */
export type DType = DTypeName;

/** A number as operators take it; a `bigint` is always an integer. */
export type Scalar = number | bigint | boolean;

/** The element types' sizes in bytes. */
const bytesOf: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
  complex64: 8,
  complex128: 16,
};

/** Every element type. */
export const dtypes = Object.keys(bytesOf) as readonly DType[];

/**
 * The size of one element in bytes.
 * @param dtype - an element type
 * @returns from 1 (bool, int8, uint8) to 16 (complex128)
 */
export function getItemSize(dtype: DType): number {
  return bytesOf[dtype];
}

/**
 * Tests if elements are real floating-point numbers: only these carry gradients.
 * @param dtype - an element type
 * @returns true for float16, bfloat16, float32 and float64
 */
export function isFloatingPoint(dtype: DType): boolean {
  return dtype.startsWith('float') || dtype === 'bfloat16';
}

/**
 * Tests if elements are pairs of a real and an imaginary part.
 * @param dtype - an element type
 * @returns true for complex64 and complex128
 */
export function isComplex(dtype: DType): boolean {
  return dtype.startsWith('complex');
}

/**
 * Requires the name of an element type and returns it.
 * @param where - the caller's name, for the error
 * @param value - a name of {@link dtypes}; anything else is refused
 * @returns `value`
 * @throws ArgumentError otherwise
 */
export function expectDType(where: string, value: unknown): DType {
  return expectOneOf(where, 'dtype', value, dtypes);
}
