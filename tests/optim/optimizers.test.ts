import { describe, expect, test } from '@jest/globals';
import {
  AdamW,
  SGD,
  computeClipDivisor,
  clipGradNorm,
  createDecayGroups,
  computeGradNorm,
} from '../../lib/optim/index.js';
import { parameter } from '../../lib/nn/index.js';
import { ones, program, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const weights = (...values: number[]) => tensor(values).requiresGrad_(true);
const values = (x: Tensor) => [...(x.data() as Float32Array)];
const setGrad = (x: Tensor, ...gradient: number[]) => {
  x.grad = tensor(gradient);
};

describe('AdamW', () => {
  test('two steps by hand: θ ← θ − η·(m̂ / (√v̂ + eps) + λθ)', () => {
    const w = weights(1);
    const optimizer = new AdamW([{ parameters: { w } }], { learningRate: 0.1, betas: [0.8, 0.9], weightDecay: 0.5 });
    setGrad(w, 2);
    optimizer.step();
    // m̂ = 2, √v̂ = 2: the decayed weight moves by the whole learning rate.
    expect(w.item()).toBeCloseTo(0.95 - 0.1, 6);
    setGrad(w, -1);
    optimizer.step();
    const first = (0.8 * 0.4 - 0.2) / (1 - 0.8 ** 2);
    const second = (0.9 * 0.4 + 0.1) / (1 - 0.9 ** 2);
    expect(w.item()).toBeCloseTo(0.85 * 0.95 - (0.1 * first) / Math.sqrt(second), 6);
  });

  test('divides gradients by the divisor of a clip', () => {
    const [a, b] = [weights(1), weights(1)];
    const first = new AdamW([{ parameters: { a } }], { eps: 1 });
    const second = new AdamW([{ parameters: { b } }], { eps: 1 });
    setGrad(a, 8);
    setGrad(b, 2);
    first.step({ gradientDivisor: tensor(4) });
    second.step();
    expect(a.item()).toBe(b.item());
  });

  test('leaves weights and state alone where told to skip', () => {
    const w = weights(1, 2);
    const optimizer = new AdamW([{ parameters: { w } }]);
    setGrad(w, NaN, 1);
    optimizer.step({ skip: ones([]) });
    expect(values(w)).toEqual([1, 2]);
    const state = optimizer.stateDict();
    expect(Object.keys(state)).toEqual(['w.firstMoment', 'w.secondMoment', 'w.step']);
    for (const value of Object.values(state)) expect(Number(value.abs().sum().item())).toBe(0);
    setGrad(w, 1, 1);
    optimizer.step({ skip: zeros([]) });
    expect(state['w.step']!.item()).toBe(1);
    expect(values(w)[0]).toBeLessThan(1);
  });

  test('leaves parameters without a gradient alone', () => {
    const w = weights(3);
    new AdamW([{ parameters: { w } }], { weightDecay: 1 }).step();
    expect(w.item()).toBe(3);
  });

  test('groups have their own decay and rate', () => {
    const [a, b] = [weights(1), weights(1)];
    const groups = [
      { parameters: { a }, weightDecay: 0 },
      { parameters: { b }, weightDecay: 1, learningRateScale: 0.5 },
    ];
    const optimizer = new AdamW(groups, { learningRate: 0.1 });
    setGrad(a, 1);
    setGrad(b, 1);
    optimizer.step();
    expect(a.item()).toBeCloseTo(0.9, 6);
    expect(b.item()).toBeCloseTo(1 - 0.05 - 0.05, 6);
  });

  test('a recorded step follows the learning rate', async () => {
    const w = weights(0);
    const optimizer = new AdamW([{ parameters: { w } }], { learningRate: 0.1, weightDecay: 0 });
    const step = program((g: Tensor) => {
      w.grad = g;
      optimizer.step();
      return w.detach().clone();
    });
    const rates = [0.1, 0.1, 0.5, 0];
    const seen: number[] = [];
    for (const rate of rates) {
      optimizer.learningRate = rate;
      seen.push(Number((await step.run(tensor([1]))).item()));
    }
    for (const [i, expected] of [-0.1, -0.2, -0.7, -0.7].entries()) expect(seen[i]).toBeCloseTo(expected, 5);
    expect(optimizer.stateDict()['w.step']!.item()).toBe(4);
  });

  test('state moves to another optimizer, which goes on equally', () => {
    const [a, b] = [weights(1), weights(1)];
    const first = new AdamW([{ parameters: { w: a } }]);
    setGrad(a, 3);
    first.step();
    const second = new AdamW([{ parameters: { w: b } }]);
    b.detach().copy_(a.detach());
    second.loadStateDict(first.stateDict());
    setGrad(a, -1);
    setGrad(b, -1);
    first.step();
    second.step();
    expect(b.item()).toBe(a.item());
    expect(() => {
      second.loadStateDict({});
    }).toThrow(/\[PAL_CHECKPOINT\] AdamW\.loadStateDict.*w\.step is missing/);
  });

  test('refuses settings out of range and parameters named twice', () => {
    const w = weights(1);
    const group = { parameters: { w } };
    expect(() => new AdamW([group], { learningRate: -1 })).toThrow(/AdamW.*learningRate/);
    expect(() => new AdamW([group], { betas: [0.9, 1] })).toThrow(/betas/);
    expect(() => new AdamW([group, group])).toThrow(/w twice/);
    expect(() => new AdamW([])).toThrow(/no parameter/);
    expect(() => new AdamW([group, { parameters: { other: w } }])).toThrow(/exactly one group, received other twice/);
  });

  test.each([
    ['tensors', (w: Tensor) => [w]],
    ['a record', (w: Tensor) => ({ w })],
    ['a group of a list', (w: Tensor) => [{ parameters: [w] }]],
    ['a group of a tensor', (w: Tensor) => [{ parameters: w }]],
    ['nothing', () => undefined],
    ['a group of nothing', () => [{}]],
  ])('refuses %s in the place of groups, and says how they are made', (_, make) => {
    const made = () => new AdamW(make(weights(1)) as never);
    expect(made).toThrow(/\[PAL_ARGUMENT\] AdamW: expected a list of groups.*model\.namedParameters\(\)/);
  });

  test('refuses settings of a group that are unknown or out of range', () => {
    const parameters = { w: weights(1) };
    expect(() => new SGD([{ parameters, learningRate: 1 } as never], { learningRate: 1 })).toThrow(
      /SGD: expected known options in groups\[0\], received the unknown key "learningRate"/,
    );
    expect(() => new SGD([{ parameters, weightDecay: -1 }], { learningRate: 1 })).toThrow(/groups\[0\]\.weightDecay/);
  });
});

describe('SGD', () => {
  const run = (options: object, gradients: number[]) => {
    const w = weights(1);
    const optimizer = new SGD([{ parameters: { w } }], { learningRate: 0.1, ...options });
    for (const gradient of gradients) {
      setGrad(w, gradient);
      optimizer.step();
    }
    return Number(w.item());
  };

  test('plain: θ ← θ − ηg', () => {
    expect(run({}, [2, 1])).toBeCloseTo(1 - 0.2 - 0.1, 6);
  });

  test('momentum: b ← μb + g', () => {
    expect(run({ momentum: 0.5 }, [2, 1])).toBeCloseTo(1 - 0.2 - 0.1 * (0.5 * 2 + 1), 6);
  });

  test('nesterov: θ ← θ − η(g + μb)', () => {
    expect(run({ momentum: 0.5, nesterov: true }, [2])).toBeCloseTo(1 - 0.1 * (2 + 0.5 * 2), 6);
    expect(() => run({ nesterov: true }, [])).toThrow(/momentum above 0/);
  });

  test('weight decay: g + λθ', () => {
    expect(run({ weightDecay: 0.5 }, [2])).toBeCloseTo(1 - 0.1 * 2.5, 6);
  });
});

describe('clipping', () => {
  test('takes the norm over all gradients', () => {
    const [a, b] = [weights(0, 0), weights(0)];
    setGrad(a, 3, 0);
    setGrad(b, 4);
    expect(computeGradNorm([a, b]).item()).toBeCloseTo(5, 6);
    expect(clipGradNorm([a, b], 1).item()).toBeCloseTo(5, 6);
    expect(values(a.grad!)[0]).toBeCloseTo(0.6, 5);
    expect(b.grad!.item()).toBeCloseTo(0.8, 5);
  });

  test('leaves small gradients as they are', () => {
    const a = weights(0);
    setGrad(a, 0.5);
    clipGradNorm([a], 1);
    expect(a.grad!.item()).toBe(0.5);
    expect(computeClipDivisor(tensor(0), 1).item()).toBe(1);
    expect(() => computeClipDivisor(tensor(0), 0)).toThrow(/maxNorm/);
  });

  test('the norm of nothing is 0', () => {
    expect(computeGradNorm([weights(1)]).item()).toBe(0);
  });
});

describe('createDecayGroups', () => {
  test('decays matrices, not vectors', () => {
    const parameters = {
      w: parameter(zeros([2, 2]), { kind: 'matrix' }),
      b: parameter(zeros([2]), { kind: 'vector' }),
    };
    expect(createDecayGroups(parameters, 0.1)).toMatchObject([
      { parameters: { w: parameters.w }, weightDecay: 0.1 },
      { parameters: { b: parameters.b }, weightDecay: 0 },
    ]);
    expect(createDecayGroups({ b: parameters.b }, 0.1)).toHaveLength(1);
  });
});

test('a gradient for a weight that was frozen when the optimizer was made is an error that names it', () => {
  const weight = ones([2, 2]);
  const optimizer = new AdamW([{ parameters: { 'blocks.0.weight': weight } }]);
  weight.grad = ones([2, 2]);
  expect(() => optimizer.step()).toThrow(
    /\[PAL_ARGUMENT\] AdamW.step: .*blocks\.0\.weight, which was frozen then.*Unfreeze/s,
  );
  expect(values(weight)).toEqual([1, 1, 1, 1]);
  optimizer.dispose();
});
