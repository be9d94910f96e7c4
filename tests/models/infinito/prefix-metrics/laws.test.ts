import { describe, expect, test } from '@jest/globals';
import {
  createPrefixMetricsState,
  computePrefixMetrics,
} from '../../../../lib/models/infinito/prefix-metrics/prefix-metrics.js';
import { combinePhi } from '../../../../lib/models/infinito/prefix-metrics/phi.js';
import { countPrefix } from '../../../../lib/models/infinito/prefix-metrics/prefix-place.js';
import { cat, gradCheck, ones, randn, stack, tensor, withAutocast, zeros } from '../../../../lib/tensor/index.js';
import type { Tensor } from '../../../../lib/tensor/index.js';
import { freedAfterEach } from '../../../helpers/freed.js';
import { B, C, H, M, T, cut, distance, drawInputs, metrics, placeAll } from './inputs.js';
import type { Inputs } from './inputs.js';

freedAfterEach();

const newState = (every = 1, batch = B) =>
  createPrefixMetricsState({ batch, width: C, projected: M, segment: 24, every, dtype: 'float64', device: 'cpu' });

const spacing = (name: string): number => (name === 'integration every 4' ? 4 : 1);

/** The passes of some lengths one after the other. */
function passInParts(name: string, inputs: Inputs, lengths: readonly number[]): Tensor {
  let state: object = newState(spacing(name));
  let from = 0;
  const parts = lengths.map((length) => {
    const before = zeros([B], { dtype: 'int64' }).add(from);
    const place = { lengths: countPrefix([B, length], 'cpu', undefined, before) };
    const part = metrics[name]!(cut(inputs, from, length), place, state);
    state = { ...state, ...part.state };
    from += length;
    return part.values;
  });
  return cat(parts, 1);
}

/** The inputs with padding before and after the rows: `start` columns and `end` columns of what must not matter. */
function pad({ hidden, entropies, projection }: Inputs, start: number, end: number): Inputs {
  const noise = (...shape: number[]): Tensor => randn(shape, { dtype: 'float64' }).mul(1e3);
  return {
    hidden: cat([noise(B, start, C), hidden, noise(B, end, C)], 1),
    entropies: cat([noise(B, H, start), entropies, noise(B, H, end)], 2),
    projection,
  };
}

const maskOf = (start: number, length: number, end: number): Tensor =>
  cat([zeros([B, start]), ones([B, length]), zeros([B, end])], 1).to('bool');

describe.each(Object.keys(metrics))('%s', (name) => {
  const metric = metrics[name]!;

  test('reads no later position: bit-equal before what changes', () => {
    const inputs = drawInputs();
    const values = metric(inputs, placeAll()).values;
    for (let t = 0; t < T - 1; t++) {
      const changed = {
        ...inputs,
        hidden: cat([inputs.hidden.narrow(1, 0, t + 1), inputs.hidden.narrow(1, t + 1, T - t - 1).mul(-9)], 1),
        entropies: cat([inputs.entropies.narrow(2, 0, t + 1), inputs.entropies.narrow(2, t + 1, T - t - 1).add(5)], 2),
      };
      const after = metric(changed, placeAll()).values;
      expect(after.narrow(1, 0, t + 1).equal(values.narrow(1, 0, t + 1))).toBe(true);
    }
  });

  test('has no gradient at later positions, and one at its own', () => {
    const inputs = drawInputs();
    const t = 11;
    const [hidden, entropies] = [inputs.hidden.requiresGrad_(), inputs.entropies.requiresGrad_()];
    metric({ ...inputs, hidden, entropies }, placeAll())
      .values.select(1, t)
      .sum()
      .backward();
    const source = name === 'attention entropy' ? entropies.grad!.transpose(1, 2) : hidden.grad!;
    expect(
      source
        .narrow(1, t + 1, T - t - 1)
        .abs()
        .max()
        .item(),
    ).toBe(0);
    expect(
      source
        .narrow(1, 0, t + 1)
        .abs()
        .max()
        .item(),
    ).toBeGreaterThan(0);
  });

  test.each([[Array<number>(T).fill(1)], [[1, 4, 7, 7]], [[8, 8, 3]]])('in passes of %j as in one', (lengths) => {
    const inputs = drawInputs();
    expect(distance(passInParts(name, inputs, lengths), metric(inputs, placeAll()).values)).toBeLessThan(1e-10);
  });

  test.each([
    [0, 4],
    [3, 0],
    [2, 5],
  ])('padding of %i before and %i after changes nothing', (start, end) => {
    const inputs = drawInputs();
    const mask = maskOf(start, T, end);
    const place = { lengths: countPrefix([B, start + T + end], 'cpu', mask), mask };
    const state = newState(spacing(name));
    const padded = metric(pad(inputs, start, end), place, state);
    const whole = metric(inputs, placeAll(), state);
    // A matrix product may round a row otherwise where it stands elsewhere or among more rows, as MKL's do.
    const most = 1e-13;
    expect(distance(padded.values.narrow(1, start, T), whole.values)).toBeLessThanOrEqual(most);
    if (end > 0) {
      const last = whole.values.narrow(1, T - 1, 1);
      expect(distance(padded.values.narrow(1, start + T, 1), last)).toBeLessThanOrEqual(most);
    }
    for (const [key, value] of Object.entries(whole.state)) {
      expect(distance((padded.state as Record<string, Tensor>)[key]!, value)).toBeLessThanOrEqual(most * 100);
    }
  });

  test('rows of different lengths go on each at its own place', () => {
    const inputs = drawInputs();
    const spans = [2, 7, 5];
    const mask = stack(spans.map((n) => cat([ones([n]), zeros([7 - n])], 0))).to('bool');
    const first = metric(
      cut(inputs, 0, 7),
      { lengths: countPrefix([B, 7], 'cpu', mask), mask },
      newState(spacing(name)),
    );
    const next = (x: Tensor, dim: number): Tensor =>
      stack(
        spans.map((n, row) => x.select(0, row).narrow(dim, n, 6)),
        0,
      );
    const later = { ...inputs, hidden: next(inputs.hidden, 0), entropies: next(inputs.entropies, 1) };
    const before = tensor(spans, { dtype: 'int64' });
    const place = { lengths: countPrefix([B, 6], 'cpu', undefined, before) };
    const values = metric(later, place, { ...newState(spacing(name)), ...first.state }).values;
    const whole = metric(inputs, placeAll()).values;
    for (const [row, n] of spans.entries()) {
      expect(distance(values.select(0, row), whole.select(0, row).narrow(0, n, 6))).toBeLessThan(1e-10);
    }
  });

  test('a row depends on no other row', () => {
    const inputs = drawInputs();
    const others = { ...inputs, hidden: inputs.hidden.clone(), entropies: inputs.entropies.clone() };
    others.hidden.narrow(0, 1, 2).mul_(-3);
    others.entropies.narrow(0, 1, 2).mul_(2);
    const [a, b] = [inputs, others].map((each) => metric(each, placeAll()).values.select(0, 0));
    expect(a!.equal(b!)).toBe(true);
  });

  test('gradients equal finite differences', () => {
    const { hidden, entropies, projection } = drawInputs('float64', 6);
    const compute = (x: Tensor, e: Tensor): Tensor =>
      metric({ hidden: x, entropies: e, projection }, placeAll(6, 1)).values;
    const row = (x: Tensor): Tensor => x.narrow(0, 0, 1).clone().requiresGrad_();
    const report = gradCheck(compute, [row(hidden), row(entropies)]);
    expect(report.checked).toBeGreaterThan(0);
    expect(report.maxError).toBeLessThan(1e-6);
  });
});

