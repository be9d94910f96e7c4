import { expectPositiveInteger, expectRange, raise } from '../core/index.js';
import type { Random } from '../core/index.js';
import type { GenerationConfig } from '../models/index.js';

/** How the next token is drawn, applied in this order: temperature (default 1), top-k, top-p. */
export type SamplingOptions = Pick<GenerationConfig, 'temperature' | 'topK' | 'topP'>;

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
  const highest = logits[best]!;
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  return draw(weights, narrowed(weights, topK, topP), random.float());
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

/** The tokens to draw among: all in order, or the likeliest by top-k, then top-p of what is left. */
function narrowed(weights: Float64Array, topK?: number, topP?: number): Uint32Array {
  const ids = Uint32Array.from(weights.keys());
  if (topK === undefined && topP === undefined) return ids;
  const likeliest = ids.sort((a, b) => weights[b]! - weights[a]! || a - b).subarray(0, topK ?? ids.length);
  const target = (topP ?? 1) * mass(weights, likeliest);
  let reached = 0;
  const last = likeliest.findIndex((id) => (reached += weights[id]!) >= target);
  return last < 0 ? likeliest : likeliest.subarray(0, last + 1);
}

/** The token at a place in [0, 1) of the weights laid end to end. */
function draw(weights: Float64Array, ids: Uint32Array, place: number): number {
  let left = place * mass(weights, ids);
  const found = ids.find((id) => (left -= weights[id]!) < 0);
  // Rounding may leave a rest behind the last token that is possible.
  return found ?? ids.findLast((id) => weights[id]! > 0)!;
}

function mass(weights: Float64Array, ids: Uint32Array): number {
  return ids.reduce((sum, id) => sum + weights[id]!, 0);
}
