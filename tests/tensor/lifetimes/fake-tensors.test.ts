import { expect, test } from '@jest/globals';
import {
  backward,
  cat,
  dropout,
  getRandomState,
  linearCrossEntropy,
  memory,
  nonzero,
  ones,
  palabra,
  program,
  rand,
  randint,
  relu,
  scope,
  softmax,
  tensor,
  variance,
  where,
  withAutocast,
  withFakeTensors,
  zeros,
} from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const describe = ({ shape, strides, dtype, device }: Tensor) => ({ shape, strides, dtype, device });

/** Functions of a matrix `[6, 8]`. */
const functions: Record<string, (x: Tensor) => Tensor> = {
  'a sum': (x) => x.sum(0),
  'a product': (x) => x.matmul(x.transpose(0, 1)),
  'a product in bfloat16': (x) => withAutocast('bfloat16', () => x.matmul(x.transpose(0, 1))),
  'another dtype': (x) => x.to('float16'),
  'a number added': (x) => x.add(1),
  'dtypes mixed': (x) => x.add(ones([6, 1], { dtype: 'float64' })),
  views: (x) => x.transpose(0, 1).narrow(0, 2, 4).unsqueeze(0),
  'a copy of a view': (x) => x.transpose(0, 1).contiguous(),
  'rows picked': (x) => x.indexSelect(0, tensor([0, 2, 2], { dtype: 'int64' })),
  'rows joined': (x) => cat([x, x.mul(2)], 0),
  'a softmax': (x) => softmax(x, -1),
  dropout: (x) => dropout(x, 0.5),
  'in place': (x) => x.clone().mul_(2).fill_(1),
  'masked values': (x) => x.maskedFill(x.gt(0), 0),
  'a triangle': () => ones([5, 5], { dtype: 'bool' }).tril(),
  'what is not negative': (x) => relu(x),
  'one of two': (x) => where(x.gt(0), x, tensor(0)),
  'a variance': (x) => variance(x, 1),
  'the largest': (x) => x.max(),
  'rows turned round': (x) => x.flip([0]),
  'random numbers': () => rand([3, 2]),
};

test.each(Object.entries(functions))('have shape, strides, dtype and device of what is computed: %s', (_, fn) => {
  scope(() => {
    const x = rand([6, 8]);
    const [computed, fake] = [describe(fn(x)), withFakeTensors(() => scope(() => describe(fn(x))))];
    expect(fake).toEqual(computed);
  });
});

test('leave tensors and random numbers as they are, and take no memory', () => {
  using x = rand([512, 512]).keep();
  const before = { bits: x.bits(), random: getRandomState(), held: memory.stats().allocatedBytes };
  withFakeTensors(() =>
    scope(() => {
      x.mul_(2).add_(dropout(x, 0.5)).zero_();
      palabra.set_random_state(palabra.random_state());
      rand([1_000_000, 1_000_000]);
    }),
  );
  expect({ bits: x.bits(), random: getRandomState(), held: memory.stats().allocatedBytes }).toEqual(before);
});

test('count what they would hold, that of gradients too, while they live', () => {
  using weight = rand([1000, 1000]).keep().requiresGrad_(true);
  const found = withFakeTensors(() =>
    scope(() => {
      backward(weight.exp().sum());
      const { allocatedBytes, peakAllocatedBytes } = memory.stats();
      weight.grad = undefined;
      memory.resetPeak();
      return { allocatedBytes, peakAllocatedBytes, ...{ after: memory.stats().peakAllocatedBytes } };
    }),
  );
  // The exponential; it and the gradient.
  expect(found.allocatedBytes).toBeGreaterThanOrEqual(8e6);
  expect(found.peakAllocatedBytes).toBeLessThan(8.01e6 + 4e6);
  expect(found.after).toBeLessThanOrEqual(found.allocatedBytes - 4e6);
  expect(weight.grad).toBeUndefined();
});

test('count the logits that a loss holds at a time as the loss does', () => {
  scope(() => {
    const [x, weight] = [rand([4096, 64]), rand([20_000, 64])];
    const targets = randint(0, 20_000, [4096], { dtype: 'int64' });
    const peakOf = () => {
      const before = memory.stats().allocatedBytes;
      memory.resetPeak();
      scope(() => void linearCrossEntropy(x, weight, targets));
      return memory.stats().peakAllocatedBytes - before;
    };
    const [computed, fake] = [peakOf(), withFakeTensors(peakOf)];
    expect(Math.abs(fake / computed - 1)).toBeLessThan(0.02);
  });
});

test('have no values to read, and give none to what goes by values', () => {
  using made = withFakeTensors(() => ones([2, 2]).keep());
  expect(() => made.tolist()).toThrow(/no values|none to read/);
  expect(() => scope(() => made.add(1))).toThrow(/none to read/);
  withFakeTensors(() =>
    scope(() => {
      expect(() => ones([1]).item()).toThrow(/none to read/);
      expect(() => nonzero(ones([3]))).toThrow();
      expect(zeros([2]).shape).toEqual([2]);
    }),
  );
});

test('end with the function, also where it fails, and not with one inside', () => {
  expect(() =>
    withFakeTensors(() => {
      throw new RangeError('no');
    }),
  ).toThrow('no');
  expect(scope(() => ones([2]).sum().item())).toBe(2);
  withFakeTensors(() =>
    scope(() => {
      withFakeTensors(() => undefined);
      expect(() => ones([1]).item()).toThrow(/none to read/);
    }),
  );
});

test('are not for promises or recordings', async () => {
  expect(() => withFakeTensors(() => Promise.resolve())).toThrow(/\[PAL_ARGUMENT\] withFakeTensors/);
  using recorded = program((x: Tensor) => withFakeTensors(() => x.add(1)));
  using x = ones([1]).keep();
  await expect(recorded.run(x)).rejects.toThrow(/\[PAL_PROGRAM\]/);
});
