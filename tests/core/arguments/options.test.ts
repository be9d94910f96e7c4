import { describe, expect, test } from '@jest/globals';
import { checkNested, checkOptions, expectCount, omitType, pickOptions } from '../../../lib/core/index.js';
import type { OptionChecks } from '../../../lib/core/index.js';

interface Split {
  validation?: number | undefined;
}

interface Options {
  length: number;
  stride?: number | undefined;
  split?: Split;
}

const keys: OptionChecks<Options> = {
  length: expectCount,
  stride: true,
  split: checkNested<Split>({ validation: expectCount }),
};

const check = (options: unknown): unknown => checkOptions('windows', options as Options, keys);

describe('checkOptions', () => {
  test('gives back what fits', () => {
    const options = { length: 4, stride: undefined, split: { validation: 1 } };
    expect(check(options)).toBe(options);
    expect(check(undefined)).toEqual({});
  });

  test.each<[string, unknown, string]>([
    [
      'an unknown key',
      { lenght: 4 },
      '[PAL_ARGUMENT] windows: expected known options, received the unknown key "lenght". Did you mean "length"? Known: length, stride, split.',
    ],
    [
      'a key that is like no other',
      { zebra: 4 },
      '[PAL_ARGUMENT] windows: expected known options, received the unknown key "zebra". Known: length, stride, split.',
    ],
    ['a name of every object', { toString: 4 }, 'received the unknown key "toString"'],
    [
      'a key inside',
      { split: { validatoin: 1 } },
      'expected known options in split, received the unknown key "validatoin".',
    ],
    ['a value', { length: -1 }, 'expected length to be an integer of at least 0, received -1.'],
    ['a value inside', { split: { validation: -1 } }, 'expected split.validation to be an integer of at least 0'],
    ['a number', 4, 'expected options to be an object, received 4.'],
    ['null', null, 'expected options to be an object, received null.'],
    ['a list', [4], 'expected options to be an object, received [4].'],
    ['a list inside', { split: [1] }, 'expected split to be an object, received [1].'],
  ])('refuses %s', (_name, options, message) => {
    expect(() => check(options)).toThrow(message);
  });
});

test('pickOptions takes the keys that a narrower function knows; omitType leaves a tag out', () => {
  expect(pickOptions<Split>({ validation: 1, other: 2 } as Split, { validation: true })).toEqual({ validation: 1 });
  expect(omitType({ type: 'a', b: 1 })).toEqual({ b: 1 });
});
