/** A run of consecutive tokens in a batch: inputs `tokens[start, start + count)`, targets one place later. */
export interface TokenSpan {
  /** The first input in the row of tokens. */
  start: number;
  /** The number of inputs; the token behind the last is the last target. */
  count: number;
  /** Where the first input stands in the batch: `row · T + time`. */
  position: number;
  /** Targets of the piece before this one do not count. Default: 0. */
  firstTarget?: number;
}

/** Which tokens go where in one batch; every place outside the pieces is padding. */
export interface BatchPlan {
  shape: readonly [batch: number, time: number];
  spans: readonly TokenSpan[];
  examples: readonly number[];
  /** Whether each piece is a document of its own, with positions from 0. Default: false. */
  packed?: boolean;
  /** Whether a recurrent state starts anew; absent for batches that do not continue each other. */
  fresh?: boolean;
}

/** All batches of one order, each a function of its number alone. */
export interface BatchPlans {
  /** The number of batches; Infinity for orders without an end. */
  readonly count: number;
  /** How often every example has been given out after some batches. */
  epochAfter(batches: number): number;
  /** The batch of a number in [0, count). */
  plan(batch: number): BatchPlan;
}
