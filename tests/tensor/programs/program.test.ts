import { describe, expect, jest, test } from '@jest/globals';
import {
  Scope,
  add,
  aten,
  cat,
  memory,
  noGrad,
  program,
  randn,
  scope,
  tensor,
  withAutocast,
  zeros,
} from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const code = (name: string): unknown => expect.objectContaining({ code: name });
const values = (...numbers: number[]): Tensor => tensor(numbers);

describe('program', () => {
  test('records once, then replays with other inputs', async () => {
    using work = new Scope();
    const fn = jest.fn((a: Tensor, b: Tensor) => a.mul(b).sum());
    using p = program(fn);
    const inputs = [1, 2, 3].map((n) => work.own([values(n, 1), values(2, 2)]));
    const results = [];
    for (const [a, b] of inputs) results.push(work.own(await p.run(a!, b!)).item());
    expect(results).toEqual([4, 6, 8]);
    expect(fn).toHaveBeenCalledTimes(1);
    expect(p.graphs).toBe(1);
    expect(p.instructions().map((line) => /aten::\w+/.exec(line)?.[0])).toEqual(['aten::mul', 'aten::sum']);
  });

  test('gives results in the shape that the function returns', async () => {
    using work = new Scope();
    using p = program((x: Tensor) => ({ sum: x.sum(), parts: [x.add(1), undefined], x }));
    const x = work.own(values(1, 2));
    for (let i = 0; i < 3; i++) {
      const result = work.own(await p.run(x));
      expect(result.sum.item()).toBe(3);
      expect(result.parts[0]?.tolist()).toEqual([2, 3]);
      expect(result.parts[1]).toBeUndefined();
      expect(result.x).not.toBe(x);
      expect(result.x.tolist()).toEqual([1, 2]);
    }
    using nothing = program((y: Tensor) => void y.add_(1));
    expect([await nothing.run(x), await nothing.run(x)]).toEqual([undefined, undefined]);
    expect(x.tolist()).toEqual([3, 4]);
  });

  test('records anew for other shapes, dtypes and modes', async () => {
    using work = new Scope();
    using p = program((x: Tensor) => x.matmul(x));
    const run = async (x: Tensor): Promise<Tensor> => work.own(await p.run(work.own(x)));
    expect((await run(zeros([2, 2]))).shape).toEqual([2, 2]);
    expect((await run(zeros([3, 3]))).shape).toEqual([3, 3]);
    expect((await run(zeros([3, 3], { dtype: 'float64' }))).dtype).toBe('float64');
    expect(p.graphs).toBe(3);
    await run(zeros([2, 2]));
    expect(p.graphs).toBe(3);
    const x = work.own(zeros([2, 2], { requiresGrad: true }));
    expect(work.own(p.runSync(x)).requiresGrad).toBe(true);
    expect(work.own(noGrad(() => p.runSync(x))).requiresGrad).toBe(false);
    expect(work.own(noGrad(() => p.runSync(x))).requiresGrad).toBe(false);
    expect(work.own(withAutocast('bfloat16', () => p.runSync(x))).dtype).toBe('bfloat16');
    expect(p.graphs).toBe(6);
  });

  test('keeps the latest recordings only', async () => {
    using work = new Scope();
    const fn = jest.fn((x: Tensor) => x.add(1));
    using p = program(fn, { maxGraphs: 2 });
    const [one, two, three] = [1, 2, 3].map((n) => work.own(zeros([n])));
    for (const x of [one!, two!, one!, three!, one!]) work.own(await p.run(x));
    expect([p.graphs, fn.mock.calls.length]).toEqual([2, 3]);
    work.own(await p.run(two!));
    expect(fn).toHaveBeenCalledTimes(4);
  });

  test('sees changes of tensors from outside', async () => {
    using work = new Scope();
    const weight = work.own(values(1));
    using p = program((x: Tensor) => x.mul(weight));
    const x = work.own(values(3));
    work.own(await p.run(x));
    weight.fill_(10);
    expect(work.own(await p.run(x)).item()).toBe(30);
  });

  test('draws anew at each run', async () => {
    using work = new Scope();
    using p = program(() => randn([4]));
    const draws = [await p.run(), await p.run(), await p.run()].map((x) => JSON.stringify(work.own(x).tolist()));
    expect(new Set(draws).size).toBe(3);
  });

  test('replays a whole training step as it runs by itself', async () => {
    const train = async (recorded: boolean): Promise<number[]> => {
      using work = new Scope();
      const weight = work.own(tensor([0.5, -0.5], { requiresGrad: true }));
      const step = (x: Tensor, y: Tensor): Tensor => {
        const loss = x.matmul(weight).sub(y).square().mean();
        loss.backward();
        noGrad(() => void weight.sub_(weight.grad!, { alpha: 0.1 }));
        weight.grad = undefined;
        return loss.detach();
      };
      using p = program(step);
      const losses = [];
      for (let i = 0; i < 5; i++) {
        const x = work.own(
          tensor([
            [1, i],
            [2, 1],
          ]),
        );
        const y = work.own(values(1, -1));
        losses.push(recorded ? work.own(await p.run(x, y)).item() : scope(() => step(x, y)).item());
      }
      return losses;
    };
    const [alone, replayed] = [await train(false), await train(true)];
    expect(replayed).toEqual(alone);
    expect(alone[4]).not.toBe(alone[0]);
  });

  test('leaves only its results behind', async () => {
    const x = values(1, 2);
    using p = program((y: Tensor) => y.add(1).mul(2).exp());
    (await p.run(x)).dispose();
    const before = memory.stats().liveSlots;
    for (let i = 0; i < 5; i++) (await p.run(x)).dispose();
    expect(memory.stats().liveSlots).toBe(before);
    x.dispose();
    expect(memory.stats().liveSlots).toBe(before - 1);
  });
});

