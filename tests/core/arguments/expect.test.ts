import { describe, expect, test } from '@jest/globals';
import {
  expectBoolean,
  expectCount,
  expectFinite,
  expectFunction,
  expectInteger,
  expectOneOf,
  expectPositiveInteger,
  expectProbability,
  expectRange,
  expectString,
} from '../../../lib/core/index.js';

describe('numbers', () => {
  test('accepted values come back', () => {
    expect(expectInteger('f', 'n', -3)).toBe(-3);
    expect(expectPositiveInteger('f', 'n', 1)).toBe(1);
    expect(expectCount('f', 'n', 0)).toBe(0);
    expect(expectFinite('f', 'n', 0.5)).toBe(0.5);
    expect(expectProbability('f', 'p', 1)).toBe(1);
    expect(expectRange('f', 'x', 0.5, { above: 0, below: 1 })).toBe(0.5);
  });

  test.each<[() => unknown, string]>([
    [() => expectInteger('f', 'n', 1.5), '[PAL_ARGUMENT] f: expected n to be an integer, received 1.5.'],
    [
      () => expectInteger('f', 'n', 2 ** 53),
      '[PAL_ARGUMENT] f: expected n to be an integer, received 9007199254740992.',
    ],
    [() => expectPositiveInteger('f', 'n', 0), '[PAL_ARGUMENT] f: expected n to be a positive integer, received 0.'],
    [
      () => expectPositiveInteger('f', 'n', '3'),
      '[PAL_ARGUMENT] f: expected n to be a positive integer, received "3".',
    ],
    [() => expectCount('f', 'n', -1), '[PAL_ARGUMENT] f: expected n to be an integer of at least 0, received -1.'],
    [() => expectFinite('f', 'x', Infinity), '[PAL_ARGUMENT] f: expected x to be a finite number, received Infinity.'],
    [
      () => expectProbability('f', 'p', NaN),
      '[PAL_ARGUMENT] f: expected p to be a number of at least 0 and of at most 1, received NaN.',
    ],
    [() => expectRange('f', 'x', 0, { above: 0 }), '[PAL_ARGUMENT] f: expected x to be a number above 0, received 0.'],
    [() => expectRange('f', 'x', 1, { below: 1 }), '[PAL_ARGUMENT] f: expected x to be a number below 1, received 1.'],
    [() => expectRange('f', 'x', 1n, {}), '[PAL_ARGUMENT] f: expected x to be a number that is finite, received 1n.'],
  ])('%#', (run, message) => {
    expect(run).toThrow(expect.objectContaining({ message, code: 'PAL_ARGUMENT' }));
  });
});

describe('names and kinds', () => {
  test('a near miss is named', () => {
    expect(expectOneOf('gelu', 'approximate', 'tanh', ['none', 'tanh'])).toBe('tanh');
    expect(() => expectOneOf('gelu', 'approximate', 'tahn', ['none', 'tanh'])).toThrow(
      '[PAL_ARGUMENT] gelu: expected approximate to be one of "none", "tanh", received "tahn". Did you mean "tanh"?',
    );
    expect(() => expectOneOf('f', 'n', 3, [1, 2])).toThrow('expected n to be one of 1, 2, received 3.');
  });

  test('strings, booleans and functions', () => {
    expect(expectString('f', 's', '')).toBe('');
    expect(expectBoolean('f', 'b', false)).toBe(false);
    expect(() => expectString('f', 's', 1)).toThrow('expected s to be a string, received 1');
    expect(() => expectBoolean('f', 'b', 0)).toThrow('expected b to be true or false, received 0');
    expect(() => expectFunction('f', 'g', {})).toThrow('expected g to be a function, received {}');
    expect(() => expectFunction('f', 'g', () => 1)).not.toThrow();
  });
});
