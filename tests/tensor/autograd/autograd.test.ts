import { describe, expect, test } from '@jest/globals';
import {
  detectAnomaly,
  backward,
  enableGrad,
  grad,
  inferenceMode,
  isGradEnabled,
  noGrad,
  ones,
  scope,
  tensor,
  zeros,
} from '../../../lib/tensor/index.js';

const palabraError: unknown = expect.objectContaining({ code: expect.stringMatching(/^PAL_/) });

describe('backward', () => {
  test('adds gradients to the leaves', () => {
    scope(() => {
      const x = tensor([1, 2, 3], { requiresGrad: true });
      x.square().sum().backward();
      expect(x.grad?.tolist()).toEqual([2, 4, 6]);
      x.mul(10).sum().backward();
      expect(x.grad?.tolist()).toEqual([12, 14, 16]);
    });
  });

  test('starts from a given gradient', () => {
    scope(() => {
      const x = tensor([1, 2], { requiresGrad: true });
      x.mul(x).backward(tensor([1, 10]));
      expect(x.grad?.tolist()).toEqual([2, 40]);
    });
  });

  test('takes several roots', () => {
    scope(() => {
      const x = tensor([1, 2], { requiresGrad: true });
      backward([x.sum(), x.mul(3)], { gradients: [undefined, ones([2])] });
      expect(x.grad?.tolist()).toEqual([4, 4]);
      expect(() => backward([x.sum(), x.sum()], { gradients: [ones([])] })).toThrow(/2 gradients/);
    });
  });

  test('frees the graph unless it is retained', () => {
    scope(() => {
      const x = tensor([2], { requiresGrad: true });
      const loss = x.square().sum();
      loss.backward(undefined, { retainGraph: true });
      loss.backward();
      expect(x.grad?.tolist()).toEqual([8]);
      expect(() => loss.backward()).toThrow(palabraError);
    });
  });

  test('refuses roots without gradients, and many elements without one', () => {
    scope(() => {
      expect(() => zeros([1]).backward()).toThrow(palabraError);
      expect(() => zeros([2], { requiresGrad: true }).mul(2).backward()).toThrow(palabraError);
    });
  });
});

describe('grad', () => {
  test('gives gradients and leaves `grad` alone', () => {
    scope(() => {
      const [a, b] = [tensor([2], { requiresGrad: true }), tensor([5], { requiresGrad: true })];
      const found = grad(a.mul(b).sum(), [a, b]);
      expect(found.map((one) => one.item())).toEqual([5, 2]);
      expect(a.grad).toBeUndefined();
    });
  });

  test('can be differentiated again', () => {
    scope(() => {
      const x = tensor([3], { requiresGrad: true });
      const [first] = grad(x.pow(3).sum(), x, { createGraph: true });
      const [second] = grad(first!, x);
      expect([first!.item(), second!.item()]).toEqual([27, 18]);
    });
  });

  test('names an input that is not reached, unless that is allowed', () => {
    scope(() => {
      const [a, b] = [tensor([2], { requiresGrad: true }), tensor([5], { requiresGrad: true })];
      expect(() => grad(a.sum(), [a, b])).toThrow(palabraError);
      expect(grad(a.sum(), [a, b], { allowUnused: true })[1]).toBeUndefined();
    });
  });
});

describe('modes', () => {
  test('noGrad records nothing inside, enableGrad does again', () => {
    scope(() => {
      const x = tensor([1], { requiresGrad: true });
      expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
      expect(noGrad(() => enableGrad(() => x.mul(2))).requiresGrad).toBe(true);
      expect(isGradEnabled()).toBe(true);
    });
  });

  test('end with an error and with a promise, which is refused', () => {
    expect(() =>
      noGrad(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(() => noGrad(async () => Promise.resolve())).toThrow(/synchronous/);
    expect(() => inferenceMode(async () => Promise.resolve())).toThrow(/synchronous/);
    expect(isGradEnabled()).toBe(true);
    expect(() => noGrad(1 as never)).toThrow(palabraError);
  });

  test('inferenceMode gives tensors without gradients', () => {
    scope(() => {
      const x = tensor([1], { requiresGrad: true });
      const y = inferenceMode(() => x.mul(2));
      expect(y.requiresGrad).toBe(false);
      expect(x.mul(2).requiresGrad).toBe(true);
    });
  });

  test('detectAnomaly stops at NaN', () => {
    scope(() => {
      const x = tensor([0], { requiresGrad: true });
      const run = (): void => x.sqrt().mul(0).sum().backward();
      expect(() => detectAnomaly(run)).toThrow(palabraError);
      expect(run).not.toThrow();
      detectAnomaly(() => {
        detectAnomaly(() => x.mul(2), { checkNan: false });
        expect(run).toThrow(palabraError);
      });
    });
  });

  test('detach cuts the graph', () => {
    scope(() => {
      const x = tensor([3], { requiresGrad: true });
      x.mul(x.detach()).sum().backward();
      expect(x.grad?.item()).toBe(3);
    });
  });
});
