import { expectRange } from '../../../core/index.js';
import type { LogitFilter } from './filter.js';

/**
 * Keeps the tokens whose probability is at least p times that of the likeliest.
 * @param p - in (0, 1]
 * @param where - named in the error (default `minP`)
 * @returns the filter
 * @throws ArgumentError unless p is in (0, 1]
 * @see Nguyen et al. 2024, https://arxiv.org/abs/2407.01082
 */
export function minP(p: number, where = 'minP'): LogitFilter {
  const margin = Math.log(expectRange(where, 'minP', p, { above: 0, max: 1 }));
  return {
    onDevice: (logits) => logits.maskedFill(logits.lt(logits.amax(1, { keepdim: true }).add(margin)), -Infinity),
    onRow: (logits) => {
      const least = logits.reduce((a, b) => Math.max(a, b)) + margin;
      for (const [id, logit] of logits.entries()) if (logit < least) logits[id] = -Infinity;
    },
  };
}
