import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../lib/core/index.js';
import { ExampleOrder } from '../../../lib/data/batches/example-order.js';

const epoch = (size: number, seed: number, number: number): number[] => [
  ...new Random(seed).split('epoch', number).permutation(size),
];

describe('ExampleOrder', () => {
  test('without a seed the examples come as they are, again and again', () => {
    const order = new ExampleOrder(3, undefined);
    expect(Array.from({ length: 7 }, (_, place) => order.at(place))).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  test('each epoch is the permutation of its own random numbers', () => {
    for (const size of [1, 2, 3, 50]) {
      const order = new ExampleOrder(size, 7);
      const given = Array.from({ length: 4 * size }, (_, place) => order.at(place));
      expect(given).toEqual([0, 1, 2, 3].flatMap((number) => epoch(size, 7, number)));
    }
  });

  test('whatever places are asked for, and how often, what is there stays', () => {
    const places = fc.array(fc.nat(99), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer(), places, (size, seed, asked) => {
        const order = new ExampleOrder(size, seed);
        for (const place of asked) {
          expect(order.at(place)).toBe(epoch(size, seed, Math.floor(place / size))[place % size]);
        }
      }),
    );
  });

  test('the next epoch is drawn while one is given out, a draw a place', () => {
    const size = 1000;
    const draws = jest.spyOn(Random.prototype, 'integer');
    const order = new ExampleOrder(size, 1);
    order.at(0);
    expect(draws).toHaveBeenCalledTimes(size - 1 + 1);
    for (let place = 1; place < 3 * size; place++) {
      draws.mockClear();
      order.at(place);
      expect(draws.mock.calls.length).toBeLessThanOrEqual(2);
    }
    const late = new ExampleOrder(size, 1);
    late.at(size - 10);
    draws.mockClear();
    for (let place = size - 9; place < size; place++) late.at(place);
    expect(draws.mock.calls.length).toBeLessThan(size);
    draws.mockClear();
    late.at(size);
    expect(draws.mock.calls.length).toBeLessThanOrEqual(2);
    draws.mockRestore();
  });
});
