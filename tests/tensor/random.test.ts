import { describe, expect, test } from '@jest/globals';
import {
  Generator,
  dropout,
  manualSeed,
  ones,
  randn,
  randomState,
  scope,
  setRandomState,
  withGenerator,
} from '../../lib/tensor/index.js';

const draw = (): unknown => scope(() => [randn([3]).tolist(), dropout(ones([16]), 0.5).tolist()]);

describe('the environment’s generator', () => {
  test('repeats after the same seed', () => {
    manualSeed(3);
    const first = draw();
    expect(draw()).not.toEqual(first);
    manualSeed(3n);
    expect(draw()).toEqual(first);
    expect(() => manualSeed(1.5)).toThrow(/PAL_ARGUMENT/);
  });

  test('continues from a state', () => {
    const state = randomState();
    const first = draw();
    setRandomState(state);
    expect(draw()).toEqual(first);
  });

  test('is replaced inside withGenerator only', () => {
    manualSeed(3);
    const mine = draw();
    const generator = new Generator(3);
    manualSeed(4);
    const before = randomState();
    expect(withGenerator(generator, draw)).toEqual(mine);
    expect(randomState()).toEqual(before);
    expect(() => withGenerator(generator, async () => Promise.resolve())).toThrow(/synchronous/);
    const other = withGenerator(undefined, draw);
    setRandomState(before);
    expect(draw()).toEqual(other);
    generator.dispose();
  });
});
