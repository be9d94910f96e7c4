import { scoreTokens } from '../../../evaluation/scoring/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import type { EncodedInstruction } from '../encode-instruction.js';
import type { AnswerScore } from './answer-scores.js';

/** An example that is scored. */
export interface ScoredExample {
  readonly hash: string;
  readonly encoded: EncodedInstruction;
}

/** How examples are scored. */
export interface ScoringOptions {
  /** The most tokens of a window. */
  length: number;
  signal?: AbortSignal | undefined;
}

/** Rows of a batch. */
const ROWS = 8;

/**
 * Scores what a model is to write in examples, each by itself, dropout off; copies are scored once.
 * @param model - with the adapters that act
 * @param examples - in tokens
 * @param options - the width of a window
 * @returns the loss on the answers by the hash of the example; those without a token to predict are left out
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function scoreExamples(
  model: LanguageModel,
  examples: readonly ScoredExample[],
  { length, signal }: ScoringOptions,
): Promise<Map<string, AnswerScore>> {
  const distinct = [...new Map(examples.map((example) => [example.hash, example])).values()];
  const sorted = distinct.sort((a, b) => a.encoded.ids.length - b.encoded.ids.length);
  const context = Math.min(length, model.config.contextLength ?? length);
  const sequences = sorted.map(({ encoded }) => encoded.ids);
  const scores = await scoreTokens(model, sequences, { context, batchSize: ROWS, signal });
  const entries = sorted.map(({ hash, encoded }, i) => [hash, sumAnswers(encoded, scores[i]!.losses)] as const);
  return new Map(entries.filter(([, { tokens }]) => tokens > 0));
}

function sumAnswers({ answers }: EncodedInstruction, losses: Float64Array): AnswerScore {
  let [nats, tokens] = [0, 0];
  for (const { start, end } of answers) {
    for (let at = Math.max(1, start); at < end; at++) nats += losses[at - 1]!;
    tokens += Math.max(0, end - Math.max(1, start));
  }
  return { nats, tokens };
}
