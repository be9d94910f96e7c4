import { describe, expect, test } from '@jest/globals';
import { GradientNoise } from '../../lib/optim/index.js';
import { manualSeed, memory, program, randn, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const values = (x: Tensor) => [...(x.data() as Float32Array)];
const parameters = (size: number) => {
  const w = zeros([size]).requiresGrad_();
  w.grad = zeros([size]);
  return [w, zeros([2]).requiresGrad_()];
};

describe('GradientNoise', () => {
  test('the variance falls as η / (1 + t)^γ', () => {
    const noise = new GradientNoise({ variance: 0.3, decay: 2, seed: 1 });
    for (const expected of [0.3, 0.3 / 4, 0.3 / 9]) {
      const [w] = parameters(40_000);
      noise.apply([w!]);
      const variance = Number(w!.grad!.square().mean().item());
      expect(variance / expected).toBeGreaterThan(0.97);
      expect(variance / expected).toBeLessThan(1.03);
      expect(Math.abs(Number(w!.grad!.mean().item()))).toBeLessThan(0.02);
    }
  });

  test('is added to gradients, leaves others alone, and draws from its own stream', () => {
    manualSeed(1);
    const before = values(randn([3]));
    manualSeed(1);
    const [w, without] = parameters(3);
    w!.grad = tensor([1e6, 1e6, 1e6]);
    new GradientNoise().apply([w!, without!]);
    expect(values(w!.grad).every((value) => Math.abs(value - 1e6) < 10)).toBe(true);
    expect(without!.grad).toBeUndefined();
    expect(values(randn([3]))).toEqual(before);
  });

  test('leaves no tensor behind', () => {
    const all = parameters(3);
    const noise = new GradientNoise();
    const before = memory.stats().liveSlots;
    noise.apply(all);
    expect(memory.stats().liveSlots).toBe(before);
    noise.dispose();
    expect(memory.stats().liveSlots).toBe(before - 1);
  });

  test('recorded or eager, resumed or not, the noise is the same bit by bit', async () => {
    const make = () => new GradientNoise({ seed: 3 });
    const [eager, recorded, resumed] = [make(), make(), new GradientNoise({ seed: 4 })];
    const step = program((gradient: Tensor) => {
      const w = zeros([5]).requiresGrad_();
      w.grad = gradient.clone();
      recorded.apply([w]);
      return w.grad;
    });
    const applied = (noise: GradientNoise) => {
      const [w] = parameters(5);
      noise.apply([w!]);
      return values(w!.grad!);
    };
    for (let index = 0; index < 5; index++) {
      if (index === 2) resumed.loadStateDict(eager.stateDict());
      const expected = applied(eager);
      expect(values(await step.run(zeros([5])))).toEqual(expected);
      if (index >= 2) expect(applied(resumed)).toEqual(expected);
    }
    expect(() => resumed.loadStateDict({})).toThrow(/PAL_CHECKPOINT.*generator is missing/);
  });
});
