import { describe, expect, test } from '@jest/globals';
import { show } from '../../lib/core/index.js';

class FakeTensor {
  constructor(readonly sizes = [2, 3]) {}
  get shape() {
    return [...this.sizes];
  }
  get dtype() {
    return `float${32 * this.sizes.length - 32}`;
  }
}

class DisposedTensor {
  get shape(): number[] {
    return raiseGone();
  }
  get dtype() {
    return raiseGone();
  }
}

function raiseGone(): never {
  throw new Error('gone');
}

describe('show', () => {
  test.each<[unknown, string]>([
    ['x"y', '"x\\"y"'],
    ['a'.repeat(80), `"${'a'.repeat(59)}…"`],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [12n, '12n'],
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [[1, 'a', null], '[1, "a", null]'],
    [[], '[]'],
    [Array.from({ length: 20 }, (_, i) => i), '[0, 1, 2, 3, 4, 5, 6, 7, … 20 in all]'],
    [new Float32Array(12), 'Float32Array(12)'],
    [{}, '{}'],
    [{ a: 1, b: 2 }, 'an object with keys a, b'],
    [Object.create(null), '{}'],
    [new Map(), 'an instance of Map'],
    [new FakeTensor(), 'FakeTensor [2, 3] float32'],
    [new DisposedTensor(), 'an instance of DisposedTensor'],
    [new Error('boom'), 'Error "boom"'],
    [show, 'function show'],
  ])('%#', (value, text) => {
    expect(show(value)).toBe(text);
  });

  test('stays brief on deep and cyclic values', () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    expect(show(cycle)).toBe('[an object with keys cycle]');
  });
});
