import { describe, expect, test } from '@jest/globals';
import { AdamW, Muon, SGD, ScheduleFreeAdamW } from '../../lib/optim/index.js';
import type { Optimizer, ParameterGroup, UpdateOptions } from '../../lib/optim/index.js';
import { Generator, full, memory, ones, program, randn, scope, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

type Make = (groups: ParameterGroup[]) => Optimizer;

const optimizers: Record<string, Make> = {
  AdamW: (groups) => new AdamW(groups, { weightDecay: 0.1 }),
  SGD: (groups) => new SGD(groups, { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  Muon: (groups) => new Muon(groups),
  'Muon in bfloat16': (groups) => new Muon(groups, { precision: 'bfloat16', scale: 'original', nesterov: false }),
  ScheduleFreeAdamW: (groups) => new ScheduleFreeAdamW(groups, { weightDecay: 0.1 }),
};

const shapes = { tall: [5, 3], wide: [3, 5], alike: [5, 3], vector: [4] };

/** Weights with a negative zero among them, and the groups that they stand in. */
function newWeights(): { weights: Record<string, Tensor>; groups: ParameterGroup[] } {
  using generator = new Generator(5);
  const drawn = Object.entries(shapes).map(([name, shape]): [string, Tensor] => [name, randn(shape, { generator })]);
  const weights = Object.fromEntries(drawn.map(([name, w]) => [name, w.keep().requiresGrad_()]));
  weights.tall!.detach().select(0, 1).fill_(-0);
  const { tall, wide, alike, vector } = weights as Record<keyof typeof shapes, Tensor>;
  const matrices = { parameters: { tall, wide, alike }, useMuon: true };
  return { weights, groups: [matrices, { parameters: { vector }, weightDecay: 0 }] };
}

/** Gradients of step `index`, times a factor. */
function setGradients(weights: Record<string, Tensor>, index: number, factor = 1): void {
  using generator = new Generator(index);
  for (const weight of Object.values(weights)) weight.grad = randn(weight.shape, { generator }).mul(factor);
}

function bits(tensors: Record<string, Tensor>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, x]) => [
      name,
      Buffer.from(new Float64Array(x.to('float64').data() as Float64Array).buffer).toString('hex'),
    ]),
  );
}

/** Everything that an update may change. */
function snapshot(optimizer: Optimizer, weights: Record<string, Tensor>): Record<string, string> {
  return scope(() => bits({ ...weights, ...optimizer.stateDict() }));
}

function steps(optimizer: Optimizer, weights: Record<string, Tensor>, from: number, to: number): void {
  for (let index = from; index < to; index++) {
    scope(() => {
      setGradients(weights, index);
      optimizer.step();
    });
  }
}

