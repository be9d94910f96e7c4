import { describe, expect, test } from '@jest/globals';
import { dims, scope, zeros } from '../../lib/tensor/index.js';

const check = (shape: number[], axes: string, known: Record<string, number> = {}): unknown =>
  scope(() => dims(zeros(shape), axes, known));

describe('dims', () => {
  test('names the sizes', () => {
    expect(check([2, 3, 4], 'B T C')).toEqual({ B: 2, T: 3, C: 4 });
    expect(check([2, 3, 4], 'B T C', { C: 4 })).toEqual({ B: 2, T: 3, C: 4 });
    expect(check([5], 'V')).toEqual({ V: 5 });
  });

  test('takes any axes for "...", at any place', () => {
    expect(check([2, 3, 4], '... C')).toEqual({ C: 4 });
    expect(check([4], '... C')).toEqual({ C: 4 });
    expect(check([2, 3, 4, 5], 'B ... C')).toEqual({ B: 2, C: 5 });
    expect(check([2, 3], 'B ...')).toEqual({ B: 2 });
  });

  test('holds letters that repeat and numbers to their word', () => {
    expect(check([3, 3], 'T T')).toEqual({ T: 3 });
    expect(check([3, 2], 'T 2')).toEqual({ T: 3 });
    expect(() => check([3, 4], 'T T')).toThrow(expect.objectContaining({ code: 'PAL_SHAPE' }));
    expect(() => check([3, 4], 'T 2')).toThrow(expect.objectContaining({ code: 'PAL_SHAPE' }));
  });

  test('says what was expected and what came', () => {
    const run = (): unknown => scope(() => dims(zeros([2, 3]), 'B C', { C: 4 }, 'Linear'));
    expect(run).toThrow('[PAL_SHAPE] Linear: expected shape [B, C] with C = 4, received [2, 3].');
    expect(() => check([2], 'B T C')).toThrow(/expected shape \[B, T, C\], received \[2\]/);
    expect(() => check([], '... C')).toThrow(expect.objectContaining({ name: 'ShapeError' }));
  });

  test('refuses what is no tensor', () => {
    expect(() => dims([1] as never, 'B')).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });

  test('types the result by letter', () => {
    scope(() => {
      const { B, C }: { B: number; C: number } = dims(zeros([2, 3, 4]), 'B ... C');
      // @ts-expect-error T is no letter of the axes
      const { T } = dims(zeros([2, 4]), 'B C');
      expect([B, C, T]).toEqual([2, 4, undefined]);
    });
  });
});
