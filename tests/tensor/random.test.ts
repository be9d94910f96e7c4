import { describe, expect, test } from '@jest/globals';
import {
  Generator,
  dropout,
  manualSeed,
  ones,
  palabra,
  program,
  randn,
  getRandomState,
  scope,
  setRandomState,
  withGenerator,
  zeros,
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
    const state = getRandomState();
    const first = draw();
    setRandomState(state);
    expect(draw()).toEqual(first);
  });

  test('is replaced inside withGenerator only', () => {
    manualSeed(3);
    const mine = draw();
    const generator = new Generator(3);
    manualSeed(4);
    const before = getRandomState();
    expect(withGenerator(generator, draw)).toEqual(mine);
    expect(getRandomState()).toEqual(before);
    expect(() => withGenerator(generator, async () => Promise.resolve())).toThrow(/synchronous/);
    const other = withGenerator(undefined, draw);
    setRandomState(before);
    expect(draw()).toEqual(other);
    generator.dispose();
  });
});

describe('a stream that a program goes back in', () => {
  const drawTwice = (generator?: Generator) => {
    const state = palabra.random_state({ generator });
    const first = dropout(ones([64]), 0.5, { generator });
    palabra.set_random_state(state, { generator });
    return [first, dropout(ones([64]), 0.5, { generator })];
  };

  test.each([
    ["the environment's own", undefined],
    ['a generator of its own', new Generator(3)],
  ])('draws the same numbers again: %s', (_, generator) => {
    const [first, second] = drawTwice(generator);
    expect(second!.tolist()).toEqual(first!.tolist());
    expect(drawTwice(generator)[0]!.tolist()).not.toEqual(first!.tolist());
  });

  test('and new ones at the next replay', async () => {
    const step = program(() => drawTwice());
    const runs = [];
    for (let i = 0; i < 3; i++) runs.push((await step.run()).map((drawn) => drawn.tolist()));
    for (const [first, second] of runs) expect(second).toEqual(first);
    expect(runs[2]![0]).not.toEqual(runs[1]![0]);
    step.dispose();
  });

  test('its state is that of getRandomState(), and other tensors are refused', () => {
    expect(palabra.random_state().data()).toEqual(getRandomState());
    expect(() => palabra.set_random_state(ones([8]))).toThrow(/PAL_OPERATOR.*the tensor of random_state/);
    expect(() => palabra.set_random_state(zeros([8], { dtype: 'uint8' }))).toThrow(/PAL_SHAPE.*\[8\].*size 5056/);
  });
});
