import { expectRange } from '../../../core/index.js';
import type { LogitFilter } from './filter.js';

/**
 * Divides the logits: above 1 the likely tokens lose, below 1 they win.
 * @param value - the divisor, above 0
 * @param where - named in the error (default `temperature`)
 * @returns the filter
 * @throws ArgumentError unless above 0
 */
export function temperature(value: number, where = 'temperature'): LogitFilter {
  expectRange(where, 'temperature', value, { above: 0 });
  return {
    onDevice: (logits) => logits.div(value),
    onRow: (logits) => logits.forEach((logit, id) => (logits[id] = logit / value)),
  };
}
