import { describe, expect, test } from '@jest/globals';
import { computeRowEntropy } from '../../../../lib/models/infinito/prefix-metrics/attention-entropy.js';
import { computeHeadCoherence } from '../../../../lib/models/infinito/prefix-metrics/head-coherence.js';
import { combinePhi } from '../../../../lib/models/infinito/prefix-metrics/phi.js';
import { createProjection } from '../../../../lib/models/infinito/prefix-metrics/participation.js';
import { manualSeed, ones, randn, tensor } from '../../../../lib/tensor/index.js';
import type { Tensor } from '../../../../lib/tensor/index.js';
import { freedAfterEach } from '../../../helpers/freed.js';
import { B, C, H, T, drawInputs, metrics, placeAll } from './inputs.js';
import * as reference from './reference.js';

freedAfterEach();

type Rows = number[][];

const formulas: Record<string, (hidden: Rows, entropies: Rows, projection: Rows) => number> = {
  'temporal coherence': (hidden) => reference.temporalCoherence(hidden),
  'decayed coherence': (hidden) => reference.temporalCoherence(hidden, 0.7),
  integration: (hidden) => reference.integration(hidden),
  'integration every 4': (hidden) => reference.integration(hidden, 4),
  'integration every 3': (hidden) => reference.integration(hidden, 3),
  participation: (hidden, _, projection) => reference.participation(hidden, projection),
  'attention entropy': (_, entropies) => reference.attentionEntropy(entropies),
};

const list = (x: Tensor): unknown => x.tolist();

describe.each(Object.keys(metrics))('%s', (name) => {
  test('equals the formula at every prefix', () => {
    const inputs = drawInputs();
    const values = list(metrics[name]!(inputs, placeAll()).values) as Rows;
    const [hidden, entropies] = [list(inputs.hidden) as number[][][], list(inputs.entropies) as number[][][]];
    for (let b = 0; b < B; b++) {
      for (let t = 1; t <= T; t++) {
        const heads = entropies[b]!.map((head) => head.slice(0, t));
        const expected = formulas[name]!(hidden[b]!.slice(0, t), heads, list(inputs.projection) as Rows);
        expect(Math.abs(values[b]![t - 1]! - expected)).toBeLessThan(1e-12);
      }
    }
  });

  test('at wanted positions equals itself at all', () => {
    const inputs = drawInputs();
    const all = metrics[name]!(inputs, placeAll()).values;
    const at = [3, 7, 12];
    const some = metrics[name]!(inputs, { ...placeAll(), at }).values;
    expect(some.shape).toEqual([B, 3]);
    expect(
      some
        .sub(all.indexSelect(1, tensor(at, { dtype: 'int64' })))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-13);
  });

  test('is between 0 and 1, also where nothing varies or all is zero', () => {
    const inputs = drawInputs('float32');
    const shapes = [inputs.hidden, ones([B, T, C]).mul(3), inputs.hidden.mul(0), inputs.hidden.mul(1e-6).add(100)];
    for (const hidden of shapes) {
      const { values } = metrics[name]!({ ...inputs, hidden }, placeAll());
      expect(values.dtype).toBe('float32');
      expect(values.min().item()).toBeGreaterThanOrEqual(-1e-6);
      expect(values.max().item()).toBeLessThanOrEqual(1 + 1e-5);
    }
  });
});

test('starts: ½ where no pair, no fourth token, no second token; 1/M where nothing varies', () => {
  const inputs = drawInputs();
  const start = (name: string): number[] => (list(metrics[name]!(inputs, placeAll()).values) as Rows)[0]!;
  expect(start('temporal coherence')[0]).toBe(0.5);
  expect(start('integration').slice(0, 3)).toEqual([0.5, 0.5, 0.5]);
  expect(start('attention entropy')[0]).toBe(0.5);
  expect(start('participation')[0]).toBe(0.2);
});

test.each(['float32', 'float64'] as const)('equal states vary by nothing, whatever their rounding in %s', (dtype) => {
  const inputs = drawInputs(dtype);
  const rounding = { float32: 2 ** -23, float64: 2 ** -52 }[dtype];
  const equal = inputs.hidden.narrow(1, 0, 1).expand(B, T, C);
  for (const seed of [1, 2, 3]) {
    manualSeed(seed);
    const hidden = equal.mul(randn([B, T, C], { dtype }).mul(rounding).add(1));
    const measure = (name: string): Tensor =>
      metrics[name]!({ ...inputs, hidden }, placeAll()).values.narrow(1, 3, T - 3);
    expect(measure('integration').max().item()).toBeLessThan(1e-5);
    expect(measure('participation').sub(0.2).abs().max().item()).toBeLessThan(1e-5);
  }
});

test('integration is far from 1 where all states share a large mean', () => {
  const inputs = drawInputs();
  const shifted = { ...inputs, hidden: inputs.hidden.add(50) };
  const values = metrics.integration!(shifted, placeAll()).values;
  expect(values.sub(metrics.integration!(inputs, placeAll()).values).abs().max().item()).toBeLessThan(1e-10);
});

describe('coherence of heads', () => {
  test('equals the formula', () => {
    manualSeed(1);
    const weights = randn([B, 4, 6, 6], { dtype: 'float64' }).softmax(-1);
    const values = list(computeHeadCoherence(weights)) as Rows;
    const rows = list(weights) as number[][][][];
    for (let b = 0; b < B; b++) {
      for (let t = 0; t < 6; t++) {
        expect(values[b]![t]).toBeCloseTo(reference.headCoherence(rows[b]!.map((head) => head[t]!)), 12);
      }
    }
  });

  test('is 1 for equal heads and for one, 0 for heads that look elsewhere', () => {
    const apart = tensor([[[[1, 0]], [[0, 1]]]], { dtype: 'float64' });
    expect(computeHeadCoherence(apart).item()).toBeCloseTo(0, 12);
    expect(computeHeadCoherence(apart.narrow(1, 0, 1)).item()).toBe(1);
    expect(computeHeadCoherence(apart.narrow(1, 0, 1).expand(1, H, 1, 2)).item()).toBeCloseTo(1, 12);
  });
});

test('entropy of a row is in nats and 0 where one key has it all', () => {
  const rows = tensor([
    [0.25, 0.25, 0.25, 0.25],
    [1, 0, 0, 0],
  ]);
  const [even, single] = list(computeRowEntropy(rows)) as number[];
  expect(even).toBeCloseTo(Math.log(4), 6);
  expect(single).toBeCloseTo(0, 12);
});

test('phi is the mean that softmax weighs', () => {
  const components = tensor([[0.1, 0.2, 0.3, 0.4]], { dtype: 'float64' });
  const logits = tensor([0.3, 0.3, 0.2, 0.2], { dtype: 'float64' }).log();
  expect(combinePhi(components, logits).item()).toBeCloseTo(0.03 + 0.06 + 0.06 + 0.08, 12);
});

test('the projection is the same each time and keeps squared lengths in the mean', () => {
  const projection = createProjection(256);
  expect(projection.equal(createProjection(256))).toBe(true);
  expect(
    projection
      .abs()
      .sub(1 / 8)
      .abs()
      .max()
      .item(),
  ).toBeLessThan(1e-7);
  expect(Math.abs(projection.mean().item())).toBeLessThan(0.005);
});
