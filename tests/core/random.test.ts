import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../lib/core/index.js';

const draw = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.uint32());

describe('stream', () => {
  test('is a function of the seed', () => {
    expect(draw(new Random(1), 8)).toEqual(draw(new Random(1), 8));
    expect(draw(new Random(1), 8)).toEqual(draw(new Random(1n), 8));
    expect(draw(new Random(1), 8)).not.toEqual(draw(new Random(2), 8));
    expect(draw(new Random(-1), 4)).toEqual(draw(new Random(2n ** 64n - 1n), 4));
  });

  test('stays the same from version to version', () => {
    expect(draw(new Random(42), 4)).toEqual(EXPECTED_42);
    expect([...new Random(42).split('epoch', 3).permutation(10)]).toEqual(EXPECTED_PERMUTATION);
  });

  test('follows xoshiro128** from a known state', () => {
    const random = Random.restore({ key: [0, 0, 0, 0], state: [1, 2, 3, 4] });
    expect(draw(random, 4)).toEqual([11520, 0, 5927040, 70819200]);
  });

  test('resumes from a saved state, also for splits', () => {
    const random = new Random(9);
    draw(random, 17);
    const saved = JSON.parse(JSON.stringify(random.save())) as ReturnType<Random['save']>;
    const resumed = Random.restore(saved);
    expect(draw(resumed, 20)).toEqual(draw(random, 20));
    expect(draw(resumed.split('x'), 4)).toEqual(draw(random.split('x'), 4));
  });

  test.each([1.5, 2 ** 60, NaN, 2n ** 64n])('refuses the seed %s', (seed) => {
    expect(() => new Random(seed)).toThrow('expected seed to be an integer of 64 bits');
  });

  test.each([
    { key: [1, 2, 3], state: [1, 2, 3, 4] },
    { key: [1, 2, 3, 4], state: [0, 0, 0, 0] },
    { key: null, state: 3 },
  ])('refuses the state %j', (state) => {
    expect(() => Random.restore(state as never)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });
});

describe('split', () => {
  test('does not depend on what was drawn before', () => {
    const random = new Random(5);
    const before = draw(random.split('epoch', 1), 4);
    draw(random, 100);
    expect(draw(random.split('epoch', 1), 4)).toEqual(before);
  });

  test('tells labels, their kinds and their order apart', () => {
    const root = new Random(5);
    const children = [
      root,
      root.split(),
      root.split(1),
      root.split('1'),
      root.split(1, 2),
      root.split(2, 1),
      root.split(12),
    ];
    children.push(root.split('ab'), root.split('a', 'b'), root.split(1).split(2), root.split(0.5));
    expect(new Set(children.map((child) => draw(child, 2).join())).size).toBe(children.length);
  });

  test('neighbouring labels give streams whose bits agree half the time', () => {
    const root = new Random(0);
    let equal = 0;
    for (let label = 0; label < 500; label++) {
      const [a, b] = [draw(root.split(label), 8), draw(root.split(label + 1), 8)];
      for (let i = 0; i < 8; i++) equal += 32 - bits(a[i]! ^ b[i]!);
    }
    expect(Math.abs(equal / (500 * 8 * 32) - 0.5)).toBeLessThan(0.01);
  });
});

function bits(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) count++;
  return count;
}

describe('numbers', () => {
  test('float lies in [0, 1) with the moments of the uniform distribution', () => {
    const random = new Random(3);
    const values = Array.from({ length: 20_000 }, () => random.float());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.003);
  });

  test('integer is even over its range: chi-square of 7 classes below the 0.999 quantile', () => {
    const random = new Random(4);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(7)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(22.46);
  });

  test('integer reaches beyond 32 bits and refuses empty ranges', () => {
    const random = new Random(4);
    const values = Array.from({ length: 200 }, () => random.integer(2 ** 50));
    expect(Math.max(...values)).toBeGreaterThan(2 ** 48);
    expect(values.every((value) => Number.isSafeInteger(value) && value < 2 ** 50)).toBe(true);
    expect(random.integer(1)).toBe(0);
    expect(() => random.integer(0)).toThrow('expected high to be a positive integer, received 0');
  });

  test('permutation holds every index once', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer(), (n, seed) => {
        const order = new Random(seed).permutation(n);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  test('all orders of three items are equally likely', () => {
    const random = new Random(6);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});

const EXPECTED_42 = [1567504775, 2960427231, 433870066, 3312482975];
const EXPECTED_PERMUTATION = [7, 5, 9, 0, 1, 8, 4, 3, 2, 6];
