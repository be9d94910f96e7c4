/** Fields of a protocol buffer message, as bytes. @see https://protobuf.dev/programming-guides/encoding */

/** The layout of a field's value. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/**
 * A message of fields in order.
 * @param fields - as the functions below encode them
 * @returns their bytes, one after another
 */
export function encodeMessage(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

/**
 * A field that holds an integer of at most 53 bits, ≥ 0.
 * @param number - of the field, from 1
 * @param value - from 0 to 2⁵³ − 1
 * @returns tag and value, as a varint
 */
export function encodeInteger(number: number, value: number): Uint8Array {
  return Buffer.concat([encodeTag(number, VARINT), encodeVarint(value)]);
}

/**
 * A field that holds a double.
 * @param number - of the field, from 1
 * @param value - any number
 * @returns tag and 8 bytes
 */
export function encodeDouble(number: number, value: number): Uint8Array {
  return Buffer.concat([encodeTag(number, FIXED64), encodeLittleEndian(Float64Array.of(value))]);
}

/**
 * A field that holds a float.
 * @param number - of the field, from 1
 * @param value - rounded to 32 bits
 * @returns tag and 4 bytes
 */
export function encodeFloat(number: number, value: number): Uint8Array {
  return Buffer.concat([encodeTag(number, FIXED32), encodeLittleEndian(Float32Array.of(value))]);
}

/**
 * A field that holds a text, bytes or a message.
 * @param number - of the field, from 1
 * @param value - a text is stored as UTF-8
 * @returns tag, length and content
 */
export function encodeBytes(number: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([encodeTag(number, LENGTH), encodeVarint(bytes.length), bytes]);
}

/**
 * A field that holds doubles, packed.
 * @param number - of the field, from 1
 * @param values - any numbers
 * @returns tag, length and 8 bytes a number
 */
export function encodeDoubles(number: number, values: ArrayLike<number>): Uint8Array {
  return encodeBytes(number, encodeLittleEndian(Float64Array.from(values)));
}

function encodeTag(number: number, layout: number): Uint8Array {
  return encodeVarint(number * 8 + layout);
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function encodeVarint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** The bytes of numbers; every machine the addon runs on is little-endian. */
function encodeLittleEndian(values: Float64Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
