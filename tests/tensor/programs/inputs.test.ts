import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Scope, noGrad, program, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

/** Which of three tensors each of three inputs is, and which are captured, at the recording and at a replay. */
const pattern = fc.record({
  first: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
  second: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
  captured: fc.tuple(fc.nat(2), fc.nat(2)),
});

describe('a replay gives what the function gives', () => {
  test('whichever inputs are one tensor, or captured as well', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, async ({ first, second, captured }) => {
        using work = new Scope();
        const pool = [2, 3, 5].map((value) => work.own(tensor([value, -value])));
        const [w, v] = captured.map((index) => pool[index]!) as [Tensor, Tensor];
        const fn = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
          a
            .sub(b.mul(7))
            .add(c.mul(11))
            .mul(w)
            .add(v.mul(13).sub(a.mul(b)));
        using p = program(fn);
        for (const indices of [first, second, first]) {
          const [a, b, c] = indices.map((index) => pool[index]!) as [Tensor, Tensor, Tensor];
          const replayed = work.own(await p.run(a, b, c)).tolist();
          expect(replayed).toEqual(scope(() => fn(a, b, c)).tolist());
        }
        expect(p.graphs).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  test('gradients go to the input, not to a tensor that it was once', async () => {
    using work = new Scope();
    const [one, two] = [1, 2].map((value) => work.own(tensor([value], { requiresGrad: true }))) as [Tensor, Tensor];
    using p = program((x: Tensor, y: Tensor) => {
      x.mul(3).add(y.mul(one)).sum().backward();
    });
    await p.run(one, one);
    noGrad(() => void (one.grad = undefined));
    await p.run(two, two);
    expect([two.grad?.item(), one.grad?.item()]).toEqual([4, 2]);
  });

  test('a change in place reaches the input that it is written to', async () => {
    using work = new Scope();
    const [a, b] = [1, 10].map((value) => work.own(tensor([value]))) as [Tensor, Tensor];
    using p = program((x: Tensor, y: Tensor) => void x.add_(y));
    await p.run(a, a);
    await p.run(b, a);
    expect([a.item(), b.item()]).toEqual([2, 12]);
  });
});
