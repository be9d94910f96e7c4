import { describe, expect, test } from '@jest/globals';
import { Scope, aten, backward, memory, noGrad, program, randn, tensor, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const refused: unknown = expect.objectContaining({
  code: 'PAL_PROGRAM',
  message: expect.stringMatching(/Await the run first/) as unknown,
});

/** A program that trains a weight by an input, and has run twice: what it uses is known, and gradients are there. */
async function trainingProgram(work: Scope) {
  const weight = work.own(randn([4, 4], { requiresGrad: true }));
  const bias = work.own(randn([4]));
  const input = work.own(randn([2, 4]));
  const step = program((x: Tensor) => {
    weight.grad = undefined;
    const loss = x.matmul(weight).add(bias).square().mean();
    loss.backward();
    noGrad(() => void weight.sub_(weight.grad!, { alpha: 0.1 }));
    return loss.detach();
  });
  for (let i = 0; i < 2; i++) work.own(await step.run(input));
  return { step, weight, bias, input };
}

/** What meets the work of a run that changes `weight`, has `gradient` as its gradient and reads `bias`. */
const collisions: Record<
  string,
  (tensors: Record<'weight' | 'bias' | 'gradient' | 'view' | 'loss', Tensor>) => unknown
> = {
  'an update': ({ weight }) => noGrad(() => weight.add_(1)),
  'an update of a view': ({ view }) => noGrad(() => view.zero_()),
  'a change of what is only read': ({ bias }) => bias.fill_(1),
  'raw bytes': ({ bias }) => bias.write(new Float32Array(4)),
  'an output argument': ({ bias }) =>
    aten.add_out(bias.shape.length ? zeros([4]) : zeros([4]), zeros([4]), { out: bias }),
  'a list of changed tensors': ({ bias }) => aten._foreach_zero_([bias]),
  'the values of what is changed': ({ weight }) => weight.tolist(),
  'the values of a view': ({ view }) => view.sum(),
  'an operator on what is changed': ({ weight }) => weight.mul(2),
  'its gradient': ({ weight }) => weight.grad,
  'another gradient': ({ weight }) => void (weight.grad = undefined),
  'the values of its gradient': ({ gradient }) => gradient.sum(),
  'a change of its gradient': ({ gradient }) => gradient.zero_(),
  'a switch of gradients': ({ weight, bias }) =>
    [() => weight.requiresGrad_(false), () => bias.requiresGrad_()].map((f) => f()),
  'other memory': ({ bias }) => aten.set__source_Tensor(bias, zeros([4])),
  'another size': ({ bias }) => aten.resize_(bias, [9]),
  'other axes': ({ bias }) => aten.unsqueeze_(bias, 0),
  'a backward pass to its gradient': ({ loss }) => backward(loss),
};

describe('while a run is under way', () => {
  test.each(Object.keys(collisions))('%s waits', async (name) => {
    using work = new Scope();
    const { step, weight, bias, input } = await trainingProgram(work);
    using _ = step;
    const [view, gradient] = work.own([weight.detach(), weight.grad!]);
    const loss = work.own(weight.mul(3).sum());
    const before = bias.tolist();
    const running = step.run(input);
    expect(() => work.run(() => collisions[name]!({ weight, bias, gradient, view, loss }))).toThrow(refused);
    work.own(await running);
    expect(bias.tolist()).toEqual(before);
    work.run(() => collisions[name]!({ weight, bias, gradient, view, loss }));
  });

  test('all else goes on: shapes, values that are only read, other tensors with their gradients', async () => {
    using work = new Scope();
    const { step, weight, bias, input } = await trainingProgram(work);
    using _ = step;
    const other = work.own(randn([4, 4], { requiresGrad: true }));
    const running = step.run(input);
    expect([weight.shape, weight.dtype, weight.requiresGrad, weight.isLeaf]).toEqual([[4, 4], 'float32', true, true]);
    expect(bias.tolist()).toHaveLength(4);
    expect(memory.stats().liveSlots).toBeGreaterThan(3);
    work.run(() => {
      const loss = input.matmul(other).add(bias).square().mean();
      loss.backward();
      noGrad(() => other.sub_(other.grad!));
    });
    work.own(await running);
  });

  test('a view made before its base asked for gradients leads nowhere, and backward from it is an error', async () => {
    using work = new Scope();
    const { step, input } = await trainingProgram(work);
    using _ = step;
    const base = work.own(randn([1, 1]));
    const view = work.own(base.reshape([]));
    base.requiresGrad_();
    const running = step.run(input);
    expect(view.requiresGrad).toBe(true);
    expect(() => backward(view)).toThrow(/does not require grad/);
    work.own(await running);
  });

  test('what is freed stays with the run', async () => {
    using work = new Scope();
    const { step, input } = await trainingProgram(work);
    using _ = step;
    const x = randn([2, 4]);
    const running = step.run(x);
    x.dispose();
    expect(Number.isFinite(work.own(await running).item<number>())).toBe(true);
    expect(input.isDisposed).toBe(false);
  });

  test('runs of several programs over the same tensors wait for each other, in order', async () => {
    using work = new Scope();
    const state = work.own(tensor([1]));
    using twice = program(() => void state.mul_(2));
    using next = program((x: Tensor) => state.add_(x).clone());
    const one = work.own(tensor([1]));
    const results = [];
    for (let round = 0; round < 2; round++) {
      const runs = [twice.run(), next.run(one), twice.run(), next.run(one)] as const;
      const [, first, , second] = await Promise.all(runs);
      results.push(work.own(first).item(), work.own(second).item());
    }
    expect(results).toEqual([3, 7, 15, 31]);
  });

  test('the inputs of a run that waits stay as they are', async () => {
    using work = new Scope();
    using p = program((x: Tensor) => x.add(1));
    const [x, y] = work.own([tensor([1]), tensor([2])]);
    work.own(await p.run(x));
    const runs = [p.run(x), p.run(y)];
    expect(() => y.fill_(9)).toThrow(refused);
    expect(y.item()).toBe(2);
    expect((await Promise.all(runs)).map((value) => work.own(value).item())).toEqual([2, 3]);
    y.fill_(9);
  });

  test('a run here that meets the other is refused, another one is not', async () => {
    using work = new Scope();
    const { step, weight, bias, input } = await trainingProgram(work);
    using _ = step;
    using meets = program(() => weight.sum());
    using reads = program(() => bias.sum());
    for (const p of [meets, reads]) work.own(p.runSync());
    const running = step.run(input);
    expect(() => meets.runSync()).toThrow(refused);
    expect(Number.isFinite(work.own(reads.runSync()).item<number>())).toBe(true);
    work.own(await running);
    work.own(meets.runSync());
  });
});
