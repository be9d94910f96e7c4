import { describe, expect, test } from '@jest/globals';
import { loadAddon } from '../../lib/native/index.js';
import { isTensor, scope, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { expectSlot, expectSlots } from '../../lib/tensor/tensor.js';

describe('Tensor', () => {
  test('tells shape, strides, dtype, device and counts', () => {
    scope(() => {
      const x = zeros([2, 3], { dtype: 'float64' });
      expect([x.shape, x.strides, x.dtype, x.device]).toEqual([[2, 3], [3, 1], 'float64', 'cpu']);
      expect([x.ndim, x.numel, x.itemSize, x.bytes]).toEqual([2, 6, 8, 48]);
      expect([x.isContiguous, x.transpose(0, 1).isContiguous]).toEqual([true, false]);
      expect([tensor(1).shape, tensor(1).numel]).toEqual([[], 1]);
    });
  });

  test('gives the size of an axis, also from the end', () => {
    scope(() => {
      const x = zeros([2, 3]);
      expect([x.size(0), x.size(-1)]).toEqual([2, 3]);
      for (const dim of [2, -3]) expect(() => x.size(dim)).toThrow(expect.objectContaining({ code: 'PAL_SHAPE' }));
    });
  });

  test('counts changes in place', () => {
    scope(() => {
      const x = zeros([2]);
      const before = x.version;
      x.add_(1);
      expect(x.version).toBe(before + 1);
    });
  });

  test('dispose frees once and leaves a stale handle', () => {
    const x = zeros([2]);
    expect(x.isDisposed).toBe(false);
    x.dispose();
    x.dispose();
    expect(x.isDisposed).toBe(true);
    expect(() => x.shape).toThrow(expect.objectContaining({ code: 'PAL_DISPOSED' }));
    expect(() => x.add(1)).toThrow(expect.objectContaining({ code: 'PAL_DISPOSED' }));
  });

  test('a stale handle never reaches the tensor that took its place', () => {
    const old = zeros([2]);
    old.dispose();
    const fresh = tensor([7]);
    expect(() => old.tolist()).toThrow(expect.objectContaining({ code: 'PAL_DISPOSED' }));
    expect(fresh.tolist()).toEqual([7]);
    fresh.dispose();
  });

  test('is freed by using', () => {
    const before = loadAddon().memoryStats().liveSlots;
    {
      using x = zeros([4]);
      expect(loadAddon().memoryStats().liveSlots).toBe(before + 1);
      expect(x.numel).toBe(4);
    }
    expect(loadAddon().memoryStats().liveSlots).toBe(before);
  });

  test('keep takes it out of every scope', () => {
    const kept: Tensor[] = [];
    scope(() => scope(() => void kept.push(zeros([2]).keep(), zeros([2]))));
    expect(kept.map((x) => x.isDisposed)).toEqual([false, true]);
    kept[0]?.dispose();
  });

  test('grad is undefined, then what was set, then cleared', () => {
    scope(() => {
      const x = zeros([2], { requiresGrad: true });
      expect(x.grad).toBeUndefined();
      x.grad = tensor([1, 2]);
      expect(x.grad.tolist()).toEqual([1, 2]);
      x.grad = undefined;
      expect(x.grad).toBeUndefined();
    });
  });

  test('requiresGrad is refused for integers', () => {
    scope(() => {
      const ids = zeros([2], { dtype: 'int64' });
      expect(() => ids.requiresGrad_()).toThrow(expect.objectContaining({ name: expect.stringContaining('Error') }));
      expect(ids.requiresGrad).toBe(false);
    });
  });
});

describe('tensor arguments', () => {
  test('are known by their brand', () => {
    scope(() => {
      expect(isTensor(zeros([1]))).toBe(true);
      for (const other of [null, undefined, 1, { slot: 1 }, [1]]) expect(isTensor(other)).toBe(false);
    });
  });

  test('are refused by name when they are something else', () => {
    expect(() => expectSlot([1] as never, 'add')).toThrow(/\[PAL_ARGUMENT\] add: expected a Tensor, received \[1\]/);
    expect(() => expectSlot(undefined as never, 'add')).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
    expect(() => expectSlots(3 as never, 'cat')).toThrow(/an array of tensors/);
  });
});
