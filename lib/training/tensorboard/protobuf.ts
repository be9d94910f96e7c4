/** Fields of a protocol buffer message, as bytes. @see https://protobuf.dev/programming-guides/encoding */

/** How a field's value is laid out. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/** A message of fields in order. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

/** A field that holds an integer of at most 53 bits, ≥ 0. */
export function integerField(number: number, value: number): Uint8Array {
  return Buffer.concat([tag(number, VARINT), varint(value)]);
}

/** A field that holds a double. */
export function doubleField(number: number, value: number): Uint8Array {
  return Buffer.concat([tag(number, FIXED64), littleEndian(Float64Array.of(value))]);
}

/** A field that holds a float. */
export function floatField(number: number, value: number): Uint8Array {
  return Buffer.concat([tag(number, FIXED32), littleEndian(Float32Array.of(value))]);
}

/** A field that holds a text, bytes or a message. */
export function bytesField(number: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([tag(number, LENGTH), varint(bytes.length), bytes]);
}

/** A field that holds doubles, packed. */
export function doublesField(number: number, values: ArrayLike<number>): Uint8Array {
  return bytesField(number, littleEndian(Float64Array.from(values)));
}

function tag(number: number, layout: number): Uint8Array {
  return varint(number * 8 + layout);
}

/** Seven bits a byte, the lowest first; the highest bit says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** The bytes of numbers; every machine the addon runs on is little-endian. */
function littleEndian(values: Float64Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
