import { describe, expect, test } from '@jest/globals';
import { normalize } from '../../../../lib/text/tokenizers/normalizers/normalizer.js';
import type { Normalizer } from '../../../../lib/text/tokenizers/normalizers/normalizer.js';
import { normalizeSlices } from '../../../../lib/text/tokenizers/normalizers/slices.js';

const slices = (text: string, ...steps: Normalizer[]): string[] => [...normalizeSlices('Test', text, steps)];

describe('normalizeSlices', () => {
  test('a short text is one slice, no text none', () => {
    expect(slices('abc')).toEqual(['abc']);
    expect(slices('')).toEqual([]);
  });

  test('a long text comes in slices that part no pair', () => {
    const text = `x${'😀'.repeat(300_000)}`;
    const found = slices(text);
    expect(found.length).toBeGreaterThan(2);
    expect(found.every((slice) => slice.isWellFormed())).toBe(true);
    expect(found.join('')).toBe(text);
  });

  test('steps work on whole lines: accents at a cut join their letters', () => {
    const lines = `e\u0301 ΑΣ\n`.repeat(100_000);
    const steps: Normalizer[] = [{ type: 'NFC' }, { type: 'Lowercase' }];
    const found = slices(lines, ...steps);
    expect(found.length).toBeGreaterThan(1);
    expect(found.join('')).toBe(normalize(lines, steps));
    expect(slices('e\u0301'.repeat(200_000), ...steps)).toHaveLength(1);
  });

  test('other steps see the whole text', () => {
    const text = 'ab\n'.repeat(200_000);
    expect(slices(text, { type: 'Prepend', text: '▁' })).toEqual([`▁${text}`]);
  });

  test('a lone surrogate is told by its place in the whole text', () => {
    const text = `${'a'.repeat(600_000)}\uD800b`;
    expect(() => slices(text)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT', details: { index: 600_000 } }));
  });
});

describe('normalize', () => {
  test.each<[Normalizer, string, string]>([
    [{ type: 'NFC' }, 'e\u0301', 'é'],
    [{ type: 'NFKD' }, 'ﬁ', 'fi'],
    [{ type: 'Lowercase' }, 'ΣΑΣ İ', 'σασ i̇'],
    [{ type: 'Prepend', text: '▁' }, 'a', '▁a'],
    [{ type: 'Prepend', text: '▁' }, '', ''],
    [{ type: 'Begin', text: '▁' }, '▁a', '▁a'],
    [{ type: 'Replace', text: ' ', by: '$&' }, 'a b', 'a$&b'],
  ])('%j', (step, text, expected) => {
    expect(normalize(text, [step])).toBe(expected);
  });
});
