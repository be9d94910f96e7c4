import { afterAll, describe, expect, test } from '@jest/globals';
import { EmbeddingSpace, renderEmbeddingPlane } from '../../lib/inspection/index.js';
import { manualSeed, memory, randn, tensor } from '../../lib/tensor/index.js';
import { CharTokenizer } from '../../lib/text/index.js';
import { elements, parseMarkup, textOf } from '../helpers/markup.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

/** k man, q woman + royal, m man, w woman: axes are royal and female; z is the zero vector. */
const table = tensor([
  [2, 0.1],
  [2, 2],
  [0.1, 0.2],
  [0.1, 2],
  [0, 0],
]).keep();
const tokenizer = new CharTokenizer([...'kqmwz']);
const space = new EmbeddingSpace(table, tokenizer);

afterAll(() => {
  space.dispose();
  table.dispose();
});

describe('neighbours', () => {
  test('point most alike, the nearest first, without the token itself', () => {
    const found = space.neighbours('q', 3);
    const cosine = (a: number[], b: number[]) =>
      (a[0]! * b[0]! + a[1]! * b[1]!) / (Math.hypot(...a) * Math.hypot(...b));
    expect(found.map(({ text }) => text)).toEqual(['m', 'k', 'w']);
    expect(found.map(({ id }) => id)).toEqual([2, 0, 3]);
    expect(found[0]!.similarity).toBeCloseTo(cosine([2, 2], [0.1, 0.2]), 6);
    expect(space.neighbours(1, 3)).toEqual(found);
  });

  test('of the zero vector have similarity zero', () => {
    expect(space.neighbours('z', 4).map(({ similarity }) => similarity)).toEqual([0, 0, 0, 0]);
  });

  test('are at most all other tokens', () => {
    expect(space.neighbours('k', 100)).toHaveLength(4);
  });
});

test('analogy: k is to w as something is', () => {
  const one = tensor([
    [1, 0, 0],
    [1, 1, 0],
    [0, 0, 1],
    [0, 1, 1],
    [1, 0, 1],
  ]);
  using words = new EmbeddingSpace(one, tokenizer);
  expect(words.analogy({ from: 'k', to: 'q', of: 'm' }, 1)[0]!.text).toBe('w');
  const found = words.analogy({ from: 'k', to: 'q', of: 'm' }, 5).map(({ text }) => text);
  expect([...found].sort()).toEqual(['w', 'z']);
});

describe('plane', () => {
  test('lies along the directions of the largest variance', () => {
    const line = tensor([[-3, -6], [-1, -2], [0, 0.5], [1, 1.5], [3, 6]]); // prettier-ignore
    using along = new EmbeddingSpace(line, tokenizer);
    const { points, explained } = along.plane();
    expect(points.map(({ text }) => text).join('')).toBe('kqmwz');
    expect(points[4]!.x - points[0]!.x).toBeCloseTo(Math.hypot(6, 12), 1);
    expect(explained[0]).toBeGreaterThan(0.99);
    expect(explained[0] + explained[1]).toBeCloseTo(1, 9);
    expect(along.plane(['z', 0])).toEqual({ points: [points[4], points[0]], explained });
  });

  test('is drawn with a word at each point', () => {
    using along = new EmbeddingSpace(table, tokenizer);
    const root = parseMarkup(renderEmbeddingPlane(along.plane()));
    expect(elements(root, 'circle')).toHaveLength(5);
    expect(elements(root, 'text').map(textOf)).toEqual(expect.arrayContaining(['k', 'q', 'm', 'w', 'z']));
    expect(
      elements(root, 'text')
        .map(textOf)
        .filter((text) => text.endsWith('of the variance')),
    ).toHaveLength(2);
  });

  test('keeps the variance of its axes', () => {
    manualSeed(1);
    using cloud = new EmbeddingSpace(randn([5, 4]), tokenizer);
    const { points, explained } = cloud.plane();
    const [x, y] = [points.map((point) => point.x), points.map((point) => point.y)];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(dot(x, y)).toBeCloseTo(0, 6);
    expect(dot(y, y) / dot(x, x)).toBeCloseTo(explained[1] / explained[0], 6);
    expect(dot(x, Array(5).fill(1) as number[])).toBeCloseTo(0, 6);
  });
});

describe('a space', () => {
  test('leaves padding rows out and copies the rest', () => {
    const padded = tensor([[1, 0], [0, 1], [1, 1], [1, 2], [2, 1], [9, 9]]); // prettier-ignore
    using own = new EmbeddingSpace(padded, tokenizer);
    expect(own.neighbours('m', 10).map(({ id }) => id)).not.toContain(5);
    const before = own.neighbours('k', 4);
    padded.zero_();
    expect(own.neighbours('k', 4)).toEqual(before);
  });

  test('refuses what is no token, and a table that is too short', () => {
    expect(() => space.neighbours('kq')).toThrow(
      /\[PAL_ARGUMENT\] EmbeddingSpace: .*one token, received "kq", which is 2/,
    );
    expect(() => space.neighbours(5)).toThrow(/an id from 0 to 4, received 5/);
    expect(() => space.neighbours('k', 0)).toThrow(/count/);
    expect(() => new EmbeddingSpace(tensor([[1, 2]]), tokenizer)).toThrow(/\[PAL_SHAPE\].*5 tokens, received 1/);
  });

  test('frees what it holds', () => {
    const before = memory.stats().liveSlots;
    const own = new EmbeddingSpace(table, tokenizer);
    own.neighbours('k');
    own.analogy({ from: 'k', to: 'q', of: 'm' });
    own.plane();
    own.dispose();
    expect(memory.stats().liveSlots).toBe(before);
  });
});
