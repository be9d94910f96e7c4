import { expectFinite, raise } from '../../core/index.js';
import type { LogitFilter } from './filter.js';

/** What {@link occurrencePenalty} subtracts. */
export interface OccurrencePenalties {
  /** From a logit for each time its token was generated (default 0). */
  frequency?: number;
  /** Once, where the token was generated at all (default 0). */
  presence?: number;
}

/**
 * Subtracts from the logits of tokens that were generated before: count · frequency + [count > 0] · presence.
 * @throws ArgumentError unless both are finite
 */
export function occurrencePenalty(
  { frequency = 0, presence = 0 }: OccurrencePenalties,
  where = 'occurrencePenalty',
): LogitFilter {
  expectFinite(where, 'frequencyPenalty', frequency);
  expectFinite(where, 'presencePenalty', presence);
  return {
    counts: true,
    onDevice: (logits, { counts }) => {
      if (counts === undefined) raise('PAL_INTERNAL', { where, expected: 'counts', received: 'none' });
      return logits.sub(counts.mul(frequency)).sub(counts.gt(0).to('float64').mul(presence));
    },
    onRow: (logits, { tokens, made }) => {
      const generated = made > 0 ? tokens.slice(-made) : [];
      for (const id of new Set(generated)) logits[id] = logits[id]! - presence;
      for (const id of generated) logits[id] = logits[id]! - frequency;
    },
  };
}
