import { describe, expect, test } from '@jest/globals';
import { formatSuggestion, suggest } from '../../../lib/core/index.js';

describe('suggest', () => {
  test.each<[string, string | undefined]>([
    ['widht', 'width'],
    ['Width', 'width'],
    ['head', 'heads'],
    ['kvheads', 'kvHeads'],
    ['zebra', undefined],
    ['wid', 'width'],
    ['kvh', 'kvHeads'],
    ['kh', 'kvHeads'],
    ['', undefined],
  ])('%s → %s', (name, nearest) => {
    expect(suggest(name, ['width', 'heads', 'kvHeads', 'layers'])).toBe(nearest);
  });

  test('takes the nearest of several, the first on a tie', () => {
    expect(suggest('layerss', ['layer', 'layers'])).toBe('layers');
    expect(suggest('abcx', ['abcd', 'abce'])).toBe('abcd');
  });
});

test('formatSuggestion falls back to the known names when they are few', () => {
  expect(formatSuggestion('zebra', ['width', 'heads'])).toBe('Known: width, heads.');
  expect(formatSuggestion('zebra', [])).toBe('');
  expect(
    formatSuggestion(
      'zebra',
      Array.from({ length: 30 }, (_, i) => `name${i}`),
    ),
  ).toBe('');
});
