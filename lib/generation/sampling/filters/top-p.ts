import { expectRange } from '../../../core/index.js';
import type { LogitFilter } from './filter.js';
import { keepNucleus, keepNucleusOfRow } from './nucleus.js';

/**
 * Keeps the fewest tokens whose probabilities reach p, the likeliest first.
 * @param p - cumulative probability, in (0, 1]
 * @param where - named in the error (default `topP`)
 * @returns the filter
 * @throws ArgumentError unless p is in (0, 1]
 * @see Holtzman et al. 2020, https://arxiv.org/abs/1904.09751
 */
export function topP(p: number, where = 'topP'): LogitFilter {
  expectRange(where, 'topP', p, { above: 0, max: 1 });
  return {
    onDevice: (logits) => keepNucleus(logits, logits, p),
    onRow: (logits) => keepNucleusOfRow(logits, logits.slice(), p),
  };
}
