import { expect, test } from '@jest/globals';
import { Embedding, Linear } from '../../../lib/nn/index.js';
import { Generator, noGrad, randn, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const equal = (a: Tensor, b: Tensor) => a.eq(b).all().item();

test.each([
  [1, false],
  [3, false],
  [40, false],
  [3, true],
])('with and without gradients a row of padding reads as zero: %d rows, bias %s', (rows, bias) => {
  using generator = new Generator(1);
  const layer = new Linear(6, 9, { bias, paddingIndex: 2 });
  layer.weight.detach().copy_(randn([9, 6], { generator }));
  layer.bias?.detach().fill_(0.5);
  const x = randn([rows, 6], { generator });
  const [withGradients, without] = [layer.forward(x), noGrad(() => layer.forward(x))];
  expect(equal(without, withGradients)).toBe(true);
  expect(equal(without.select(1, 2), tensor(bias ? 0.5 : 0))).toBe(true);
  expect(without.select(1, 3).abs().max().item()).toBeGreaterThan(0.1);
});

test('with and without gradients the vector of padding is zero', () => {
  using generator = new Generator(1);
  const table = new Embedding(9, 6, { paddingIndex: 2 });
  table.weight.detach().copy_(randn([9, 6], { generator }));
  const ids = tensor([[2, 3, 8]], { dtype: 'int64' });
  const without = noGrad(() => table.forward(ids));
  expect(equal(without, table.forward(ids))).toBe(true);
  expect(without.select(1, 0).abs().max().item()).toBe(0);
  expect(without.select(1, 1).abs().max().item()).toBeGreaterThan(0.1);
});
