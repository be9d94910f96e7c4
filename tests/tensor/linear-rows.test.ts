import { expect, test } from '@jest/globals';
import { aten, linear, manualSeed, noGrad, randn, scope } from '../../lib/tensor/index.js';

/** Rows, terms of a product, and columns, around the places where another library takes over. */
const sizes = [
  [1, 1024, 384],
  [1, 1280, 384],
  [1, 1536, 384],
  [1, 3072, 768],
  [2, 3072, 768],
  [300, 1500, 1],
  [1, 8000, 1],
  [1, 45, 11],
  [2, 7, 3],
  [3, 256, 704],
  [7, 704, 256],
  [8, 33, 5],
  [9, 128, 4],
  [17, 100, 50],
  [32, 256, 512],
  [63, 64, 66],
  [64, 9000, 8],
  [65, 256, 64],
] as const;

test.each(sizes)('%d rows of %d by %d columns, with and without bias', (rows, terms, columns) => {
  manualSeed(1);
  scope(() => {
    const [x, weight] = [randn([rows, terms]), randn([columns, terms])];
    for (const bias of [randn([columns]), undefined]) {
      for (let i = 0; i < 20; i++) {
        const off = scope(() =>
          noGrad(() => {
            const wide = aten.linear(x.to('float64'), weight.to('float64'), { bias: bias?.to('float64') });
            return linear(x, weight, bias).to('float64').sub(wide).abs().max().item();
          }),
        );
        expect(off).toBeLessThan(1e-3);
      }
    }
  });
});

test('a transposed weight, a strided input and no rows at all', () => {
  manualSeed(2);
  scope(() => {
    const [x, weight] = [randn([24, 5]).t(), randn([24, 9]).t()];
    const expected = x.to('float64').matmul(weight.to('float64').t());
    expect(linear(x, weight).to('float64').sub(expected).abs().max().item()).toBeLessThan(1e-5);
    expect(linear(randn([0, 24]), weight).shape).toEqual([0, 9]);
    expect(
      linear(randn([3, 0]), randn([9, 0]))
        .abs()
        .max()
        .item(),
    ).toBe(0);
  });
});