describe.each(Object.entries(optimizers))('%s', (_, make) => {
  const start = () => {
    const { weights, groups } = newWeights();
    return { weights, optimizer: make(groups) };
  };

  test('minimises a sum of squares', () => {
    const { weights, optimizer } = start();
    const loss = () =>
      Object.values(weights)
        .map((w) => w.sub(1).square().sum())
        .reduce((sum, part) => sum.add(part));
    const before = Number(loss().item());
    for (let index = 0; index < 200; index++) {
      optimizer.learningRate = 0.1 * (1 - index / 200);
      optimizer.zeroGrad();
      loss().backward();
      optimizer.step();
    }
    expect(Number(loss().item())).toBeLessThan(0.2 * before);
  });

  test('leaves weights and state byte by byte as they are where told to skip, whatever the gradients are', () => {
    const { weights, optimizer } = start();
    steps(optimizer, weights, 0, 3);
    const before = snapshot(optimizer, weights);
    for (const value of [NaN, Infinity, 1]) {
      for (const weight of Object.values(weights)) weight.grad = full(weight.shape, value);
      optimizer.step({ skip: ones([]), gradientDivisor: tensor(NaN) });
      expect(snapshot(optimizer, weights)).toEqual(before);
    }
    setGradients(weights, 4);
    optimizer.step({ skip: zeros([]) });
    expect(snapshot(optimizer, weights)).not.toEqual(before);
  });

  test('a skip of 0 and a divisor of 1 change nothing', () => {
    const [plain, told] = [start(), start()];
    steps(plain.optimizer, plain.weights, 0, 3);
    for (let index = 0; index < 3; index++) {
      setGradients(told.weights, index);
      told.optimizer.step({ skip: zeros([]), gradientDivisor: ones([]) });
    }
    expect(snapshot(told.optimizer, told.weights)).toEqual(snapshot(plain.optimizer, plain.weights));
  });

  test('divides gradients by the divisor, and they stay so', () => {
    const [plain, divided] = [start(), start()];
    steps(plain.optimizer, plain.weights, 0, 2);
    for (let index = 0; index < 2; index++) {
      setGradients(divided.weights, index, 4);
      divided.optimizer.step({ gradientDivisor: tensor(4) });
      for (const [name, { grad }] of Object.entries(divided.weights)) {
        if (index === 1) expect(bits({ grad: grad! })).toEqual(bits({ grad: plain.weights[name]!.grad! }));
      }
    }
    expect(snapshot(divided.optimizer, divided.weights)).toEqual(snapshot(plain.optimizer, plain.weights));
  });

  test('a recorded step does the same, bit by bit, with every option', async () => {
    const [eager, recorded] = [start(), start()];
    const names = Object.keys(shapes);
    const step = program((gradientDivisor: Tensor, skip: Tensor, ...gradients: Tensor[]) => {
      names.forEach((name, i) => (recorded.weights[name]!.grad = gradients[i]!.clone()));
      recorded.optimizer.step({ gradientDivisor, skip });
    });
    for (let index = 0; index < 6; index++) {
      setGradients(eager.weights, index);
      const options = { gradientDivisor: tensor(1 + index), skip: tensor(index % 3 === 1 ? 1 : 0) };
      const gradients = names.map((name) => eager.weights[name]!.grad!.clone());
      const rate = 0.01 / (1 + index);
      eager.optimizer.learningRate = rate;
      recorded.optimizer.learningRate = rate;
      eager.optimizer.step(options satisfies UpdateOptions);
      await step.run(options.gradientDivisor, options.skip, ...gradients);
      expect(snapshot(recorded.optimizer, recorded.weights)).toEqual(snapshot(eager.optimizer, eager.weights));
    }
  });

  test.each([0, 1, 4])('goes on bit by bit after a resume at step %i', (cut) => {
    const [whole, first, second] = [start(), start(), start()];
    steps(whole.optimizer, whole.weights, 0, 6);
    steps(first.optimizer, first.weights, 0, cut);
    for (const weight of Object.values(second.weights)) weight.detach().fill_(7);
    for (const [name, weight] of Object.entries(second.weights)) weight.detach().copy_(first.weights[name]!.detach());
    second.optimizer.loadStateDict(first.optimizer.stateDict());
    steps(second.optimizer, second.weights, cut, 6);
    expect(snapshot(second.optimizer, second.weights)).toEqual(snapshot(whole.optimizer, whole.weights));
  });

  test('an eager step leaves no tensor behind, and dispose frees all but the parameters', () => {
    const { weights, groups } = newWeights();
    const before = memory.stats().liveSlots;
    const optimizer = make(groups);
    scope(() => {
      setGradients(weights, 1);
      const held = memory.stats().liveSlots;
      optimizer.step({ gradientDivisor: ones([]), skip: zeros([]) });
      expect(memory.stats().liveSlots).toBe(held + 2); // the divisor and the skip
    });
    optimizer.dispose();
    expect(memory.stats().liveSlots).toBe(before);
  });

  test('leaves parameters without a gradient alone', () => {
    const { weights, optimizer } = start();
    steps(optimizer, weights, 0, 2);
    const before = bits(weights);
    setGradients(weights, 3);
    weights.wide!.grad = undefined;
    optimizer.step();
    expect(bits(weights).wide).toEqual(before.wide);
    expect(bits(weights).tall).not.toEqual(before.tall);
  });

  test('refuses the state of another', () => {
    const { optimizer } = start();
    expect(() => {
      optimizer.loadStateDict({ 'tall.other': zeros([5, 3]) });
    }).toThrow(/PAL_CHECKPOINT.*tall\.other is not part/);
  });
});
