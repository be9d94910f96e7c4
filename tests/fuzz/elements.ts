import type { DTypeName } from '../../lib/native/index.js';

/** Numbers as the raw bytes of a dtype; half-precision floats keep the upper bits of a float32, imaginary parts are 1. */
export function encode(numbers: number[], dtype: DTypeName): Uint8Array {
  const whole = numbers.map((number) => Math.trunc(Number.isFinite(number) ? number % 2 ** 31 : 0));
  const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
  if (dtype === 'int64') return bytes(BigInt64Array.from(whole, BigInt));
  if (dtype === 'int32') return bytes(Int32Array.from(whole));
  if (dtype === 'int16') return bytes(Int16Array.from(whole));
  if (dtype === 'int8' || dtype === 'uint8') return bytes(Int8Array.from(whole));
  if (dtype === 'bool') return Uint8Array.from(whole, (number) => number & 1);
  if (dtype === 'float64') return bytes(Float64Array.from(numbers));
  if (dtype === 'complex64') return bytes(Float32Array.from(numbers.flatMap((number) => [number, 1])));
  if (dtype === 'complex128') return bytes(Float64Array.from(numbers.flatMap((number) => [number, 1])));
  if (dtype === 'float32') return bytes(Float32Array.from(numbers));
  return bytes(Uint16Array.from(new Uint32Array(Float32Array.from(numbers).buffer), (bits) => bits >>> 16));
}

/** The numbers that raw bytes of a dtype tell, without imaginary parts. */
export function decode(bytes: Uint8Array, dtype: DTypeName): number[] {
  const { buffer } = bytes.slice();
  if (dtype === 'int64') return Array.from(new BigInt64Array(buffer), Number);
  if (dtype === 'int32') return Array.from(new Int32Array(buffer));
  if (dtype === 'int16') return Array.from(new Int16Array(buffer));
  if (dtype === 'int8' || dtype === 'uint8') return Array.from(new Int8Array(buffer));
  if (dtype === 'bool') return Array.from(bytes);
  if (dtype === 'float64') return Array.from(new Float64Array(buffer));
  if (dtype === 'complex64') return Array.from(new Float32Array(buffer)).filter((_, i) => i % 2 === 0);
  if (dtype === 'complex128') return Array.from(new Float64Array(buffer)).filter((_, i) => i % 2 === 0);
  if (dtype === 'float32') return Array.from(new Float32Array(buffer));
  return Array.from(new Float32Array(Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer));
}
