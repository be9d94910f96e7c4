import { expectRange } from '../../../core/index.js';
import type { LogitFilter } from './filter.js';
import { keepNucleus, keepNucleusOfRow, computeProbabilities } from './nucleus.js';

/**
 * Keeps the fewest tokens whose probabilities reach p, those first whose surprise −ln P is nearest to the entropy.
 * @param p - cumulative probability, in (0, 1]
 * @param where - named in the error (default `typicalP`)
 * @returns the filter
 * @throws ArgumentError unless p is in (0, 1]
 * @see Meister et al. 2023, https://arxiv.org/abs/2202.00666
 */
export function typicalP(p: number, where = 'typicalP'): LogitFilter {
  expectRange(where, 'typicalP', p, { above: 0, max: 1 });
  return {
    onDevice: (logits) => {
      const logs = logits.logSoftmax(1);
      // A banned token has probability 0 and adds nothing: 0 · ln 0 = 0.
      const terms = logs.exp().mul(logs.clamp({ min: -Number.MAX_VALUE }));
      const negativeEntropy = terms.sum(1, { keepdim: true });
      return keepNucleus(logits, logs.sub(negativeEntropy).abs().neg(), p);
    },
    onRow: (logits) => {
      const weights = computeProbabilities(logits);
      const logs = weights.map(Math.log);
      const negativeEntropy = weights.reduce((sum, weight, id) => sum + (weight > 0 ? weight * logs[id]! : 0), 0);
      const score = logs.map((log) => -Math.abs(log - negativeEntropy));
      keepNucleusOfRow(logits, score, p);
    },
  };
}
