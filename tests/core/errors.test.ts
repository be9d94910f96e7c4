import { describe, expect, test } from '@jest/globals';
import {
  DisposedError,
  PalabraError,
  ShapeError,
  errorCodes,
  createNativeError,
  isPalabraError,
  createError,
  raise,
} from '../../lib/core/index.js';
import * as core from '../../lib/core/index.js';

function thrownBy(run: () => unknown): PalabraError {
  try {
    run();
  } catch (error) {
    if (isPalabraError(error)) return error;
  }
  throw new Error('the call threw no PalabraError');
}

describe('raise', () => {
  test('builds the message from its parts', () => {
    const error = thrownBy(() =>
      raise('PAL_SHAPE', { where: 'matmul', expected: '[2, 3]', received: '[3, 3]', fix: 'Transpose it.' }),
    );
    expect(error.message).toBe('[PAL_SHAPE] matmul: expected [2, 3], received [3, 3]. Transpose it.');
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.name).toBe('ShapeError');
    expect(error.help).toBe('Transpose it.');
    expect(error.details).toEqual({});
  });

  test('keeps details and cause, and ends with a full stop without a fix', () => {
    const cause = new Error('below');
    const error = createError('PAL_DATA', { where: 'w', expected: 'a', received: 'b', details: { line: 3 }, cause });
    expect(error.message).toBe('[PAL_DATA] w: expected a, received b.');
    expect(error.details).toEqual({ line: 3 });
    expect(error.cause).toBe(cause);
    expect('cause' in createError('PAL_DATA', { where: 'w', expected: 'a', received: 'b' })).toBe(false);
  });
});

describe('codes', () => {
  test.each(Object.entries(errorCodes))('%s has a doc line and its class is exported', (code, entry) => {
    expect(code).toMatch(/^PAL_[A-Z]+(_[A-Z]+)*$/);
    expect(entry.doc).toMatch(/^[A-Z].{15,}\.$/);
    const known = core[entry.class];
    const error = createError(code as keyof typeof errorCodes, { where: 'w', expected: 'a', received: 'b' });
    expect(error).toBeInstanceOf(known);
    expect(error).toBeInstanceOf(PalabraError);
    expect(error.code).toBe(code);
  });
});

describe('createNativeError', () => {
  test('keeps the complete message and finds the class', () => {
    const error = createNativeError('PAL_DISPOSED', '[PAL_DISPOSED] item: gone', '{"slot": 7}');
    expect(error).toBeInstanceOf(DisposedError);
    expect(error.message).toBe('[PAL_DISPOSED] item: gone');
    expect(error.details).toEqual({ slot: 7 });
  });

  test('keeps plain or broken details as text and an unknown code as internal', () => {
    expect(createNativeError('PAL_SHAPE', 'm', 'plain').details).toEqual({ native: 'plain' });
    expect(createNativeError('PAL_SHAPE', 'm', '{broken').details).toEqual({ native: '{broken' });
    expect(createNativeError('PAL_SHAPE', 'm').details).toEqual({});
    expect(createNativeError('toString', 'm').code).toBe('PAL_INTERNAL');
  });
});

test('isPalabraError goes by the code, not by the class object', () => {
  expect(isPalabraError({ code: 'PAL_SHAPE', details: {} })).toBe(true);
  expect(isPalabraError(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBe(false);
  expect(isPalabraError(null)).toBe(false);
  expect(isPalabraError('PAL_SHAPE')).toBe(false);
});
