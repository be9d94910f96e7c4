import { describe, expect, test } from '@jest/globals';
import { AdamW, GradScaler, computeGradNorm } from '../../lib/optim/index.js';
import { full, ones, program, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

/** The reference rule, in plain numbers. */
function reference(overflows: readonly number[], interval: number): number[] {
  let [scale, streak] = [65_536, 0];
  return overflows.map((overflow) => {
    streak = overflow ? 0 : streak + 1;
    if (overflow) scale *= 0.5;
    if (streak === interval) {
      streak = 0;
      if (Number.isFinite(Math.fround(scale * 2))) scale *= 2;
    }
    return scale;
  });
}

describe('GradScaler', () => {
  test('by default halves at an overflow and doubles after 2000 updates without one', () => {
    const scaler = new GradScaler();
    const [fine, overflow] = [zeros([]), ones([])];
    scaler.update(overflow);
    expect(scaler.scale.item()).toBe(32_768);
    for (let index = 0; index < 1999; index++) scaler.update(fine);
    expect(scaler.scale.item()).toBe(32_768);
    scaler.update(fine);
    expect(scaler.scale.item()).toBe(65_536);
  });

  test('follows the reference, recorded in a program, and goes on from a stored state', async () => {
    const overflows = [0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1];
    const make = () => new GradScaler({ growthInterval: 3 });
    const [scaler, resumed] = [make(), make()];
    const update = program((overflow: Tensor) => {
      scaler.update(overflow);
      return scaler.scale.clone();
    });
    const expected = reference(overflows, 3);
    for (const [index, overflow] of overflows.entries()) {
      if (index === 5) resumed.loadStateDict(scaler.stateDict());
      expect((await update.run(tensor(overflow))).item()).toBe(expected[index]);
      if (index >= 5) resumed.update(tensor(overflow));
    }
    expect(resumed.scale.item()).toBe(expected.at(-1));
  });

  test('the scale stays finite', () => {
    const scaler = new GradScaler({ growthInterval: 1, initialScale: 2 ** 127 });
    scaler.update(zeros([]));
    expect(scaler.scale.item()).toBe(2 ** 127);
  });

  test('a recorded step with injected infinities trains as without them and backs off', async () => {
    const start = () => {
      const w = tensor([1, 2]).requiresGrad_(true);
      return { w, optimizer: new AdamW([{ parameters: { w } }], { learningRate: 0.1 }) };
    };
    const [scaled, plain] = [start(), start()];
    const scaler = new GradScaler({ growthInterval: 2 });
    const step = program((factor: Tensor) => {
      const { w, optimizer } = scaled;
      optimizer.zeroGrad();
      scaler.scaleLoss(w.square().sum().mul(factor)).backward();
      const skip = computeGradNorm([w]).isfinite().logicalNot().to('float32');
      optimizer.step({ gradientDivisor: scaler.scale, skip });
      scaler.update(skip);
    });
    for (const factor of [1, Infinity, 1, NaN, 1, 1]) {
      await step.run(full([], factor));
      if (!Number.isFinite(factor)) continue;
      plain.optimizer.zeroGrad();
      plain.w.square().sum().backward();
      plain.optimizer.step();
    }
    expect([...(scaled.w.data() as Float32Array)]).toEqual([...(plain.w.data() as Float32Array)]);
    expect(scaler.scale.item()).toBe((65_536 / 4) * 2);
  });

  test('refuses factors that go the wrong way', () => {
    expect(() => new GradScaler({ growthFactor: 1 })).toThrow(/growthFactor/);
    expect(() => new GradScaler({ backoffFactor: 1 })).toThrow(/backoffFactor/);
    expect(() => new GradScaler({ growthInterval: 0 })).toThrow(/growthInterval/);
  });
});
