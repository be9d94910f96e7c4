import { expect, test } from '@jest/globals';
import { longestRepeatedSpan, repeatedTrigrams } from '../../../lib/training/diagnostics/repetition.js';

test('the share of repeated trigrams', () => {
  expect(repeatedTrigrams([1, 2, 3, 4, 5])).toBe(0);
  expect(repeatedTrigrams([1, 2, 3, 1, 2, 3])).toBe(1 / 4);
  expect(repeatedTrigrams([7, 7, 7, 7, 7, 7])).toBe(3 / 4);
  expect(repeatedTrigrams([])).toBe(0);
});

test('the longest repeated span', () => {
  expect(longestRepeatedSpan([1, 2, 3, 4])).toBe(0);
  expect(longestRepeatedSpan([1, 2, 3, 9, 1, 2, 3, 4])).toBe(3);
  expect(longestRepeatedSpan([5, 5, 5, 5])).toBe(3);
  expect(longestRepeatedSpan([1, 2, 1, 2, 1])).toBe(3);
  expect(longestRepeatedSpan([])).toBe(0);
});
