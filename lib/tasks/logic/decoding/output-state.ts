import { expectCount, expectPositiveInteger } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';

/** What a model has written of a sentence so far, and what may follow; immutable, so that hypotheses can share it. */
export interface OutputState {
  /** States of the same key allow the same symbols, which change {@link OutputState.need} by the same. */
  readonly key: string;
  /** The fewest symbols that complete the whole. */
  readonly need: number;
  /** The words under way, where words are written. */
  readonly words?: WordsUnderWay;
  /**
   * The state after one more symbol.
   * @param symbol - a byte, or a number of `symbols`
   * @returns undefined where the symbol can't follow
   */
  next(symbol: number): OutputState | undefined;
}

/** Words inside a section: their bytes are taken one by one, or all bytes of a token at once. */
export interface WordsUnderWay {
  /** Of `advanceText`. */
  readonly state: number;
  /** True in the clause of an atom. */
  readonly ofClause: boolean;
  /** The state of the whole with other words. */
  with(state: number): OutputState;
}

/** Bounds of what is written. */
export interface OutputLimits {
  /** The most atoms (default 16). */
  atoms: number;
  /** The most connectors (default 32). */
  connectors: number;
  /** The most parentheses that are open at once (default 16). */
  nesting: number;
  /** The most connectives of a formula, ¬ included (default 64): no formula is deeper. */
  connectives: number;
}

/** The keys of {@link OutputLimits}. */
export const outputLimitKeys: OptionChecks<OutputLimits> = {
  atoms: expectPositiveInteger,
  connectors: expectCount,
  nesting: expectCount,
  connectives: expectCount,
};

/** The default {@link OutputLimits}. */
export const outputLimits: Readonly<OutputLimits> = { atoms: 16, connectors: 32, nesting: 16, connectives: 64 };
