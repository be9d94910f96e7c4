import { Random } from '../core/index.js';

/**
 * The examples [0, size) in one order: as they are, or shuffled anew each epoch.
 *
 * The order of an epoch depends on seed and epoch alone.
 */
export class ExampleOrder {
  readonly #size: number;
  readonly #random: Random | undefined;
  #epoch: { number: number; examples: Uint32Array } | undefined;

  /** @param seed - undefined leaves the examples in order */
  constructor(size: number, seed: number | undefined) {
    this.#size = size;
    this.#random = seed === undefined ? undefined : new Random(seed);
  }

  /** The example at a place of the endless row of epochs. */
  at(place: number): number {
    const index = place % this.#size;
    return this.#random === undefined ? index : this.#shuffled(this.#random, Math.floor(place / this.#size))[index]!;
  }

  #shuffled(random: Random, epoch: number): Uint32Array {
    if (this.#epoch?.number !== epoch) {
      this.#epoch = { number: epoch, examples: random.split('epoch', epoch).permutation(this.#size) };
    }
    return this.#epoch.examples;
  }
}
