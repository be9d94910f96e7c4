import { expectPositiveInteger } from '../../core/index.js';

/** A token: an id, or a word. */
export type Token = number | string;

/** Counts n-grams by their joined form. @throws ArgumentError unless n is a positive integer */
export function countNgrams(tokens: readonly Token[], n: number): Map<string, number> {
  expectPositiveInteger('countNgrams', 'n', n);
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= tokens.length; at++) {
    // A control character that no token ends with keeps the parts apart.
    const key = n === 1 ? String(tokens[at]) : tokens.slice(at, at + n).join('\u0001');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Counts n-grams, and different ones. */
export function countNgramTypes(texts: readonly (readonly Token[])[], n: number): { total: number; types: number } {
  const kinds = new Set<string>();
  let total = 0;
  for (const text of texts) {
    for (const key of countNgrams(text, n).keys()) kinds.add(key);
    total += Math.max(0, text.length - n + 1);
  }
  return { total, types: kinds.size };
}
