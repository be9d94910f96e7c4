const { imul } = Math;

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

const [LOW_1, HIGH_1] = splitWord(PRIME_1);
const [LOW_2, HIGH_2] = splitWord(PRIME_2);

/** Bytes that are mixed at once: four lanes of eight. */
const STRIPE = 32;

/**
 * XXH64 with seed 0 of bytes that come in chunks. Stripes are mixed in halves of 32 bits, many times as fast as
 * with big integers, which serve for the end.
 *
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md XXH64 algorithm description
 */
export class XXHash64 {
  readonly #low = new Int32Array(4);
  readonly #high = new Int32Array(4);
  /** The start of a stripe that is not complete yet. */
  readonly #rest = Buffer.alloc(STRIPE);
  #held = 0;
  #length = 0;

  constructor() {
    [PRIME_1 + PRIME_2, PRIME_2, 0n, -PRIME_1].forEach((start, lane) => {
      [this.#low[lane], this.#high[lane]] = splitWord(start);
    });
  }

  /** Takes more bytes. */
  update(bytes: Buffer): void {
    this.#length += bytes.length;
    let from = 0;
    if (this.#held > 0) {
      from = bytes.copy(this.#rest, this.#held, 0, STRIPE - this.#held);
      this.#held += from;
      if (this.#held < STRIPE) return;
      this.#mix(this.#rest, 0);
    }
    for (; from + STRIPE <= bytes.length; from += STRIPE) this.#mix(bytes, from);
    this.#held = bytes.copy(this.#rest, 0, from);
  }

  /** The hash of all bytes so far, 64 bits wide. */
  digest(): bigint {
    let hash = this.#merged() + BigInt(this.#length);
    let from = 0;
    for (; from + 8 <= this.#held; from += 8) {
      const lane = this.#rest.readBigUInt64LE(from);
      hash = rotateLeft(hash ^ mixLane(0n, lane), 27n) * PRIME_1 + PRIME_4;
    }
    if (from + 4 <= this.#held) {
      hash = rotateLeft(hash ^ (BigInt(this.#rest.readUInt32LE(from)) * PRIME_1), 23n) * PRIME_2 + PRIME_3;
      from += 4;
    }
    for (; from < this.#held; from++) hash = rotateLeft(hash ^ (BigInt(this.#rest[from]!) * PRIME_5), 11n) * PRIME_1;
    return finalize(hash);
  }

  /** The four lanes as one number. */
  #merged(): bigint {
    if (this.#length < STRIPE) return PRIME_5;
    const lanes = Array.from(this.#low, (low, lane) => joinWords(low, this.#high[lane]!));
    const turns = [1n, 7n, 12n, 18n];
    const start = lanes.reduce((sum, lane, i) => sum + rotateLeft(lane, turns[i]!), 0n);
    return lanes.reduce((hash, lane) => (hash ^ mixLane(0n, lane)) * PRIME_1 + PRIME_4, start);
  }

  /** {@link mixLane} on each lane of a stripe. */
  #mix(bytes: Buffer, from: number): void {
    for (let lane = 0, at = from; lane < 4; lane++, at += 8) {
      const [low, high] = [bytes.readInt32LE(at), bytes.readInt32LE(at + 4)];
      const productLow = imul(low, LOW_2);
      const productHigh = multiplyHigh(low, LOW_2) + imul(low, HIGH_2) + imul(high, LOW_2);
      const sumLow = (this.#low[lane]! >>> 0) + (productLow >>> 0);
      const sumHigh = (this.#high[lane]! + productHigh + Number(sumLow > 0xffffffff)) | 0;
      const turnedLow = (sumHigh >>> 1) | (sumLow << 31);
      const turnedHigh = (sumLow >>> 1) | (sumHigh << 31);
      this.#low[lane] = imul(turnedLow, LOW_1);
      this.#high[lane] = multiplyHigh(turnedLow, LOW_1) + imul(turnedLow, HIGH_1) + imul(turnedHigh, LOW_1);
    }
  }
}

/** The upper 32 bits of the product of two words without sign. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (other >>> 16)) | 0;
}

/** Mixes eight bytes into a lane: rotl(state + lane · PRIME_2, 31) · PRIME_1. */
function mixLane(state: bigint, lane: bigint): bigint {
  return rotateLeft(state + lane * PRIME_2, 31n) * PRIME_1;
}

function rotateLeft(value: bigint, by: bigint): bigint {
  const word = BigInt.asUintN(64, value);
  return (word << by) | (word >> (64n - by));
}

function finalize(value: bigint): bigint {
  let hash = BigInt.asUintN(64, value);
  hash = BigInt.asUintN(64, (hash ^ (hash >> 33n)) * PRIME_2);
  hash = BigInt.asUintN(64, (hash ^ (hash >> 29n)) * PRIME_3);
  return hash ^ (hash >> 32n);
}

function splitWord(value: bigint): [low: number, high: number] {
  return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
}

function joinWords(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