test('a row that starts a new segment with a state of zeros forgets the one before', () => {
  const inputs = drawInputs();
  const after = computePrefixMetrics({ ...inputs, place: placeAll(), every: 1, state: newState() });
  const keep = tensor([1, 0, 1], { dtype: 'float64' });
  const reset = Object.fromEntries(
    Object.entries(after.state).map(([name, x]) => [name, x.mul(keep.reshape(B, ...x.shape.slice(1).map(() => 1)))]),
  ) as typeof after.state;
  const before = tensor([T, 0, T], { dtype: 'int64' });
  const place = { lengths: countPrefix([B, 5], 'cpu', undefined, before) };
  const again = computePrefixMetrics({ ...cut(inputs, 4, 5), place, every: 1, state: reset });
  const fresh = computePrefixMetrics({ ...cut(inputs, 4, 5), place: placeAll(5), every: 1 });
  expect(again.components.select(0, 1).equal(fresh.components.select(0, 1))).toBe(true);
  expect(again.components.select(0, 0).equal(fresh.components.select(0, 0))).toBe(false);
});

test('the four components stand side by side and give phi', () => {
  const inputs = drawInputs();
  const { components } = computePrefixMetrics({ ...inputs, place: { ...placeAll(), at: [7, 15] }, every: 4 });
  expect(components.shape).toEqual([B, 2, 4]);
  const names = ['temporal coherence', 'integration every 4', 'participation', 'attention entropy'];
  for (const [i, name] of names.entries()) {
    const values = metrics[name]!(inputs, { ...placeAll(), at: [7, 15] }).values;
    expect(components.select(2, i).equal(values)).toBe(true);
  }
  const logits = tensor([0, 0, 0, 0], { dtype: 'float64' });
  expect(distance(combinePhi(components, logits), components.mean(-1))).toBeLessThan(1e-14);
});

test('is in float32 under autocast and for bfloat16 states', () => {
  const { hidden, entropies, projection } = drawInputs('float32');
  const inputs = { hidden, entropies, projection, place: placeAll(), every: 1 };
  const plain = computePrefixMetrics(inputs).components;
  const cast = withAutocast('bfloat16', () => computePrefixMetrics(inputs).components);
  expect(cast.equal(plain)).toBe(true);
  const short = computePrefixMetrics({ ...inputs, hidden: hidden.to('bfloat16') }).components;
  expect(short.dtype).toBe('float32');
  expect(distance(short, plain)).toBeLessThan(0.02);
});
