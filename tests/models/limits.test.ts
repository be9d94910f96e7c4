import { expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';

const sizes = { vocabSize: 16, width: 8, layers: 1 };

test.each([
  ['layers', { layers: 1e9 }],
  ['width', { width: 1e12 }],
  ['headWidth', { headWidth: 1e9 }],
])('a Gpt refuses a size that would end the process: %s', (name, size) => {
  expect(() => new Gpt({ ...sizes, heads: 2, contextLength: 8, ...size })).toThrow(new RegExp(`PAL_CONFIG[^]*${name}`));
});

test.each([
  ['layers', { layers: 1e9 }],
  ['width', { width: 1e12 }],
])('an LSTM refuses a size that would end the process: %s', (name, size) => {
  expect(() => new LstmLanguageModel({ ...sizes, ...size })).toThrow(new RegExp(`PAL_CONFIG[^]*${name}`));
});
