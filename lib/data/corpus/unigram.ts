import { raise } from '../../core/index.js';
import type { TokenArray } from './tokens.js';

/**
 * The entropy of the tokens' frequencies in nats: −Σ p ln p. No model that ignores the context can have a
 * lower mean loss on these tokens, which makes it the baseline to beat.
 *
 * @throws ArgumentError when there are no tokens
 */
export function computeUnigramEntropy(tokens: TokenArray): number {
  if (tokens.length === 0)
    raise('PAL_ARGUMENT', { where: 'computeUnigramEntropy', expected: 'tokens', received: 'none' });
  const counts = new Map<number, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += count * Math.log(count);
  return Math.max(0, Math.log(tokens.length) - sum / tokens.length);
}
