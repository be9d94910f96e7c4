import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  Generator,
  Scope,
  backward,
  memory,
  noGrad,
  program,
  rand,
  randn,
  scope,
  tensor,
  withAutocast,
  withGenerator,
  zeros,
} from '../../../lib/tensor/index.js';
import type { Program, Tensor } from '../../../lib/tensor/index.js';

/** What a program does with one weight: each looks at it and goes by what it finds. */
const decisions: Record<string, (weight: Tensor, x: Tensor) => void> = {
  'clears a gradient that is there': (w) => void w.grad?.zero_(),
  'drops its gradient': (w) => void (w.grad = undefined),
  'trains it where it is trained': (w, x) => {
    if (w.requiresGrad) w.mul(x.sum()).sum().backward();
  },
  'adds to its gradient': (w, x) => {
    const loss = w.mul(x.sum()).square().sum();
    if (loss.requiresGrad) loss.backward();
  },
  'tries a backward pass': (w, x) => {
    try {
      backward(w.mul(x).sum());
    } catch {
      noGrad(() => w.add_(1));
    }
  },
  'follows its gradient': (w) => {
    if (w.grad) noGrad(() => w.sub_(w.grad!, { alpha: 0.5 }));
  },
  'goes by its strides': (w) => {
    noGrad(() => w.mul_(w.isContiguous ? 2 : 3));
  },
};

/** What is done to a weight between two runs. */
const changes: Record<string, (weight: Tensor) => void> = {
  freezes: (w) => void w.requiresGrad_(false),
  unfreezes: (w) => void w.requiresGrad_(true),
  'clears the gradient': (w) => void (w.grad = undefined),
  'gives a gradient': (w) => scope(() => void (w.grad = w.detach().mul(0).add(1))),
  nothing: () => undefined,
};

const step = fc.record({ decision: fc.constantFrom(...Object.keys(decisions)), weight: fc.nat(1) });
const change = fc.record({ change: fc.constantFrom(...Object.keys(changes)), weight: fc.nat(1), turned: fc.boolean() });

const plan = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  rounds: fc.array(fc.array(change, { maxLength: 2 }), { minLength: 2, maxLength: 5 }),
});

function makeWeights(work: Scope): Tensor[] {
  return [1, 2].map((value) =>
    work.own(
      tensor([
        [value, -value],
        [0.5, value],
      ]).requiresGrad_(),
    ),
  );
}

const read = (weights: Tensor[]): unknown =>
  weights.map((w) => scope(() => [w.tolist(), w.grad?.tolist() ?? 'none', w.requiresGrad]));

