import { describe, expect, test } from '@jest/globals';
import { loadAddon } from '../../../lib/native/index.js';
import { getAutocastDType, ones, scope, withAutocast } from '../../../lib/tensor/index.js';

describe('withAutocast', () => {
  test('shortens matrix products inside only', () => {
    scope(() => {
      const x = ones([2, 2]);
      expect(withAutocast('bfloat16', () => x.matmul(x)).dtype).toBe('bfloat16');
      expect(withAutocast('bfloat16', () => withAutocast(undefined, () => x.matmul(x))).dtype).toBe('float32');
      expect(x.matmul(x).dtype).toBe('float32');
    });
  });

  test('ends with an error and with a promise, which is refused', () => {
    expect(() =>
      withAutocast('bfloat16', () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(() => withAutocast('bfloat16', async () => Promise.resolve())).toThrow(/synchronous/);
    expect(loadAddon().autocast('cpu')).toBeUndefined();
  });

  test('is told by getAutocastDType, by kind of device', () => {
    expect(getAutocastDType()).toBeUndefined();
    expect(withAutocast('float16', () => [getAutocastDType('cpu'), getAutocastDType('cuda')])).toEqual([
      'float16',
      undefined,
    ]);
    expect(withAutocast('float16', () => withAutocast(undefined, () => getAutocastDType()))).toBeUndefined();
  });

  test('refuses other dtypes', () => {
    expect(() => withAutocast('float32' as never, () => 1)).toThrow(/PAL_ARGUMENT/);
  });
});
