import { expect, test } from '@jest/globals';
import { Gpt } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { trainStep } from '../../../lib/step/index.js';
import { createGradientOptions, updateWeights } from '../../../lib/step/work/index.js';
import { manualSeed, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { batchOfRows } from '../../helpers/batches.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const inputs = [
  [1, 2, 3, 4],
  [5, 4, 3, 2],
];
const targets = [
  [2, 3, 4, 5],
  [4, 3, 2, 1],
];
const COUNT = 8;

const create = () => {
  manualSeed(1);
  const model = new Gpt({ vocabSize: 11, contextLength: 8, width: 8, layers: 1, heads: 2 });
  return { model, optimizer: new AdamW([{ parameters: model.namedParameters() }], { learningRate: 0.1 }) };
};

const readBits = ({ model, optimizer }: ReturnType<typeof create>) =>
  [model.stateDict(), optimizer.stateDict()].map((state) => Object.values(state).map((value) => value.bits()));

/** Goes through a step on the batch; `loss` takes the place of what was computed. */
function goThrough({ model, optimizer }: ReturnType<typeof create>, loss?: number): number {
  return scope(() => {
    const [x, y] = [inputs, targets].map((rows) => tensor(rows, { dtype: 'int64' })) as [Tensor, Tensor];
    const scale = tensor(1 / COUNT);
    const { lossSum } = model.accumulateGradients(x, y, { training: true }, createGradientOptions({}, scale));
    const found = loss === undefined ? lossSum.mul(scale) : tensor(loss);
    return Number(updateWeights({ optimizer, maxGradNorm: 0.5 }, found).norm.item());
  });
}

test('a pass and an update are a step, bit by bit', async () => {
  const [made, gone] = [create(), create()];
  using step = trainStep({ ...made, maxGradNorm: 0.5, mode: 'eager' });
  const { gradNorm } = await step.run(batchOfRows(inputs, targets));
  expect(goThrough(gone)).toBe(gradNorm);
  expect(readBits(gone)).toEqual(readBits(made));
});

test('a loss that is not a number leaves weights and state as they are', () => {
  const gone = create();
  const before = readBits(gone);
  expect(goThrough(gone, NaN)).toBeGreaterThan(0);
  expect(readBits(gone)).toEqual(before);
  goThrough(gone);
  expect(readBits(gone)).not.toEqual(before);
});
