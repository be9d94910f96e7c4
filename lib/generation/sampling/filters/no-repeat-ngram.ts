import { expectPositiveInteger } from '../../../core/index.js';
import { dims, where as choose } from '../../../tensor/index.js';
import type { LogitFilter } from './filter.js';
import { findOccurring } from './find-occurring.js';

/**
 * Bans every token that would repeat n tokens in a row, the prompt's included.
 * @param n - a positive integer; 1 bans every token that has come
 * @param where - named in the error (default `noRepeatNgram`)
 * @returns the filter
 * @throws ArgumentError unless n is a positive integer
 * @see Paulus et al. 2018, https://arxiv.org/abs/1705.04304
 */
export function noRepeatNgram(n: number, where = 'noRepeatNgram'): LogitFilter {
  expectPositiveInteger(where, 'noRepeatNgram', n);
  return {
    historyLength: Infinity,
    onDevice: (logits, { history }) => {
      const { V } = dims(logits, 'B V');
      const { H } = dims(history, 'B H');
      if (H < n) return logits;
      const spans = history.unfold(1, n, 1); // B W n
      const end = history.narrow(1, H - n + 1, n - 1).unsqueeze(1); // B 1 n−1
      const repeats = spans
        .narrow(2, 0, n - 1)
        .eq(end)
        .all(-1)
        .logicalAnd(spans.select(2, 0).ge(0)); // B W
      return logits.maskedFill(findOccurring(choose(repeats, spans.select(2, n - 1), -1), V), -Infinity);
    },
    onRow: (logits, { tokens }) => {
      const end = tokens.length - n + 1;
      for (let at = 0; at < end; at++) {
        const repeats = tokens.slice(at, at + n - 1).every((id, i) => id === tokens[end + i]);
        if (repeats) logits[tokens[at + n - 1]!] = -Infinity;
      }
    },
  };
}
