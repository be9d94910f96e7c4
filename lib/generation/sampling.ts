import { expectPositiveInteger, expectRange, raise } from '../core/index.js';
import type { Random } from '../core/index.js';
import type { GenerationConfig } from '../models/index.js';

/** How the next token is drawn, applied in this order: temperature (default 1), top-k, top-p. */
export type SamplingOptions = Pick<GenerationConfig, 'temperature' | 'topK' | 'topP'>;

/** A token with its share of the probability. */
interface Candidate {
  id: number;
  probability: number;
}

/** Checks sampling settings. @throws ArgumentError for a value out of range */
export function expectSampling(where: string, { temperature, topK, topP }: SamplingOptions): void {
  if (temperature !== undefined) expectRange(where, 'temperature', temperature, { min: 0 });
  if (topK !== undefined) expectPositiveInteger(where, 'topK', topK);
  if (topP !== undefined) expectRange(where, 'topP', topP, { above: 0, max: 1 });
}

/**
 * Draws a token id from logits.
 *
 * @param logits - one a token; −Infinity bans a token
 * @throws ArgumentError when a setting is out of range, a logit is NaN, or no token is left
 * @see Holtzman et al. 2020, https://arxiv.org/abs/1904.09751, for top-p
 */
export function sample(logits: Float32Array, options: SamplingOptions, random: Random): number {
  expectSampling('sample', options);
  const { temperature = 1, topK, topP } = options;
  const best = argmax(logits);
  if (temperature === 0) return best;
  const candidates = softmax(logits, temperature, logits[best]!);
  const narrowed = topK === undefined && topP === undefined ? candidates : likeliest(candidates, topK, topP);
  return draw(narrowed, random.float());
}

function argmax(logits: Float32Array): number {
  let best = -1;
  let highest = -Infinity;
  for (const [id, logit] of logits.entries()) {
    if (Number.isNaN(logit)) refuse(`NaN for token ${id}`);
    if (logit > highest) [best, highest] = [id, logit];
  }
  return best >= 0 && highest < Infinity ? best : refuse(best < 0 ? 'no token that is not banned' : 'Infinity');
}

function refuse(received: string): never {
  const fix = 'Such logits come from weights or a state that are no numbers any more.';
  raise('PAL_ARGUMENT', { where: 'sample', expected: 'logits with a highest finite value', received, fix });
}

function softmax(logits: Float32Array, temperature: number, highest: number): Candidate[] {
  const weights = Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, id) => ({ id, probability: weight / total }));
}

/** The likeliest tokens by top-k, then top-p of what is left, the likeliest first. */
function likeliest(candidates: Candidate[], topK = candidates.length, topP = 1): Candidate[] {
  const sorted = candidates.toSorted((a, b) => b.probability - a.probability || a.id - b.id).slice(0, topK);
  const target = topP * mass(sorted);
  let reached = 0;
  const count = sorted.findIndex(({ probability }) => (reached += probability) >= target);
  return count < 0 ? sorted : sorted.slice(0, count + 1);
}

/** The candidate at a place in [0, 1) of the probability laid end to end. */
function draw(candidates: Candidate[], place: number): number {
  let left = place * mass(candidates);
  const found = candidates.find(({ probability }) => (left -= probability) < 0);
  // Rounding may leave a rest behind the last possible token.
  const last = candidates.findLast(({ probability }) => probability > 0);
  return (found ?? last!).id;
}

function mass(candidates: Candidate[]): number {
  return candidates.reduce((sum, { probability }) => sum + probability, 0);
}
