import { setImmediate } from 'node:timers/promises';
import { raise } from '../errors/index.js';

/** Milliseconds of work after which others have their turn. */
const SLICE_MS = 5;

/** Keeps a long work on a thread in slices, so that others have their turn between them and it can be stopped there. */
export class Turns {
  readonly #where: string;
  readonly #signal: AbortSignal | undefined;
  #end = performance.now() + SLICE_MS;

  /**
   * Begins the first slice.
   *
   * @param where - what works, for the error of a stop
   * @param signal - stops the work
   */
  constructor(where: string, signal?: AbortSignal) {
    this.#where = where;
    this.#signal = signal;
  }

  /** True where the slice is used up and {@link Turns.next} is to be awaited. */
  get over(): boolean {
    return performance.now() >= this.#end;
  }

  /**
   * Lets others have their turn and begins a new slice.
   *
   * @throws PalabraError of code PAL_ABORTED when the signal says so
   */
  async next(): Promise<void> {
    this.check();
    await setImmediate();
    this.check();
    this.#end = performance.now() + SLICE_MS;
  }

  /** Ends the work where it is to stop. @throws PalabraError of code PAL_ABORTED when the signal says so */
  check(): void {
    if (this.#signal?.aborted !== true) return;
    raise('PAL_ABORTED', {
      where: this.#where,
      expected: 'to finish',
      received: 'a signal to stop',
      cause: this.#signal.reason,
    });
  }

  /** Does a work that can be left between any two steps, and returns its result. */
  async run<Result>(work: Iterator<unknown, Result>): Promise<Result> {
    for (;;) {
      const { done, value } = work.next();
      if (done === true) return value;
      if (this.over) await this.next();
    }
  }
}

/** Does a work of steps in one go and returns its result. */
export function runAtOnce<Result>(work: Iterator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
