import { expectPositiveInteger } from './arguments/expect.js';
import { raise } from './errors/errors.js';
import { show } from './show.js';

/** The complete state of a {@link Random}: plain data that can be stored as JSON. */
export interface RandomState {
  key: number[];
  state: number[];
}

/** What a split starts from, in place of a seed. */
class Key {
  constructor(readonly words: Uint32Array) {}
}

/**
 * A seeded generator of pseudo-random numbers for data and sampling on the JavaScript side: the same
 * seed gives the same numbers on every machine.
 *
 * The stream is xoshiro128**. A generator can be split by labels into independent ones; a split
 * depends on the seed and the labels only, never on how many numbers were drawn before.
 *
 * @see https://arxiv.org/abs/1805.01407 Blackman and Vigna, Scrambled Linear Pseudorandom Number Generators
 * @example new Random(7).split('epoch', 3).permutation(10)
 */
export class Random {
  readonly #key: Uint32Array;
  readonly #state: Uint32Array;

  /**
   * Starts the stream of a seed.
   *
   * @param seed - an integer in [−2^63, 2^64)
   * @throws ArgumentError when the seed is no such integer
   */
  constructor(seed: number | bigint);
  constructor(seed: number | bigint | Key) {
    this.#key =
      seed instanceof Key
        ? seed.words
        : absorb(Uint32Array.of(0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667), splitSeed(seed));
    this.#state = createState(this.#key);
  }

  /**
   * The generator in the state that {@link Random.save} returned.
   *
   * @throws ArgumentError when it is no such state
   */
  static restore(saved: RandomState): Random {
    const random = new Random(0);
    random.#key.set(expectWords('key', saved.key));
    random.#state.set(expectWords('state', saved.state));
    return random;
  }

  /** The state, for {@link Random.restore}. */
  save(): RandomState {
    return { key: [...this.#key], state: [...this.#state] };
  }

  /** An independent generator named by labels. */
  split(...labels: (string | number)[]): Random {
    const words = absorb(this.#key, [labels.length, ...labels.flatMap(encodeLabel)]);
    return new Random(new Key(words) as never);
  }

  /** An integer in [0, 2^32). */
  uint32(): number {
    const s = this.#state as unknown as [number, number, number, number];
    const scrambled = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotateLeft(s[3], 11);
    return scrambled;
  }

  /** A multiple of 2^-53 in [0, 1). */
  float(): number {
    return ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /**
   * An unbiased integer in [0, high).
   *
   * @throws ArgumentError unless high is a positive integer
   */
  integer(high: number): number {
    expectPositiveInteger('Random.integer', 'high', high);
    const wide = high > 2 ** 32;
    const span = wide ? 2 ** 53 : 2 ** 32;
    const limit = span - (span % high);
    for (;;) {
      const value = wide ? this.float() * 2 ** 53 : this.uint32();
      if (value < limit) return value % high;
    }
  }

  /** Reorders a list in place, every order being equally likely, and returns it. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }

  /** The integers [0, n) in random order. */
  permutation(n: number): Uint32Array {
    const items = new Uint32Array(n);
    for (let i = 0; i < n; i++) items[i] = i;
    return this.shuffle(items);
  }
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** A bijective mix of 32 bits in which every input bit reaches every output bit (the MurmurHash3 finaliser). */
function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 128-bit key that depends on every word and on their order. */
function absorb(key: Uint32Array, words: readonly number[]): Uint32Array {
  const lanes = [...key] as [number, number, number, number];
  for (const word of words) {
    let carry = word >>> 0;
    for (let round = 0; round < 8; round++) {
      const lane = round & 3;
      carry = mix((lanes[lane]! ^ carry) + 0x9e3779b9);
      lanes[lane] = (lanes[lane]! + carry) >>> 0;
    }
  }
  return Uint32Array.from(lanes, (lane, i) => mix(lane + i));
}

/** The first state of a key; the all-zero state, from which xoshiro never leaves, is replaced. */
function createState(key: Uint32Array): Uint32Array {
  const state = absorb(key, [0x5eed]);
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}

function splitSeed(seed: number | bigint): number[] {
  const valid = typeof seed === 'bigint' ? seed >= -(2n ** 63n) && seed < 2n ** 64n : Number.isSafeInteger(seed);
  if (!valid) {
    raise('PAL_ARGUMENT', { where: 'Random', expected: 'seed to be an integer of 64 bits', received: show(seed) });
  }
  const bits = BigInt.asUintN(64, BigInt(seed));
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
}

function encodeLabel(label: string | number): number[] {
  if (typeof label === 'number') {
    const words = new Uint32Array(new Float64Array([label]).buffer);
    return [0, ...words];
  }
  return [1, label.length, ...Array.from({ length: label.length }, (_, i) => label.charCodeAt(i))];
}

function expectWords(name: string, words: unknown): number[] {
  const list = Array.isArray(words) ? (words as unknown[]) : [];
  const isWord = (word: unknown): word is number => typeof word === 'number' && word >>> 0 === word;
  const usable = list.length === 4 && list.every(isWord) && (name === 'key' || list.some((word) => word !== 0));
  if (usable) return list;
  return raise('PAL_ARGUMENT', {
    where: 'Random.restore',
    expected: `${name} to be four integers of 32 bits, not all zero`,
    received: show(words),
  });
}