describe('a replay gives what the function gives', () => {
  test('whatever it decided on: gradients that are there, weights that are trained, errors that it caught', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async ({ steps, rounds }) => {
        using work = new Scope();
        const [eager, recorded] = [makeWeights(work), makeWeights(work)];
        const runOn = (weights: Tensor[]) => (x: Tensor) => {
          for (const { decision, weight } of steps) decisions[decision]!(weights[weight]!, x);
        };
        using p = program(runOn(recorded));
        for (const changed of rounds) {
          for (const weights of [eager, recorded])
            for (const { change: name, weight } of changed) changes[name]!(weights[weight]!);
          const x = work.own(tensor([1, 2]));
          scope(() => runOn(eager)(x));
          await p.run(x);
          expect(read(recorded)).toEqual(read(eager));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('where inputs lie otherwise in memory', async () => {
    using work = new Scope();
    const fn = (x: Tensor): Tensor => x.mul(x.isContiguous ? 2 : 3);
    using p = program(fn);
    const square = work.own(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    const turned = work.own(square.t());
    for (const x of [square, turned, square, turned])
      expect(work.own(await p.run(x)).tolist()).toEqual(scope(() => fn(x)).tolist());
    expect(p.graphs).toBe(2);
  });

  test('where a weight is gone and another one took its place', async () => {
    using work = new Scope();
    const layer = { weight: tensor([2]) };
    using p = program((x: Tensor) => x.mul(layer.weight));
    const x = work.own(tensor([3]));
    for (const value of [2, 5, 7]) {
      layer.weight.dispose();
      layer.weight = work.own(tensor([value]));
      expect(work.own(await p.run(x)).item()).toBe(3 * value);
      expect(work.own(await p.run(x)).item()).toBe(3 * value);
      expect(p.graphs).toBe(1);
    }
  });
});

describe('a run has the modes and the generator under which it was asked for', () => {
  test('also where it waits for another', async () => {
    using work = new Scope();
    const weight = work.own(randn([4, 4], { requiresGrad: true }));
    using p = program((x: Tensor) => x.matmul(weight));
    const x = work.own(randn([4, 4]));
    const ask = () => [
      p.run(x),
      ...noGrad(() => [p.run(x)]),
      ...withAutocast('bfloat16', () => [p.run(x)]),
      ...withAutocast('float16', () => noGrad(() => [p.run(x)])),
      p.run(x),
    ];
    for (let round = 0; round < 3; round++) {
      const results = (await Promise.all(ask())).map((result) => work.own(result));
      expect(results.map(({ requiresGrad }) => requiresGrad)).toEqual([true, false, true, false, true]);
      expect(results.map(({ dtype }) => dtype)).toEqual(['float32', 'float32', 'bfloat16', 'float16', 'float32']);
    }
    expect(p.graphs).toBe(4);
  });

  test('each generator gives its own stream, one named inside stays', async () => {
    using work = new Scope();
    const inner = new Generator(3);
    const fn = (): Tensor[] => [rand([2]), withGenerator(inner, () => rand([2])), rand([2])];
    using p = program(fn);
    const drawAll = async (draw: (seed: number) => Promise<Tensor[]> | Tensor[]) => {
      inner.manualSeed(3);
      const results = [];
      for (const seed of [1, 2, 1]) results.push(work.own(await draw(seed)).map((value) => value.tolist()));
      return results;
    };
    const meant = await drawAll((seed) => withGenerator(new Generator(seed), fn));
    for (let round = 0; round < 2; round++)
      expect(await drawAll((seed) => withGenerator(new Generator(seed), () => [p.run()])[0]!)).toEqual(meant);
    expect(p.graphs).toBe(1);
    inner.manualSeed(3);
    const waiting = [1, 2, 1].map((seed) => withGenerator(new Generator(seed), () => [p.run()])[0]!);
    const results = (await Promise.all(waiting)).map((values) => work.own(values).map((value) => value.tolist()));
    expect(results).toEqual(meant);
    inner.dispose();
  });

  test('casts of weights are made anew where the weights have changed', async () => {
    using work = new Scope();
    const weight = work.own(tensor([[1]], { requiresGrad: true }));
    using p = program((x: Tensor) => {
      const y = x.matmul(weight);
      noGrad(() => weight.add_(1));
      return y.detach();
    });
    const x = work.own(tensor([[1]]));
    const runs = withAutocast('bfloat16', () => [1, 2, 3].map(() => p.run(x)));
    expect((await Promise.all(runs)).map((value) => work.own(value).item())).toEqual([1, 2, 3]);
  });
});

describe('a stop', () => {
  const BYTES = 4 * 2 ** 20;

  /** A long run that holds a large tensor nearly all the time, and changes two others, one before it or both at the end. */
  function makeRun(work: Scope, changes: 'first' | 'last') {
    const [one, other] = [work.own(tensor([0])), work.own(tensor([0]))];
    const recorded = program((x: Tensor) => {
      if (changes === 'first') one.add_(1);
      const large = zeros([BYTES / 4]);
      let y = x;
      for (let i = 0; i < 2000; i++) y = y.tanh();
      if (changes === 'last') one.add_(1);
      other.add_(1).add_(large.sum());
      return y;
    });
    return { recorded, read: () => [one.item(), other.item()] };
  }

  /** Stops a run while its large tensor is there, before and after the stop; returns how it settled. */
  async function stopMidway(recorded: Program<[Tensor], Tensor>, x: Tensor): Promise<unknown> {
    const before = memory.stats().allocatedBytes;
    const holds = (): boolean => memory.stats().allocatedBytes >= before + BYTES;
    const controller = new AbortController();
    const run = { settled: false };
    const running = recorded.run(x, { signal: controller.signal }).then(
      (y) => void y.dispose(),
      (error: unknown) => error,
    );
    void running.then(() => (run.settled = true));
    while (!holds() && !run.settled) await new Promise(setImmediate);
    controller.abort();
    const caught = holds();
    const result = await running;
    return caught ? result : stopMidway(recorded, x);
  }

  test('before the first change leaves values from outside as they were', async () => {
    using work = new Scope();
    const { recorded, read } = makeRun(work, 'last');
    const x = work.own(randn([500]));
    work.own(await recorded.run(x));
    const before = read();
    for (;;) {
      const error = await stopMidway(recorded, x);
      // A run may come to its changes between two looks.
      if (error === undefined) continue;
      expect(error).toMatchObject({ code: 'PAL_ABORTED' });
      break;
    }
    const [one, other] = read();
    expect(one).toBe(other);
    expect(before).toEqual([1, 1]);
    recorded.dispose();
  });

  test('after the first change lets a run end as it would', async () => {
    using work = new Scope();
    const { recorded, read } = makeRun(work, 'first');
    const x = work.own(randn([500]));
    work.own(await recorded.run(x));
    const [before = 0] = read();
    expect(await stopMidway(recorded, x)).toBeUndefined();
    const [one = 0, other] = read();
    expect(one).toBeGreaterThan(before);
    expect(other).toBe(one);
    recorded.dispose();
  });
});
