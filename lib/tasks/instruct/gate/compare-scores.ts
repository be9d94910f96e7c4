import { bootstrapInterval } from '../../../evaluation/statistics/index.js';
import { averageLoss } from './answer-scores.js';
import type { AnswerScore } from './answer-scores.js';
import type { LossComparison } from './quality-report.js';

/**
 * Compares two models on examples that both were scored on.
 * @param before - scores by hash
 * @param after - scores by hash
 * @param hashes - of the examples; copies count once
 * @returns the losses and the interval of their difference; undefined without an example
 * @see Efron 1979, "Bootstrap methods: another look at the jackknife"
 */
export function compareScores(
  before: ReadonlyMap<string, AnswerScore>,
  after: ReadonlyMap<string, AnswerScore>,
  hashes: readonly string[],
): LossComparison | undefined {
  const shared = [...new Set(hashes)].filter((hash) => before.has(hash) && after.has(hash)).sort();
  if (shared.length === 0) return undefined;
  const mean = ({ nats, tokens }: AnswerScore): number => nats / tokens;
  const falls = shared.map((hash) => mean(before.get(hash)!) - mean(after.get(hash)!));
  const { estimate, low, high } = bootstrapInterval(falls);
  const [old, current] = [averageLoss(before, shared)!, averageLoss(after, shared)!];
  return {
    examples: shared.length,
    loss_before: old,
    loss_after: current,
    perplexity_before: Math.exp(old),
    perplexity_after: Math.exp(current),
    improvement: estimate,
    interval: [low, high],
  };
}