describe('runs', () => {
  test('of one program wait for each other, in order', async () => {
    using work = new Scope();
    const state = work.own(values(0));
    using p = program((x: Tensor) => state.mul_(2).add_(x).clone());
    const runs = scope(() => ({ promises: [1, 2, 3].map((n) => p.run(values(n))) })).promises;
    const results = (await Promise.all(runs)).map((x) => work.own(x).item());
    expect(results).toEqual([1, 4, 11]);
  });

  test('hold inputs that are freed while they wait', async () => {
    using work = new Scope();
    using p = program((x: Tensor) => x.add(1));
    const warm = work.own(values(0));
    work.own(await p.run(warm));
    const [first, second] = [values(1), values(2)];
    const runs = [p.run(first), p.run(second)];
    first.dispose();
    second.dispose();
    expect((await Promise.all(runs)).map((x) => work.own(x).item())).toEqual([2, 3]);
  });

  test('runSync gives results to the scope, and is refused during a run', async () => {
    using work = new Scope();
    using p = program((x: Tensor) => x.add(1));
    const x = work.own(values(1));
    const before = memory.stats().liveSlots;
    for (let i = 0; i < 2; i++) expect(scope(() => p.runSync(x).item())).toBe(2);
    expect(memory.stats().liveSlots).toBe(before);
    const running = p.run(x);
    expect(() => p.runSync(x)).toThrow(code('PAL_PROGRAM'));
    work.own(await running);
  });

  test('a program inside a program becomes part of it', async () => {
    using work = new Scope();
    using inner = program((x: Tensor) => x.add(1));
    using outer = program((x: Tensor) => inner.runSync(x).mul(2));
    const x = work.own(values(1));
    for (let i = 0; i < 2; i++) expect(work.own(await outer.run(x)).item()).toBe(4);
    expect([inner.graphs, outer.instructions().length]).toEqual([0, 2]);
  });
});

