import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { scope, zeros } from '../../lib/tensor/index.js';
import { mapTree, collectTensors } from '../../lib/tensor/tree.js';
import { isThenable, isPlainObject } from '../../lib/tensor/plain-object.js';

describe('trees', () => {
  test('collectTensors finds tensors in order, in arrays and plain objects only', () => {
    scope(() => {
      const [a, b, c] = [zeros([1]), zeros([1]), zeros([1])];
      class Holder {
        readonly x = c;
      }
      expect(collectTensors({ a, list: [b, { a }], other: new Holder(), n: null })).toEqual([a, b, a]);
    });
  });

  test('mapTree changes leaves and keeps the shape', () => {
    expect(mapTree({ a: 1, b: [2, { c: 3 }] }, (leaf) => (leaf as number) * 2)).toEqual({ a: 2, b: [4, { c: 6 }] });
  });

  test('plain objects and promises are known across realms', () => {
    expect([{}, Object.create(null), runInNewContext('({})')].every(isPlainObject)).toBe(true);
    expect([[], null, new Map(), 3].some(isPlainObject)).toBe(false);
    expect(isThenable(runInNewContext('Promise.resolve()'))).toBe(true);
    expect([{}, null, 1].some(isThenable)).toBe(false);
  });
});
