import type { ByteReader } from './byte-reader.js';

const WIDEST_BLOCK = 2 ** 16;

/** Integers in runs of one value and in groups of eight with a few bits each, as levels and dictionary indices are. */
export function readHybrid(reader: ByteReader, bits: number, count: number): Uint32Array {
  if (bits > 32) reader.refuse(`integers of ${bits} bits`);
  const values = new Uint32Array(count);
  for (let filled = 0; filled < count;) {
    const header = reader.varint();
    const announced = Math.floor(header / 2) * (header % 2 === 1 ? 8 : 1);
    if (announced === 0) reader.refuse('an empty run of integers');
    const length = Math.min(announced, count - filled);
    if (header % 2 === 1) unpack(reader, bits, announced, values.subarray(filled, filled + length));
    else values.fill(readLittleEndian(reader.take(Math.ceil(bits / 8))), filled, filled + length);
    filled += length;
  }
  return values;
}

/** Integers as differences to the one before, packed in blocks; all must be at least 0 and below 2^31. */
export function readDeltas(reader: ByteReader, count: number): Uint32Array {
  const [block, miniblocks, announced] = [reader.varint(), reader.varint(), reader.varint()];
  const perMiniblock = block / miniblocks;
  const usable = block > 0 && block <= WIDEST_BLOCK && Number.isInteger(perMiniblock) && perMiniblock % 8 === 0;
  if (!usable || announced !== count) reader.refuse(`${announced} differences in blocks of ${block} / ${miniblocks}`);
  const values = new Uint32Array(count);
  let value = reader.zigzag();
  let filled = count > 0 ? store(reader, values, 0, value) : 0;
  while (filled < count) {
    const least = reader.zigzag();
    const widths = reader.take(miniblocks);
    for (let miniblock = 0; miniblock < miniblocks && filled < count; miniblock++) {
      const differences = new Uint32Array(Math.min(perMiniblock, count - filled));
      if (widths[miniblock]! > 32) reader.refuse(`differences of ${widths[miniblock]} bits`);
      unpack(reader, widths[miniblock]!, perMiniblock, differences);
      for (const difference of differences) {
        value += least + difference;
        filled = store(reader, values, filled, value);
      }
    }
  }
  return values;
}

function store(reader: ByteReader, values: Uint32Array, index: number, value: number): number {
  if (!(value >= 0 && value < 2 ** 31)) reader.refuse(`a length of ${value}`);
  values[index] = value;
  return index + 1;
}

/** The first of so many integers of some bits each, the lowest bits first. A last group may be cut short. */
function unpack(reader: ByteReader, bits: number, stored: number, values: Uint32Array): void {
  const bytes = reader.take(Math.min((stored * bits) / 8, reader.left));
  if (bytes.length * 8 < values.length * bits) reader.refuse('packed integers that end too soon');
  const span = 2 ** bits;
  let held = 0;
  let heldBits = 0;
  let next = 0;
  for (let index = 0; index < values.length; index++) {
    while (heldBits < bits) {
      held += bytes[next++]! * 2 ** heldBits;
      heldBits += 8;
    }
    values[index] = held % span;
    held = Math.floor(held / span);
    heldBits -= bits;
  }
}

function readLittleEndian(bytes: Buffer): number {
  return bytes.length === 0 ? 0 : bytes.readUIntLE(0, bytes.length);
}
