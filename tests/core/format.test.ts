import { expect, test } from '@jest/globals';
import { formatBytes, formatCount, formatDuration, formatInteger } from '../../lib/core/index.js';

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [1234567.4, '1,234,567'],
  [-12345, '-12,345'],
])('formatInteger(%d)', (value, text) => {
  expect(formatInteger(value)).toBe(text);
});

test.each([
  [0, '0'],
  [987, '987'],
  [1000, '1.0 k'],
  [999_960, '1.0 M'],
  [10_770_000, '10.8 M'],
  [-2500, '-2.5 k'],
  [NaN, 'NaN'],
])('formatCount(%d)', (value, text) => {
  expect(formatCount(value)).toBe(text);
});

test.each([
  [512, '512 B'],
  [1024, '1.0 KiB'],
  [1024 ** 2 - 1, '1.0 MiB'],
  [1.5 * 1024 ** 2, '1.5 MiB'],
  [3 * 1024 ** 5, '3072.0 TiB'],
])('formatBytes(%d)', (value, text) => {
  expect(formatBytes(value)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [340.2, '340 ms'],
  [999.6, '1.0 s'],
  [12_340, '12.3 s'],
  [59_960, '1 min 00 s'],
  [245_000, '4 min 05 s'],
  [3_599_600, '1 h 00 min'],
  [7_380_000, '2 h 03 min'],
  [Infinity, 'unknown'],
])('formatDuration(%d)', (value, text) => {
  expect(formatDuration(value)).toBe(text);
});
