import type { DType } from '../dtype.js';

/** The element types of the format and the bytes of one element. */
export const formatBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
  C64: 8,
} as const;

/** The name of an element type that files are written with. */
export type FormatDType = keyof typeof formatBytes;

/** Element types that files may have and tensors have not, with the bits of one element. */
const foreignBits = { F4: 4, F6_E2M3: 6, F6_E3M2: 6, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 } as const;

/** The name of any element type in the format. */
export type ReadDType = FormatDType | keyof typeof foreignBits;

/**
 * The bits of an element.
 * @param name - an element type of the format
 * @returns from 4 to 64
 */
export function getElementBits(name: ReadDType): number {
  return name in foreignBits ? foreignBits[name as keyof typeof foreignBits] : 8 * formatBytes[name as FormatDType];
}

const formatNames: Readonly<Partial<Record<DType, FormatDType>>> = {
  bool: 'BOOL',
  uint8: 'U8',
  int8: 'I8',
  int16: 'I16',
  float16: 'F16',
  bfloat16: 'BF16',
  int32: 'I32',
  float32: 'F32',
  float64: 'F64',
  int64: 'I64',
  complex64: 'C64',
};

/**
 * The format's name of a tensor's element type; undefined when the format has none.
 * @param dtype - an element type of tensors
 * @returns its name, as `F32`; undefined for complex128
 */
export function toFormatDType(dtype: DType): FormatDType | undefined {
  return formatNames[dtype];
}

/**
 * The tensor's element type of a name in the format; undefined when tensors have none.
 * @param name - an element type of the format, as `F32`
 * @returns the element type; undefined for unsigned integers above 8 bits and floats of 8 bits or fewer
 */
export function fromFormatDType(name: ReadDType): DType | undefined {
  return (Object.keys(formatNames) as DType[]).find((dtype) => formatNames[dtype] === name);
}

/**
 * Tests if a text names an element type of the format.
 * @param name - any text
 * @returns true for those that tensors have and those that only files have
 */
export function isFormatDType(name: string): name is ReadDType {
  return Object.hasOwn(formatBytes, name) || Object.hasOwn(foreignBits, name);
}
