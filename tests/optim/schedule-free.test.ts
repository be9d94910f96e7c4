import { expect, test } from '@jest/globals';
import { ScheduleFreeAdamW } from '../../lib/optim/index.js';
import { tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const setup = (options = {}) => {
  const w = tensor([1, -2]).requiresGrad_(true);
  const optimizer = new ScheduleFreeAdamW([{ parameters: { w } }], { learningRate: 0.1, ...options });
  const step = (...gradient: number[]) => {
    w.grad = tensor(gradient);
    optimizer.step();
  };
  return { w, optimizer, step };
};
const values = (x: Tensor) => [...(x.data() as Float32Array)];

test('two steps by hand', () => {
  const { w, optimizer, step } = setup({ betas: [0.8, 0.9], weightDecay: 0.5 });
  step(2, 2);
  // v = 0.1·4, γ = 0.1·√0.1: the first average is z itself, so y is as well.
  const first = 0.1 * Math.sqrt(0.1);
  const z = 1 - first * (2 / Math.sqrt(0.4) + 0.5);
  expect(w.select(0, 0).item()).toBeCloseTo(z, 6);
  step(-1, 2);
  const second = 0.1 * Math.sqrt(1 - 0.81);
  const next = z - second * (-1 / Math.sqrt(0.9 * 0.4 + 0.1) + 0.5 * z);
  const c = second ** 2 / (first ** 2 + second ** 2);
  const x = (1 - c) * z + c * next;
  expect(w.select(0, 0).item()).toBeCloseTo(0.2 * next + 0.8 * x, 6);
  expect(optimizer.stateDict()['w.average']!.select(0, 0).item()).toBeCloseTo(x, 6);
  expect(Object.keys(optimizer.stateDict()).sort()).toEqual([
    'groups[0].squaredRates',
    'groups[0].step',
    'w.average',
    'w.fast',
    'w.secondMoment',
  ]);
});

test('the average is swapped in and out bit by bit', () => {
  const { w, optimizer, step } = setup();
  for (let index = 0; index < 5; index++) step(1 / (1 + index), -0.3);
  const trained = values(w);
  optimizer.average.applyShadow();
  expect(values(w)).toEqual(values(optimizer.stateDict()['w.average']!));
  expect(values(w)).not.toEqual(trained);
  expect(() => step(1, 1)).toThrow(/ScheduleFreeAdamW\.step: expected the trained weights in place.*Restore/);
  expect(() => optimizer.average.applyShadow()).toThrow(/average\.applyShadow.*received their average/);
  optimizer.average.restore();
  expect(values(w)).toEqual(trained);
  expect(() => optimizer.average.restore()).toThrow(/average\.restore/);
});

test('a learning rate of 0 moves nothing', () => {
  const { w, optimizer, step } = setup();
  optimizer.learningRate = 0;
  step(1, 1);
  expect(values(w)).toEqual([1, -2]);
  optimizer.learningRate = 0.1;
  step(1, 1);
  expect(values(w)[0]).toBeLessThan(1);
});

test('refuses betas that leave no way', () => {
  expect(() => setup({ betas: [0, 0.9] })).toThrow(/betas\[0\]/);
  expect(() => setup({ betas: [0.9, 1] })).toThrow(/betas\[1\]/);
});
