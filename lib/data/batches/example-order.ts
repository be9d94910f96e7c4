import { Random } from '../../core/index.js';

/**
 * The examples [0, size) in one order: as they are, or shuffled anew each epoch.
 *
 * The order of an epoch depends on seed and epoch alone. While one is given out, the next is drawn little by little, so
 * that no single batch waits for millions of draws.
 */
export class ExampleOrder {
  readonly #size: number;
  readonly #random: Random | undefined;
  #current: EpochOrder | undefined;
  #next: EpochOrder | undefined;

  /** @param seed - undefined leaves the examples in order */
  constructor(size: number, seed: number | undefined) {
    this.#size = size;
    this.#random = seed === undefined ? undefined : new Random(seed);
  }

  /** The example at a place of the endless row of epochs. */
  at(place: number): number {
    const index = place % this.#size;
    return this.#random === undefined ? index : this.#shuffled(this.#random, Math.floor(place / this.#size), index);
  }

  #shuffled(random: Random, epoch: number, index: number): number {
    if (this.#current?.epoch !== epoch) {
      this.#current = this.#next?.epoch === epoch ? this.#next : new EpochOrder(random, epoch, this.#size);
      this.#current.draw(this.#size);
      this.#next = new EpochOrder(random, epoch + 1, this.#size);
    }
    this.#next!.draw(Math.ceil(this.#next!.left / (this.#size - index)));
    return this.#current.examples[index]!;
  }
}

/** `Random.permutation` in steps: the last place is drawn first. */
class EpochOrder {
  readonly epoch: number;
  readonly examples: Uint32Array;
  readonly #random: Random;
  /** Draws that are left to do. */
  left: number;

  constructor(random: Random, epoch: number, size: number) {
    this.epoch = epoch;
    this.examples = new Uint32Array(size);
    for (let i = 0; i < size; i++) this.examples[i] = i;
    this.#random = random.split('epoch', epoch);
    this.left = size - 1;
  }

  /** Does at most so many draws. */
  draw(most: number): void {
    const end = Math.max(0, this.left - most);
    for (; this.left > end; this.left--) {
      const other = this.#random.integer(this.left + 1);
      const held = this.examples[this.left]!;
      this.examples[this.left] = this.examples[other]!;
      this.examples[other] = held;
    }
  }
}
