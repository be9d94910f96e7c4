/**
 * The slow twin of the operator that unpacks blocks: one number after another, each step rounded to float32, straight
 * from the layout that the format's description gives.
 */
import { formatSuggestion, raise, show } from '../../core/index.js';
import { tensorTypes } from './tensor-types.js';

/** The value of element `i` of the block that starts at `view`'s first byte. */
type Decode = (view: DataView, i: number) => number;

const round = Math.fround;

/** (-1)^s · 2^(e − 15) · 1.f, with subnormals, infinities and NaN. */
function readHalf(view: DataView, at: number): number {
  const bits = view.getUint16(at, true);
  const [sign, exponent, fraction] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Some bits of a byte. */
function readBits(view: DataView, at: number, shift: number, count: number): number {
  return (view.getUint8(at) >> shift) & (2 ** count - 1);
}

/** Four bits of element i of 32: the low half of byte i, or the high half of byte i − 16. */
function readNibble(view: DataView, at: number, i: number): number {
  return readBits(view, at + (i % 16), i < 16 ? 0 : 4, 4);
}

/** Bit i of 32. */
function readFifth(view: DataView, at: number, i: number): number {
  return 16 * readBits(view, at + (i >> 3), i & 7, 1);
}

/** Two bits of element i of 256: bytes hold elements 32 apart. */
function readPair(view: DataView, at: number, i: number): number {
  return readBits(view, at + 32 * Math.floor(i / 128) + (i % 32), 2 * (Math.floor(i / 32) % 4), 2);
}

function scaleQ3(view: DataView, sub: number): number {
  const low = readBits(view, 96 + (sub % 8), sub < 8 ? 0 : 4, 4);
  return low + 16 * readBits(view, 104 + (sub % 4), 2 * Math.floor(sub / 4), 2) - 32;
}

/** Scale and minimum of 6 bits, of which there are eight each in twelve bytes. */
function scaleAndMinimum(view: DataView, sub: number): [number, number] {
  const at = 4 + (sub % 4);
  if (sub < 4) return [readBits(view, at, 0, 6), readBits(view, at + 4, 0, 6)];
  const [scaleHigh, minimumHigh] = [readBits(view, at, 6, 2), readBits(view, at + 4, 6, 2)];
  return [readBits(view, at + 8, 0, 4) + 16 * scaleHigh, readBits(view, at + 8, 4, 4) + 16 * minimumHigh];
}

function decodeSuper(view: DataView, i: number, q: number): number {
  const [scale, minimum] = scaleAndMinimum(view, Math.floor(i / 32));
  const product = round(round(readHalf(view, 0) * scale) * q);
  return round(product - round(readHalf(view, 2) * minimum));
}

/** Four bits of element i of 256: a byte holds elements 32 apart. */
function readSuperNibble(view: DataView, at: number, i: number): number {
  return readBits(view, at + 32 * Math.floor(i / 64) + (i % 32), 4 * (Math.floor(i / 32) % 2), 4);
}

function decodeQ2(view: DataView, i: number): number {
  const sub = Math.floor(i / 16);
  const scale = round(readHalf(view, 80) * readBits(view, sub, 0, 4));
  return round(round(scale * readPair(view, 16, i)) - round(readHalf(view, 82) * readBits(view, sub, 4, 4)));
}

function decodeQ3(view: DataView, i: number): number {
  const high = readBits(view, i % 32, Math.floor(i / 32), 1);
  const scale = round(readHalf(view, 108) * scaleQ3(view, Math.floor(i / 16)));
  return round(scale * (readPair(view, 32, i) - 4 * (1 - high)));
}

function decodeQ6(view: DataView, i: number): number {
  const low = readBits(view, 64 * Math.floor(i / 128) + (i % 64), 4 * (Math.floor(i / 64) % 2), 4);
  const scale = round(readHalf(view, 208) * view.getInt8(192 + Math.floor(i / 16)));
  return round(scale * (low + 16 * readPair(view, 128, i) - 32));
}

const decoders: Readonly<Record<string, Decode>> = {
  Q4_0: (view, i) => round(readHalf(view, 0) * (readNibble(view, 2, i) - 8)),
  Q4_1: (view, i) => round(round(readHalf(view, 0) * readNibble(view, 4, i)) + readHalf(view, 2)),
  Q5_0: (view, i) => round(readHalf(view, 0) * (readNibble(view, 6, i) + readFifth(view, 2, i) - 16)),
  Q5_1: (view, i) =>
    round(round(readHalf(view, 0) * (readNibble(view, 8, i) + readFifth(view, 4, i))) + readHalf(view, 2)),
  Q8_0: (view, i) => round(readHalf(view, 0) * view.getInt8(2 + i)),
  Q2_K: decodeQ2,
  Q3_K: decodeQ3,
  Q4_K: (view, i) => decodeSuper(view, i, readSuperNibble(view, 16, i)),
  Q5_K: (view, i) =>
    decodeSuper(view, i, readSuperNibble(view, 48, i) + 16 * readBits(view, 16 + (i % 32), Math.floor(i / 32), 1)),
  Q6_K: decodeQ6,
};

/**
 * The numbers of whole blocks.
 * @param bytes - the blocks, one behind the other
 * @param format - `Q4_0`, `Q4_1`, `Q5_0`, `Q5_1`, `Q8_0` or `Q2_K` to `Q6_K`
 * @returns the numbers in their order, float32
 * @throws ArgumentError for another format
 */
export function dequantizeReference(bytes: Uint8Array, format: string): Float32Array {
  const decode = decoders[format] ?? throwUnknown(format);
  const type = Object.values(tensorTypes).find(({ name }) => name === format)!;
  const values = new Float32Array((bytes.length / type.bytes) * type.elements);
  return values.map((_, i) => {
    const start = bytes.byteOffset + Math.floor(i / type.elements) * type.bytes;
    return decode(new DataView(bytes.buffer, start, type.bytes), i % type.elements);
  });
}

function throwUnknown(format: string): never {
  const names = Object.keys(decoders);
  const fix = formatSuggestion(format, names);
  raise('PAL_ARGUMENT', { where: 'dequantizeReference', expected: names.join(', '), received: show(format), fix });
}
