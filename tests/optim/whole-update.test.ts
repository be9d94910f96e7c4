import { describe, expect, test } from '@jest/globals';
import { AdamW, EMA, Muon, SGD, ScheduleFreeAdamW } from '../../lib/optim/index.js';
import type { Optimizer } from '../../lib/optim/index.js';
import { Generator, Scope, memory, noGrad, program, randn, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';

const shapes = [[8, 8], [8, 8], [16, 4], [40], [3, 5]];

/** Matrices by Muon where it is that, all else in a second group. */
function groupsOf(parameters: readonly Tensor[]) {
  const named = (wanted: (shape: readonly number[]) => boolean) =>
    Object.fromEntries(parameters.flatMap((value, i) => (wanted(value.shape) ? [[`p${i}`, value]] : [])));
  return { matrices: named((shape) => shape.length === 2), vectors: named((shape) => shape.length !== 2) };
}

const twoGroups = (parameters: readonly Tensor[]) => {
  const { matrices, vectors } = groupsOf(parameters);
  return [{ parameters: matrices, weightDecay: 0.1 }, { parameters: vectors }];
};

const optimizers: Record<string, (parameters: readonly Tensor[]) => Optimizer> = {
  AdamW: (parameters) => new AdamW(twoGroups(parameters)),
  SGD: (parameters) => new SGD(twoGroups(parameters), { learningRate: 0.1, momentum: 0.9 }),
  Muon: (parameters) => {
    const { matrices, vectors } = groupsOf(parameters);
    return new Muon([{ parameters: matrices, useMuon: true }, { parameters: vectors }]);
  },
  ScheduleFreeAdamW: (parameters) => new ScheduleFreeAdamW(twoGroups(parameters), { weightDecay: 0.1 }),
};

/** Parameters with gradients, always the same, and an optimizer of them. */
function makeCase(work: Scope, make: (parameters: readonly Tensor[]) => Optimizer) {
  const generator = new Generator(7);
  const draw = (shape: number[]) => work.own(randn(shape, { generator }));
  const parameters = shapes.map((shape) => draw(shape).requiresGrad_());
  for (const parameter of parameters) parameter.grad = draw(parameter.shape);
  generator.dispose();
  return { parameters, optimizer: make(parameters) };
}

const read = (tensors: readonly Tensor[]): unknown[] => tensors.map((value) => value.tolist());

/** Lets work run out of memory at each of its allocations that reaches a new peak; the last attempt succeeds. */
async function failEverywhere(work: () => Promise<void>, onFailure: () => void): Promise<number> {
  let room = 0;
  for (let failures = 0; ; failures++) {
    memory.setLimit(memory.stats().allocatedBytes + room);
    try {
      await work();
      return failures;
    } catch (error) {
      const [, wanted, left] = /(\d+) bytes are wanted and (\d+) are left/.exec(String(error)) ?? [];
      if (wanted === undefined) throw error;
      room += Number(wanted) - Number(left);
    } finally {
      memory.setLimit(Infinity);
    }
    onFailure();
  }
}

describe('an update that runs out of memory anywhere changes nothing, and all once there is enough', () => {
  const names = Object.keys(optimizers);
  const kinds = names.flatMap((name) =>
    [true, false].flatMap((clips) => [true, false].map((skips) => ({ name, clips, skips }))),
  );
  test.each(kinds)('$name, clipped $clips, with a skip $skips', async ({ name, clips, skips }) => {
    using work = new Scope();
    const [meant, tried] = [makeCase(work, optimizers[name]!), makeCase(work, optimizers[name]!)];
    const options = {
      gradientDivisor: clips ? work.own(tensor(2)) : undefined,
      skip: skips ? work.own(tensor(0)) : undefined,
    };
    const state = ({ parameters, optimizer }: typeof tried) =>
      read([...parameters, ...Object.values(optimizer.stateDict()), ...parameters.map(({ grad }) => work.own(grad!))]);
    using step = program(() => tried.optimizer.step(options));
    for (let round = 0; round < 3; round++) {
      meant.optimizer.step(options);
      const before = state(tried);
      const failures = await failEverywhere(
        () => step.run(),
        () => expect(state(tried)).toEqual(before),
      );
      expect(state(tried)).not.toEqual(before);
      expect(state(tried)).toEqual(state(meant));
      if (name === 'Muon' || name === 'ScheduleFreeAdamW') expect(failures).toBeGreaterThan(3);
    }
    for (const { optimizer } of [meant, tried]) optimizer.dispose();
  });

  test('an average of weights', async () => {
    using work = new Scope();
    const parameters = shapes.map((shape) => work.own(randn(shape)));
    const named = Object.fromEntries(parameters.map((value, i) => [`p${i}`, value]));
    const ema = new EMA(named, { decay: 0.5 });
    noGrad(() => parameters.forEach((value) => void value.add_(1)));
    const before = read(Object.values(ema.stateDict()));
    const failures = await failEverywhere(
      () => Promise.resolve().then(() => ema.update()),
      () => expect(read(Object.values(ema.stateDict()))).toEqual(before),
    );
    expect(failures).toBeGreaterThan(3);
    expect(read(Object.values(ema.stateDict()))).not.toEqual(before);
    ema.dispose();
  });
});
