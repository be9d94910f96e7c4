/** One text under a {@link LogitConstraint}. */
export interface ConstraintMatcher {
  /**
   * Marks the tokens that may come next, one that ends the text included where it may end.
   * @param allowed - `[V]`, zeros; 1 allows a token
   */
  allow(allowed: Uint8Array): void;
  /** Takes the token that came. */
  accept(id: number): void;
}

/**
 * A constraint on generated tokens that is computed on the host: a grammar, an automaton. Its mask enters a replayed
 * pass as an input, before all filters.
 */
export interface LogitConstraint {
  /** Starts a text after its prompt. */
  start(prompt: readonly number[]): ConstraintMatcher;
}
