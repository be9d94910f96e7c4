import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import type { DecodeState, LanguageModel } from '../../lib/models/index.js';
import { manualSeed, memory, scope } from '../../lib/tensor/index.js';
import {
  concatDifference,
  decodeTexts,
  read,
  replayedRaggedDifference,
  resetDifference,
  selectDifference,
  shortenDifference,
} from './decode-state.js';
import type { DecodedText } from './decode-state.js';
import { randomIds, sizes } from './language-model.js';
import { models } from './models.js';

/** Rounding of float32 sums taken in another order. */
const ROUNDING = 1e-5;

describe.each(Object.entries(models))('%s', (_, make) => {
  let model: LanguageModel;

  beforeEach(() => {
    manualSeed(3);
    model = make();
  });

  afterEach(() => {
    model.dispose();
  });

  test('selected rows go on by themselves', () => {
    expect(selectDifference(model)).toBeLessThan(ROUNDING);
  });

  test('rows of different lengths go on side by side', () => {
    expect(concatDifference(model)).toBeLessThan(ROUNDING);
  });

  test('rows of different lengths are read by a replayed pass', async () => {
    expect(await replayedRaggedDifference(model)).toBeLessThan(ROUNDING);
  });

  test('rows that are shortened forget what was read behind their texts', () => {
    expect(shortenDifference(model)).toBeLessThan(ROUNDING);
  });

  test('a row starts anew while the others go on, under a replayed pass', async () => {
    expect(await resetDifference(model)).toBeLessThan(ROUNDING);
  });

  test.each([
    ['greedy', { temperature: 0 }],
    ['seeded', { temperature: 1.2, topK: 9 }],
  ])('%s texts are the same alone and beside others that join and leave', (__, settings) => {
    const random = new Random(7);
    const prompts = Array.from({ length: 6 }, (___, i) =>
      Array.from({ length: 1 + i }, () => random.integer(sizes.vocabSize)),
    );
    const alone = decodeTexts(model, prompts, { ...settings, tokens: 9, width: 1 });
    for (const width of [2, 4]) {
      const beside = decodeTexts(model, prompts, { ...settings, tokens: 9, width });
      expect(beside.map(({ ids }) => ids)).toEqual(alone.map(({ ids }) => ids));
      expect(logitDifference(beside, alone)).toBeLessThan(ROUNDING);
    }
  });

  test('a state reset as a whole is as a new one, and all it held is freed', () => {
    const before = memory.stats().liveSlots;
    const state = model.newState(2);
    scope(() => {
      const [other, ids] = [randomIds(2, 4), randomIds(2, 6)];
      read(model, other, state);
      state.reset();
      expect(state.lengths).toEqual([0, 0]);
      const fresh = model.newState(2);
      expect(read(model, ids, state).equal(read(model, ids, fresh))).toBe(true);
      expect(Object.values(state.tensors()).every((held, i) => held.equal(Object.values(fresh.tensors())[i]!))).toBe(
        true,
      );
      const copies = [state.select([1]), state.concat(fresh), state.fork(2)];
      expect(copies.map(({ lengths }) => lengths)).toEqual([[6], [6, 6, 6, 6], [6, 6, 6, 6]]);
      for (const one of [...copies, fresh]) one.dispose();
    });
    state.dispose();
    expect(memory.stats().liveSlots).toBe(before);
  });

  test('refuses rows it has not, and states of another model', () => {
    const state = model.newState(2);
    scope(() => void read(model, randomIds(2, 2), state));
    expect(() => state.select([2])).toThrow(/\[PAL_ARGUMENT\] .*select/);
    expect(() => state.reset([-1])).toThrow(/\[PAL_ARGUMENT\] .*reset/);
    using other = model instanceof Gpt ? createLstm() : new Gpt({ vocabSize: 4, width: 4, heads: 1, layers: 1 });
    const stranger = other.newState(1);
    expect(() => state.concat(stranger)).toThrow(/\[PAL_ARGUMENT\] .*concat/);
    state.dispose();
    stranger.dispose();
  });
});

test('a control whose rows change places when they are selected is caught', () => {
  manualSeed(3);
  using control = new SwappingModel({ vocabSize: sizes.vocabSize, embeddingDim: 8, width: 12 });
  expect(selectDifference(control)).toBeGreaterThan(1e-3);
});

/** A control: selected rows come in the wrong order. */
class SwappingModel extends LstmLanguageModel {
  override newState(batch: number): ReturnType<LstmLanguageModel['newState']> {
    const state = super.newState(batch);
    const select = state.select.bind(state);
    state.select = (rows) => select(rows.toReversed());
    return state;
  }
}

function createLstm(): LanguageModel & { newState(batch: number): DecodeState } {
  return new LstmLanguageModel({ vocabSize: 4, embeddingDim: 4, width: 4 });
}

function logitDifference(a: readonly DecodedText[], b: readonly DecodedText[]): number {
  const differences = a.flatMap(({ logits }, text) =>
    logits.flatMap((row, at) => Array.from(row, (value, id) => Math.abs(value - b[text]!.logits[at]![id]!))),
  );
  return differences.reduce((most, value) => Math.max(most, value), 0);
}
