import { describe, expect, test } from '@jest/globals';
import { ones, scope, tensor } from '../../lib/tensor/index.js';

describe('to', () => {
  test('converts by dtype, device or both', () => {
    scope(() => {
      const x = tensor([1.7, -1.7]);
      expect(x.to('int32').tolist()).toEqual([1, -1]);
      expect(x.to('bool').tolist()).toEqual([true, true]);
      expect(x.to('cpu').device).toBe('cpu');
      expect(x.to({ dtype: 'float64', device: 'cpu' }).dtype).toBe('float64');
    });
  });

  test('shares memory when nothing changes, unless a copy is asked for', () => {
    scope(() => {
      const x = ones([1]);
      const [same, copy] = [x.to('float32'), x.to({ copy: true })];
      x.fill_(5);
      expect([same.item(), copy.item()]).toEqual([5, 1]);
    });
  });

  test('lets gradients through', () => {
    scope(() => {
      const x = ones([1], { requiresGrad: true });
      x.to('bfloat16').mul(3).sum().backward();
      expect([x.grad?.dtype, x.grad?.item()]).toEqual(['float32', 3]);
    });
  });

  test('refuses other names', () => {
    scope(() => {
      expect(() => ones([1]).to('flot32')).toThrow(/PAL_ARGUMENT.*Did you mean "float32"/);
      expect(() => ones([1]).to({ dtype: 'x' as never })).toThrow(/PAL_ARGUMENT/);
      expect(() => ones([1]).to({ device: 'x' })).toThrow(/PAL_DEVICE/);
    });
  });
});
