import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { architectures, loadModel, saveModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { manualSeed, scope } from '../../lib/tensor/index.js';
import {
  batchDifference,
  cachedDifference,
  forkDifference,
  leakFromLaterTokens,
  lossOnRandomTokens,
  randomIds,
  reservedDifference,
  sizes,
  withFolder,
} from './language-model.js';
import { LeakingModel, models } from './models.js';

/** Rounding of float32 sums taken in another order. */
const ROUNDING = 1e-5;
const UNIFORM = Math.log(sizes.vocabSize);

test('every architecture of the registry is here', () => {
  const kinds = new Set(
    Object.values(models).map((make) => {
      const model = make();
      model.dispose();
      return model.kind;
    }),
  );
  expect([...kinds].sort()).toEqual(architectures.map(({ kind }) => kind).sort());
});

describe.each(Object.entries(models))('%s', (_, make) => {
  let model: LanguageModel;

  beforeEach(() => {
    manualSeed(3);
    model = make();
  });

  afterEach(() => {
    model.dispose();
  });

  test('gives logits [B, T, V], for one token and for an empty batch too', () => {
    const { vocabSize } = sizes;
    for (const shape of [
      [3, 8],
      [1, 1],
      [0, 4],
    ] as const) {
      expect(shapeOfLogits(model, shape)).toEqual([...shape, vocabSize]);
    }
  });

  test('earlier logits do not change with a later token', () => {
    const { earlier, later } = leakFromLaterTokens(model);
    expect(earlier).toBe(0);
    expect(later).toBeGreaterThan(1e-6);
  });

  test.each([[[8]], [[1, 1, 1, 1, 1, 1, 1, 1]], [[5, 3]], [[3, 1, 4]]])(
    'reading in pieces %j equals one pass',
    (pieces) => {
      expect(cachedDifference(model, pieces)).toBeLessThan(ROUNDING);
    },
  );

  test('reading on in room that was reserved equals one pass', () => {
    expect(reservedDifference(model)).toBeLessThan(ROUNDING);
  });

  test('a fork goes on by itself as its origin would', () => {
    expect(forkDifference(model)).toBeLessThan(ROUNDING);
  });

  test('a row does not depend on the others', () => {
    const { otherRows, alone } = batchDifference(model);
    expect(otherRows).toBe(0);
    expect(alone).toBeLessThan(ROUNDING);
  });

  test('a saved model comes back bit for bit', async () => {
    await withFolder(async (folder) => {
      await saveModel(`${folder}/model`, model);
      const { model: loaded } = await loadModel(`${folder}/model`);
      expect(loaded.kind).toBe(model.kind);
      expect(loaded.config).toEqual(model.config);
      const [ours, theirs] = [model.stateDict(), loaded.stateDict()];
      expect(Object.keys(theirs)).toEqual(Object.keys(ours));
      for (const [name, value] of Object.entries(theirs)) expect(value.bits()).toEqual(ours[name]!.bits());
      loaded.dispose();
    });
  });

  test('random tokens stay at ln V', async () => {
    expect(await lossOnRandomTokens(model, 60)).toBeGreaterThan(UNIFORM - 0.01);
  });
});

describe('a control without a causal mask', () => {
  test('is caught by the change of a later token', () => {
    manualSeed(3);
    using control = new LeakingModel();
    expect(leakFromLaterTokens(control).earlier).toBeGreaterThan(1e-3);
  });

  test('is caught by random tokens', async () => {
    manualSeed(3);
    using control = new LeakingModel();
    expect(await lossOnRandomTokens(control, 200)).toBeLessThan(UNIFORM - 0.1);
  });
});

function shapeOfLogits(model: LanguageModel, [batch, time]: readonly [number, number]): number[] {
  return scope(() => model.forward(randomIds(batch, time), { training: false }).shape);
}
