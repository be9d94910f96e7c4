/** The loss of a model on the answers of an example. */
export interface AnswerScore {
  /** −ln P of all tokens that the model writes. */
  readonly nats: number;
  /** Their number, at least 1. */
  readonly tokens: number;
}

/**
 * The mean loss of examples.
 * @param scores - of {@link scoreExamples}
 * @param hashes - of the examples
 * @returns nats a token that the model writes; undefined without any
 */
export function averageLoss(scores: ReadonlyMap<string, AnswerScore>, hashes: readonly string[]): number | undefined {
  let [nats, tokens] = [0, 0];
  for (const hash of new Set(hashes)) {
    nats += scores.get(hash)?.nats ?? 0;
    tokens += scores.get(hash)?.tokens ?? 0;
  }
  return tokens === 0 ? undefined : nats / tokens;
}
