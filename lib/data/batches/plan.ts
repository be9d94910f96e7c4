/** Targets of a span, from `start` up to `end`. */
export interface TargetRange {
  start: number;
  end: number;
}

/** Consecutive tokens of a batch: inputs `tokens[start, start + count)`, targets one token later. */
export interface TokenSpan {
  /** The first input in the row of tokens. */
  start: number;
  /** The number of inputs; the token behind the last is the last target. */
  count: number;
  /** The position of the first input in the batch: `row · T + time`. */
  position: number;
  /** The first target of the span that counts. Default: 0. */
  firstTarget?: number;
  /** The targets of the span that count, in rising order; for tokens in memory. Default: all from the first. */
  counted?: readonly TargetRange[];
  /** Inputs of a packed span at which a further document begins, in rising order. Default: none. */
  breaks?: readonly number[];
}

/** The spans of one batch; every position outside them is padding. */
export interface BatchPlan {
  shape: readonly [batch: number, time: number];
  spans: readonly TokenSpan[];
  examples: readonly number[];
  /** True where each span is a document of its own, with positions from 0. Default: false. */
  packed?: boolean;
  /** What is said of each token as a target, in the row of tokens. Default: nothing. */
  labels?: Uint16Array;
  /** True for each row that starts from no memory; absent for batches that do not continue each other. */
  resetState?: readonly boolean[];
}

/** All batches of one order, each a function of its number alone. */
export interface BatchPlans {
  /** The number of batches; Infinity for orders without an end. */
  readonly count: number;
  /** The epochs after some batches. */
  epochAfter(batches: number): number;
  /** The targets that count in a batch, without planning it. Default: they are counted in its plan. */
  targetsOf?(batch: number): number;
  /** The batch of a number in [0, count). */
  plan(batch: number): BatchPlan;
}
