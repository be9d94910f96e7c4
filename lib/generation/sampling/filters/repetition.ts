import { expectPositiveInteger, expectRange } from '../../../core/index.js';
import { dims, where as choose } from '../../../tensor/index.js';
import type { LogitFilter } from './filter.js';
import { findOccurring } from './find-occurring.js';

/** Tokens that a repetition penalty looks back on where nothing else is said. */
const WINDOW = 20;

/**
 * Makes the last tokens less likely: a positive logit is divided by the penalty, a negative one multiplied.
 *
 * @param penalty - above 1 against repetition, between 0 and 1 for it
 * @param recent - how many of the last tokens count, the prompt's included or `all` (default 20)
 * @param where - named in the error (default `repetitionPenalty`)
 * @returns the filter
 * @throws ArgumentError unless the penalty is above 0 and the window a positive integer
 * @see Keskar et al. 2019, https://arxiv.org/abs/1909.05858
 */
export function repetitionPenalty(
  penalty: number,
  recent: number | 'all' = WINDOW,
  where = 'repetitionPenalty',
): LogitFilter {
  expectRange(where, 'repetitionPenalty', penalty, { above: 0 });
  const window = recent === 'all' ? Infinity : expectPositiveInteger(where, 'repetitionWindow', recent);
  return {
    historyLength: window,
    onDevice: (logits, { history }) => {
      const { V } = dims(logits, 'B V');
      const punished = choose(logits.gt(0), logits.div(penalty), logits.mul(penalty));
      const width = Math.min(window, history.size(1));
      return choose(findOccurring(history.narrow(1, -width, width), V), punished, logits);
    },
    onRow: (logits, { tokens }) => {
      for (const id of new Set(tokens.slice(-window))) {
        const logit = logits[id]!;
        logits[id] = logit > 0 ? logit / penalty : logit * penalty;
      }
    },
  };
}
