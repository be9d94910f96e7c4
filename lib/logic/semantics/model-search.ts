import type { Valuation } from './valuation.js';

/** The outcome of a search for a model. */
export type ModelSearch =
  | { status: 'found'; model: Valuation }
  | { status: 'none' }
  /** The budget ran out. */
  | { status: 'unknown' };
