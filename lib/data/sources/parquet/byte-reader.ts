/** Ends the reading of a damaged file with what was found in it. */
export type Refuse = (received: string) => never;

/** Reads numbers and bytes from a buffer; whatever would reach past its end is refused. */
export class ByteReader {
  readonly bytes: Buffer;
  readonly refuse: Refuse;
  offset = 0;

  constructor(bytes: Buffer, refuse: Refuse) {
    this.bytes = bytes;
    this.refuse = refuse;
  }

  /** The number of bytes that are left. */
  get left(): number {
    return this.bytes.length - this.offset;
  }

  /** The next bytes, not copied. */
  take(count: number): Buffer {
    if (!(count >= 0 && count <= this.left)) this.refuse(`${count} bytes announced where ${this.left} are left`);
    this.offset += count;
    return this.bytes.subarray(this.offset - count, this.offset);
  }

  uint8(): number {
    return this.take(1)[0]!;
  }

  uint32(): number {
    return this.take(4).readUInt32LE(0);
  }

  /** A number in groups of seven bits, the lowest first; exact up to 2^53. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.uint8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.refuse('a number of more than ten bytes');
  }

  /** A signed number as a varint: 0, −1, 1, −2, … */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