describe('errors', () => {
  test('reading a value', async () => {
    const x = values(1);
    const reads: ((y: Tensor) => unknown)[] = [(y) => y.item(), (y) => y.data(), (y) => y.tolist(), (y) => y.nonzero()];
    for (const read of reads) {
      using p = program((y: Tensor) => void read(y));
      await expect(p.run(x)).rejects.toThrow(code('PAL_PROGRAM_VALUE'));
      expect(() => p.runSync(x)).toThrow(code('PAL_PROGRAM_VALUE'));
      expect(p.graphs).toBe(0);
    }
    expect(x.add(1).item()).toBe(2);
    x.dispose();
  });

  test('an async function, other results, an error of its own', async () => {
    const x = values(1);
    const fails: [(y: Tensor) => unknown, RegExp][] = [
      [async (y) => Promise.resolve(y), /synchronous/],
      [() => 3, /PAL_PROGRAM\b.*received 3/],
      [
        () => {
          throw new Error('mine');
        },
        /^mine$/,
      ],
    ];
    const before = memory.stats().liveSlots;
    for (const [fn, message] of fails) {
      using p = program(fn);
      await expect(p.run(x)).rejects.toThrow(message);
      expect(p.graphs).toBe(0);
    }
    expect(memory.stats()).toMatchObject({ liveSlots: before, openScopes: 0 });
    x.dispose();
  });

  test('freed and wrong inputs', async () => {
    using p = program((x: Tensor) => x.add(1));
    const gone = values(1);
    gone.dispose();
    await expect(p.run(gone)).rejects.toThrow(code('PAL_DISPOSED'));
    await expect(p.run(3 as never)).rejects.toThrow(code('PAL_ARGUMENT'));
    await expect(p.run(gone, { sgnal: 1 } as never)).rejects.toThrow(code('PAL_ARGUMENT'));
    expect(() => p.runSync({} as never)).toThrow(code('PAL_ARGUMENT'));
    expect(() => program(3 as never)).toThrow(code('PAL_ARGUMENT'));
  });

  test('a tensor from outside that is freed later', async () => {
    using work = new Scope();
    const weight = values(1);
    using p = program((x: Tensor) => x.mul(weight));
    const x = work.own(values(1));
    work.own(await p.run(x));
    weight.dispose();
    await expect(p.run(x)).rejects.toThrow(code('PAL_DISPOSED'));
  });

  test('use after dispose, and runs that waited', async () => {
    using work = new Scope();
    const p = program((x: Tensor) => x.add(1));
    const x = work.own(values(1));
    work.own(await p.run(x));
    const [running, waiting] = [p.run(x), p.run(x)];
    p.dispose();
    await expect(waiting).rejects.toThrow(code('PAL_DISPOSED'));
    work.own(await running);
    await expect(p.run(x)).rejects.toThrow(code('PAL_DISPOSED'));
    expect(() => p.runSync(x)).toThrow(code('PAL_DISPOSED'));
  });

  test('an operator that fails in a replay rejects that run only', async () => {
    using work = new Scope();
    const state = work.own(zeros([2]));
    using p = program((x: Tensor) => add(x, state));
    const x = work.own(zeros([2]));
    work.own(await p.run(x));
    aten.resize_(state, [3]);
    await expect(p.run(x)).rejects.toThrow(code('PAL_SHAPE'));
    aten.resize_(state, [2]);
    expect(work.own(await p.run(x)).shape).toEqual([2]);
  });
});

describe('AbortSignal', () => {
  const slow = (x: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < 40_000; i++) y = y.tanh();
    return y;
  };

  test('stops a run between two operators, and the next one works', async () => {
    using work = new Scope();
    using p = program(slow);
    const x = work.own(randn([2000]));
    work.own(await p.run(x));
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = p.run(x, { signal: controller.signal });
    const waiting = p.run(x);
    controller.abort(reason);
    await expect(running).rejects.toMatchObject({ code: 'PAL_ABORTED', cause: reason });
    expect(work.own(await waiting).shape).toEqual([2000]);
  });

  test('stops a run that waits, or never starts it', async () => {
    using work = new Scope();
    using p = program(slow);
    const x = work.own(randn([2000]));
    work.own(await p.run(x));
    const controller = new AbortController();
    const running = p.run(x);
    const waiting = p.run(x, { signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    await expect(p.run(x, { signal: controller.signal })).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    work.own(await running);
  });

  test('stays silent after the run', async () => {
    using work = new Scope();
    using p = program((x: Tensor) => cat([x, x]));
    const controller = new AbortController();
    const x = work.own(values(1));
    for (let i = 0; i < 3; i++) work.own(await p.run(x, { signal: controller.signal }));
    controller.abort();
    expect(work.own(await p.run(x)).tolist()).toEqual([1, 1]);
  });
});
