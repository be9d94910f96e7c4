import { expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { ExplorationNoise } from '../../../lib/models/infinito/exploration-noise.js';
import { Infinito } from '../../../lib/models/index.js';
import type { InfinitoOptions } from '../../../lib/models/index.js';
import { manualSeed, noGrad, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { randomIds, sizes } from '../../conformance/language-model.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const small = { vocabSize: sizes.vocabSize, segmentLength: 4, width: 16, layers: 2, heads: 4 } as const;

function build(seed: number, noise: InfinitoOptions['noise']): Infinito {
  manualSeed(seed);
  return new Infinito({ ...small, dropout: 0.2, memory: { type: 'none' }, noise });
}

function forward(model: Infinito, training: boolean): Tensor {
  manualSeed(5);
  return noGrad(() => model.forward(randomIds(2, 4, new Random(4)), { training }));
}

test('is in training alone, another in each pass, and seeded with the weights', () => {
  const [quiet, noisy, other] = [build(3, { type: 'none' }), build(3, { type: 'fixed' }), build(4, { type: 'fixed' })];
  expect(forward(quiet, false).equal(forward(noisy, false))).toBe(true);
  expect(forward(quiet, true).equal(forward(noisy, true))).toBe(false);
  expect(forward(noisy, true).equal(forward(noisy, true))).toBe(false);
  expect(noisy.namedBuffers()['noise.passes']!.item()).toBe(3);
  expect(noisy.namedBuffers()['noise.seed']!.item()).not.toBe(other.namedBuffers()['noise.seed']!.item());
});

test('has a stream of its own: dropout draws the same numbers with and without it', () => {
  const [quiet, noisy] = [build(3, { type: 'none' }), build(3, { type: 'fixed', scale: 1e-7 })];
  expect(forward(quiet, true).allclose(forward(noisy, true), { rtol: 0, atol: 1e-5 })).toBe(true);
});

test('a pass that is made again after a resume has the same noise', () => {
  const noisy = build(3, { type: 'fixed' });
  forward(noisy, true);
  const saved = Object.fromEntries(Object.entries(noisy.stateDict()).map(([name, value]) => [name, value.clone()]));
  const next = forward(noisy, true);
  const resumed = build(9, { type: 'fixed' });
  resumed.loadStateDict(saved);
  expect(forward(resumed, true).equal(next)).toBe(true);
});

test('is normal, and another at each place', () => {
  const noise = new ExplorationNoise({ type: 'fixed', scale: 1 });
  const x = zeros([1, 100, 501]);
  const [first, second] = [0, 1].map((place) => noise.forward(x, place)) as [Tensor, Tensor];
  for (const drawn of [first, second]) {
    // Four standard errors of 50,100 draws.
    expect(Math.abs(drawn.mean().item())).toBeLessThan(4 / Math.sqrt(50_100));
    expect(Math.abs(drawn.square().mean().item() - 1)).toBeLessThan(4 * Math.sqrt(2 / 50_100));
    expect(Math.abs(drawn.square().square().mean().item() - 3)).toBeLessThan(4 * Math.sqrt(96 / 50_100));
  }
  expect(Math.abs(first.mul(second).mean().item())).toBeLessThan(4 / Math.sqrt(50_100));
  const neighbours = first
    .narrow(2, 1, 500)
    .mul(first.narrow(2, 0, 500))
    .mean();
  expect(Math.abs(neighbours.item())).toBeLessThan(4 / Math.sqrt(50_000));
});

test('its scale falls along a cosine and stays, or is learned', () => {
  const falling = new ExplorationNoise({ type: 'cosine', from: 0.3, to: 0.05, passes: 4 });
  const scales = Array.from({ length: 6 }, () => {
    const scale = falling.readScale().item();
    falling.count();
    return scale;
  });
  const half = (0.3 - 0.05) / 2;
  const expected = [0, 1, 2, 3, 4, 4].map((i) => 0.05 + half * (1 + Math.cos((Math.PI * i) / 4)));
  for (const [i, scale] of scales.entries()) expect(scale).toBeCloseTo(expected[i]!, 6);
  const learned = new ExplorationNoise({ type: 'learned', scale: 0.2 });
  learned
    .forward(zeros([1, 2, 4]), 0)
    .square()
    .sum()
    .backward();
  expect(learned.scale!.grad!.item()).toBeGreaterThan(0);
});
