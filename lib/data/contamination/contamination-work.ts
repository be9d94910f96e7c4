import type { Turns } from '../../core/index.js';

/** A long work of steps that keeps to slices and tells how far it has come. */
export class ContaminationWork {
  readonly #turns: Turns;
  readonly #report: (done: number, total: number) => void;
  readonly #total: number;
  #done = 0;

  /**
   * Begins the work.
   *
   * @param turns - its slices
   * @param total - tokens to pass in all
   * @param report - told between two slices how many were passed
   */
  constructor(turns: Turns, total: number, report: (done: number, total: number) => void) {
    this.#turns = turns;
    this.#total = total;
    this.#report = report;
  }

  /** Does a part of the work, which yields after each step how many tokens of its row are done. */
  async run<Result>(steps: Generator<number, Result>): Promise<Result> {
    const before = this.#done;
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      this.#done = before + value;
      if (!this.#turns.over) continue;
      this.#report(Math.min(this.#done, this.#total), this.#total);
      await this.#turns.next();
    }
  }
}
