import type { Valuation } from '../../../logic/index.js';

/** The exit code of a strict check that found an error. */
export const EXIT_STRICT = 2;

/** `p true, q false`. */
export function describeValuation(valuation: Valuation): string {
  return Object.entries(valuation)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
