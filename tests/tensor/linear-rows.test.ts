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
