import { describe, expect, test } from '@jest/globals';
import { loadAddon } from '../../../lib/native/index.js';
import { Scope, scope, tensor, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const live = (): number => loadAddon().memoryStats().liveSlots;

/** Runs `fn` and returns how many tensors it left behind. */
function left(fn: () => void): number {
  const before = live();
  fn();
  return live() - before;
}

describe('scope', () => {
  test('frees what was made in it', () => {
    expect(left(() => void scope(() => zeros([2]).add(1).sum().item()))).toBe(0);
  });

  test('keeps the tensors of its result, however nested', () => {
    const { a, list } = scope(() => {
      const temporary = zeros([2]);
      return { a: temporary.add(1), list: [temporary.add(2), { deep: temporary.add(3) }] as const, n: 5 };
    });
    expect(a.tolist()).toEqual([1, 1]);
    expect(list[1].deep.tolist()).toEqual([3, 3]);
    for (const x of [a, list[0], list[1].deep]) x.dispose();
  });

  test('leaves a tensor of its result that was made before it to whom it belongs', () => {
    const weight = zeros([2]).keep();
    using request = new Scope();
    request.run(() => scope(() => weight));
    request.dispose();
    expect(weight.isDisposed).toBe(false);
    weight.dispose();
  });

  test('hands its result to the scope around it', () => {
    expect(
      left(() => {
        scope(() => {
          const inner = scope(() => zeros([2]));
          expect(inner.isDisposed).toBe(false);
        });
      }),
    ).toBe(0);
  });

  test('frees all when its function throws, and passes the error on', () => {
    const failure = new Error('mine');
    const before = live();
    expect(() =>
      scope(() => {
        zeros([2]);
        throw failure;
      }),
    ).toThrow(failure);
    expect(live()).toBe(before);
    expect(loadAddon().memoryStats().openScopes).toBe(0);
  });

  test('refuses an async function and frees what it made', () => {
    const before = live();
    const run = (): unknown => scope(async () => Promise.resolve(zeros([2])));
    expect(run).toThrow(/\[PAL_ARGUMENT\] scope: expected a synchronous function/);
    expect([live(), loadAddon().memoryStats().openScopes]).toEqual([before, 0]);
  });

  test('takes a result that is disposed already, or made outside', () => {
    const outside = zeros([2]);
    const gone = scope(() => {
      const x = zeros([1]);
      x.dispose();
      return x;
    });
    expect(gone.isDisposed).toBe(true);
    expect(scope(() => outside).isDisposed).toBe(false);
    outside.dispose();
    expect(loadAddon().memoryStats().openScopes).toBe(0);
  });

  test('refuses what is no function', () => {
    expect(() => scope(3 as never)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });
});

describe('Scope', () => {
  test('keeps what its runs made until it is disposed of', async () => {
    const before = live();
    const request = new Scope();
    const state = request.run(() => zeros([2]).add(1));
    await Promise.resolve();
    request.run(() => state.add_(1));
    expect([state.tolist(), request.size]).toEqual([[2, 2], 2]);
    request.dispose();
    expect([state.isDisposed, live()]).toEqual([true, before]);
  });

  test('is disposed of by using', () => {
    expect(
      left(() => {
        using request = new Scope();
        request.run(() => zeros([2]));
      }),
    ).toBe(0);
  });

  test('two that take turns keep their tensors apart', () => {
    const [one, two] = [new Scope(), new Scope()];
    const a = one.run(() => zeros([1]));
    const b = two.run(() => zeros([1]));
    one.dispose();
    expect([a.isDisposed, b.isDisposed]).toEqual([true, false]);
    two.dispose();
    expect(b.isDisposed).toBe(true);
  });

  test('inside a scope it outlives that scope', () => {
    const request = new Scope();
    const made: Tensor[] = [];
    scope(() => void made.push(request.run(() => tensor([3]))));
    expect(made[0]?.tolist()).toEqual([3]);
    request.dispose();
  });

  test('a scope in a run frees its own', () => {
    const request = new Scope();
    request.run(() => scope(() => zeros([1]).add(1)));
    expect(request.size).toBe(1);
    request.dispose();
  });

  test('own takes a tensor over, keep gives it free', () => {
    const request = new Scope();
    const [a, b] = request.own([zeros([1]), zeros([1])] as const);
    b.keep();
    request.dispose();
    expect([a.isDisposed, b.isDisposed]).toEqual([true, false]);
    b.dispose();
  });

  test('refuses work after dispose', () => {
    const request = new Scope();
    request.dispose();
    expect(() => request.run(() => 1)).toThrow(expect.objectContaining({ code: 'PAL_DISPOSED' }));
  });

  test('keeps what a failing run made', () => {
    const request = new Scope();
    expect(() =>
      request.run(() => {
        zeros([1]);
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(request.size).toBe(1);
    request.dispose();
  });
});
