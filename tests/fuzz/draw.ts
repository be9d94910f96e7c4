import { Random } from '../../lib/core/index.js';

/** Random choices of the fuzzer; the same labels always give the same choices. */
export class Draw {
  readonly #random: Random;

  constructor(seed: number, ...labels: (string | number)[]) {
    this.#random = new Random(seed).split(...labels);
  }

  /** True with the probability p. */
  chance(p: number): boolean {
    return this.#random.uint32() < p * 2 ** 32;
  }

  /** An integer in [low, high]. */
  integer(low: number, high: number): number {
    return low + this.#random.integer(high - low + 1);
  }

  /** One of the choices; repeat one to make it likelier. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.#random.integer(choices.length)] as T;
  }

  /** A list of a length in [low, high]. */
  list<T>(low: number, high: number, item: () => T): T[] {
    return Array.from({ length: this.integer(low, high) }, item);
  }

  /** A number near 0, seldom a special one. */
  float(): number {
    if (this.chance(0.1)) return this.pick(specialNumbers);
    return Math.round((this.#random.float() * 6 - 3) * 64) / 64;
  }

  /** Raw bytes. */
  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#random.uint32() & 255);
  }
}

const specialNumbers = [0, -0, 1, -1, 0.5, 1e-45, 1e300, -1e300, 2 ** 31, 2 ** 63, NaN, Infinity, -Infinity];

/** Integers at which arithmetic of 32 and 64 bits goes wrong. */
export const extremeIntegers: readonly (number | bigint)[] = [
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 + 1,
  2 ** 40,
  -(2 ** 40),
  2 ** 53 - 1,
  -(2 ** 53 - 1),
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
