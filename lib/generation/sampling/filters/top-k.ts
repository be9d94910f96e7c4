import { expectPositiveInteger } from '../../../core/index.js';
import { dims } from '../../../tensor/index.js';
import type { LogitFilter } from './filter.js';
import { rankTokens } from './nucleus.js';

/**
 * Keeps the k likeliest tokens, of equals those with the lower ids.
 * @param k - a positive integer; all tokens are kept where it is the size of the vocabulary or more
 * @param where - named in the error (default `topK`)
 * @returns the filter
 * @throws ArgumentError unless k is a positive integer
 * @see Fan et al. 2018, https://arxiv.org/abs/1805.04833
 */
export function topK(k: number, where = 'topK'): LogitFilter {
  expectPositiveInteger(where, 'topK', k);
  return {
    onDevice: (logits) => {
      const { V } = dims(logits, 'B V');
      if (k >= V) return logits;
      const least = logits.topk(k).values.narrow(1, -1, 1); // B 1
      const above = logits.gt(least);
      const left = above.sum(1, { keepdim: true }).neg().add(k);
      const equal = logits.eq(least);
      const kept = above.logicalOr(equal.logicalAnd(equal.cumsum(1).le(left)));
      return logits.maskedFill(kept.logicalNot(), -Infinity);
    },
    onRow: (logits) => {
      for (const id of rankTokens(logits).subarray(k)) logits[id] = -Infinity;
    },
  };
}
