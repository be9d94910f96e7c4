import { describe, expect, test } from '@jest/globals';
import { Linear, sumTokenLoss } from '../../../lib/nn/index.js';
import { Generator, randint, randn } from '../../../lib/tensor/index.js';
import type { SummedLoss, Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const close = (a: Tensor, b: Tensor) => a.sub(b).abs().max().item();

describe('Linear.lossWith', () => {
  test.each([
    ['plain', { bias: false }, {}],
    ['a bias', { bias: true }, { labelSmoothing: 0.1 }],
    ['padded rows', { bias: true, rowMultiple: 8 }, { zLoss: 1e-2 }],
  ])('is the loss of forward, and its gradients: %s', (_, options, terms) => {
    using generator = new Generator(4);
    const layer = new Linear(6, 11, options);
    if (layer.bias) layer.bias.detach().copy_(randn(layer.bias.shape, { generator }));
    const x = randn([2, 5, 6], { generator }).requiresGrad_();
    const targets = randint(0, 11, [2, 5], { dtype: 'int64', generator });
    targets.narrow(1, 0, 1).fill_(-100);
    const tensors = [x, layer.weight, ...(layer.bias ? [layer.bias] : [])];
    const measure = ({ lossSum, count }: SummedLoss) => {
      for (const tensor of tensors) tensor.grad = undefined;
      lossSum.backward();
      return { loss: lossSum.item(), count: count.item(), gradients: tensors.map(({ grad }) => grad!.clone()) };
    };
    const fast = measure(layer.lossWith(x, targets, terms));
    const slow = measure(sumTokenLoss(layer.forward(x), targets, terms));
    expect(fast.count).toBe(8);
    expect(slow.count).toBe(8);
    expect(fast.loss).toBeCloseTo(slow.loss, 4);
    for (const [i, gradient] of fast.gradients.entries())
      expect(close(gradient, slow.gradients[i]!)).toBeLessThan(1e-5);
  });
});
