import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Infinito, infinitoPresets } from '../../../lib/models/index.js';
import { cat, full, manualSeed, noGrad, scope } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import {
  concatDifference,
  replayedRaggedDifference,
  resetDifference,
  selectDifference,
} from '../../conformance/decode-state.js';
import {
  batchDifference,
  cachedDifference,
  difference,
  forkDifference,
  leakFromLaterTokens,
  randomIds,
  reservedDifference,
  sizes,
} from '../../conformance/language-model.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const ROUNDING = 1e-5;
const small = { vocabSize: sizes.vocabSize, width: 16, layers: 2, heads: 4, initStd: 0.1 } as const;
const slots = { type: 'slots', slots: 3, chunkLength: 2, topK: 2, threshold: 0.1 } as const;
const open = { type: 'dynamic', bias: 0 } as const;

/** Sizes whose sequences of 8 and more tokens run over the ends of segments. */
const variants: Readonly<Record<string, () => Infinito>> = {
  'without memory, segments of 3': () => new Infinito({ ...small, segmentLength: 3, memory: { type: 'none' } }),
  'without memory, segments of 4, learned positions': () =>
    new Infinito({ ...small, segmentLength: 4, positions: { type: 'learned' }, memory: { type: 'none' } }),
  'priority by phi': () => new Infinito({ ...small, segmentLength: 4, memory: { ...slots, gate: open } }),
  'priority by phi, soft writes, chunks of 3': () =>
    new Infinito({
      ...small,
      segmentLength: 3,
      memory: { ...slots, chunkLength: 3, gate: open, writeMode: 'soft', trackAccess: true },
    }),
  'priority by recency': () =>
    new Infinito({ ...small, segmentLength: 4, memory: { ...slots, gate: open, priority: { type: 'recency' } } }),
  'priority by chance, one chunk a token': () =>
    new Infinito({
      ...small,
      segmentLength: 2,
      memory: { ...slots, chunkLength: 1, gate: { type: 'static', bias: 0 }, priority: { type: 'random' } },
    }),
};

describe.each(Object.entries(variants))('%s', (_, make) => {
  let model: Infinito;

  beforeEach(() => {
    manualSeed(3);
    model = make();
  });

  afterEach(() => {
    model.dispose();
  });

  test('earlier logits do not change with a later token, other rows change nothing', () => {
    expect(leakFromLaterTokens(model).earlier).toBe(0);
    expect(batchDifference(model).otherRows).toBe(0);
  });

  test('in a training step, too, other rows change nothing', () => {
    const own = randomIds(1, 12);
    const read = (other: Tensor): Tensor => model.forward(cat([own, other]), { training: true }).narrow(0, 0, 1);
    // Statistics of phi move with each step: each of the two starts from the same.
    const [first, second] = scope(() =>
      [1, 2].map(() => {
        const saved = new Map(Object.entries(model.namedBuffers()).map(([name, value]) => [name, value.clone()]));
        const logits = noGrad(() => read(randomIds(1, 12)));
        noGrad(() => {
          for (const [name, value] of Object.entries(model.namedBuffers())) value.copy_(saved.get(name)!);
        });
        return logits.keep();
      }),
    );
    expect(difference(first!, second!)).toBe(0);
    first!.dispose();
    second!.dispose();
  });

  test.each([[[1, 1, 1, 1, 1, 1, 1, 1, 1]], [[5, 3, 4]], [[4, 4, 4]], [[2, 7]]])(
    'pieces %j equal one pass',
    (pieces) => {
      expect(cachedDifference(model, pieces)).toBeLessThan(ROUNDING);
    },
  );

  test('one pass, pieces and rows of different lengths agree in float64 to 1e-10', () => {
    model.to({ dtype: 'float64' });
    expect(cachedDifference(model, [2, 7, 1, 3])).toBeLessThan(1e-10);
    expect(concatDifference(model)).toBeLessThan(1e-10);
  });

  test('rows are chosen, joined, repeated, started anew and replayed', async () => {
    expect(selectDifference(model)).toBeLessThan(ROUNDING);
    expect(concatDifference(model)).toBeLessThan(ROUNDING);
    expect(forkDifference(model)).toBeLessThan(ROUNDING);
    expect(reservedDifference(model)).toBeLessThan(ROUNDING);
    expect(await replayedRaggedDifference(model)).toBeLessThan(ROUNDING);
    expect(await resetDifference(model)).toBeLessThan(ROUNDING);
  });
});

test.each(Object.entries(variants).filter(([name]) => !name.startsWith('without')))(
  '%s: what was read segments ago still counts, until the row starts anew',
  (_, make) => {
    manualSeed(3);
    const model = make();
    const [first, other, later] = [randomIds(1, 4), randomIds(1, 4), randomIds(1, 5)];
    const readAfter = (before: Tensor | undefined): Tensor =>
      noGrad(() => {
        const state = model.newState(1);
        model.forward(first, { training: false, state });
        if (before === undefined) state.reset([0]);
        else model.forward(before, { training: false, state });
        return model.forward(later, { training: false, state });
      });
    const known = readAfter(first);
    expect(difference(known, readAfter(other))).toBeGreaterThan(1e-4);
    expect(
      readAfter(undefined).equal(noGrad(() => model.forward(later, { training: false, state: model.newState(1) }))),
    ).toBe(true);
  },
);

test.each(
  (['soft', 'straightThrough'] as const).flatMap((writeMode) =>
    [1, 2].map((chunkLength) => ({ writeMode, chunkLength })),
  ),
)('states that are equal but for rounding: rows alone, beside others and token by token agree: %j', (written) => {
  manualSeed(3);
  const memory = { ...slots, gate: open, ...written };
  const model = new Infinito({ ...small, segmentLength: 4, memory }).to({ dtype: 'float64' });
  const [row, time] = [full([1, 12], 5, { dtype: 'int64' }), 12];
  const rows = cat([randomIds(1, time), row, randomIds(2, time)]);
  const read = (ids: Tensor, lengths: readonly number[]): Tensor =>
    noGrad(() => {
      const state = model.newState(ids.size(0));
      const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
      return cat(
        lengths.map((length, i) => model.forward(ids.narrow(1, starts[i]!, length), { training: false, state })),
        1,
      );
    });
  const whole = read(row, [time]);
  const ones = Array<number>(time).fill(1);
  for (const other of [read(row, ones), read(rows, [time]).narrow(0, 1, 1), read(rows, ones).narrow(0, 1, 1)])
    expect(difference(whole, other)).toBeLessThan(1e-12);
});

test('refuses heads that do not divide the width', () => {
  expect(() => new Infinito({ ...small, heads: 3 })).toThrow(/\[PAL_CONFIG\] .*heads/s);
});

test('has a preset for each size, and a baseline of the same size without memory', () => {
  const names = ['tiny', 'micro', 'small', 'medium', 'large', 'a', 'b'] as const;
  expect(Object.keys(infinitoPresets)).toEqual([...names, ...names.map((name) => `${name}-baseline`)]);
  for (const name of names)
    expect(infinitoPresets[`${name}-baseline`]).toEqual({ ...infinitoPresets[name], memory: { type: 'none' } });
});
