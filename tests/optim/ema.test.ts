import { describe, expect, test } from '@jest/globals';
import { EMA } from '../../lib/optim/index.js';
import { memory, ones, program, randn, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const values = (x: Tensor) => [...(x.data() as Float32Array)];
const setup = (decay = 0.999) => {
  const w = tensor([1, -2]).requiresGrad_(true);
  return { w, ema: new EMA({ w }, { decay }) };
};

describe('EMA', () => {
  test('e ← de + (1 − d)θ with d = min(decay, (1 + t) / (10 + t))', () => {
    const { w, ema } = setup(0.15);
    let expected = 1;
    for (const [t, weight] of [5, 7, 3, 3].entries()) {
      w.detach().fill_(weight);
      ema.update();
      const d = Math.min(0.15, (1 + t) / (10 + t));
      expected = d * expected + (1 - d) * weight;
      expect(ema.stateDict().w!.select(0, 0).item()).toBeCloseTo(expected, 5);
    }
    expect(ema.stateDict().updates!.item()).toBe(4);
  });

  test('is swapped in for an evaluation and out again, bit by bit', () => {
    const { w, ema } = setup();
    w.detach().copy_(tensor([0.1, -0]));
    ema.update();
    ema.applyShadow();
    expect(values(w)).toEqual(values(ema.stateDict().w!));
    expect(values(w)[0]).not.toBeCloseTo(0.1, 4);
    expect(() => ema.update()).toThrow(/EMA\.update: expected the trained weights/);
    expect(() => ema.applyShadow()).toThrow(/EMA\.applyShadow/);
    ema.restore();
    expect(values(w)).toEqual([Math.fround(0.1), -0]);
    expect(() => ema.restore()).toThrow(/EMA\.restore/);
    expect(w.requiresGrad).toBe(true);
  });

  test('a skipped update changes nothing', () => {
    const { w, ema } = setup();
    w.detach().fill_(NaN);
    ema.update({ skip: ones([]) });
    expect(values(ema.stateDict().w!)).toEqual([1, -2]);
    expect(ema.stateDict().updates!.item()).toBe(0);
  });

  test('a recorded update does the same, and goes on from a stored state', async () => {
    const [eager, recorded, resumed] = [setup(), setup(), setup()];
    const step = program((x: Tensor, skip: Tensor) => {
      recorded.w.detach().copy_(x);
      recorded.ema.update({ skip });
    });
    for (let index = 0; index < 6; index++) {
      const x = randn([2]);
      const skip = index === 2 ? ones([]) : zeros([]);
      for (const { w, ema } of [eager, resumed]) {
        w.detach().copy_(x);
        ema.update({ skip });
      }
      await step.run(x, skip);
      if (index !== 3) continue;
      resumed.ema.loadStateDict(recorded.ema.stateDict());
      expect(() => resumed.ema.loadStateDict({})).toThrow(/PAL_CHECKPOINT/);
    }
    for (const { ema } of [recorded, resumed])
      expect(values(ema.stateDict().w!)).toEqual(values(eager.ema.stateDict().w!));
  });

  test('leaves no tensor behind', () => {
    const { ema } = setup();
    const before = memory.stats().liveSlots;
    ema.update();
    ema.applyShadow();
    ema.restore();
    expect(memory.stats().liveSlots).toBe(before);
    ema.dispose();
    expect(memory.stats().liveSlots).toBe(before - 2);
  });

  test('refuses a decay of 1', () => {
    expect(() => setup(1)).toThrow(/decay/);
  });
});
