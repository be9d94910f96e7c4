import { expect, test } from '@jest/globals';
import type { TokenBatch } from '../../lib/data/index.js';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import type { DecodeState } from '../../lib/models/index.js';
import { splitMicroBatches } from '../../lib/step/batch-tensors.js';
import { RecurrentStates, trainStep } from '../../lib/step/index.js';
import { SGD } from '../../lib/optim/index.js';
import { allclose, cat, manualSeed, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const vocabSize = 9;
const [B, T] = [4, 3];

function newModel(): LstmLanguageModel {
  manualSeed(6);
  return new LstmLanguageModel({ vocabSize, embeddingDim: 6, width: 8, layers: 2, dropout: 0 });
}

/** Rows of ids that continue those of the batch before, all but the rows that start anew. */
function batchOf(seed: number, resetState: readonly boolean[]): TokenBatch {
  const inputs = Int32Array.from({ length: B * T }, (_, i) => (i * i + seed * i + seed) % vocabSize);
  return { inputs, targets: inputs.map((id) => (id + 1) % vocabSize), shape: [B, T], resetState };
}

function idsOf({ inputs, shape }: TokenBatch): Tensor {
  return tensor(inputs, { shape, dtype: 'int64' });
}

const first = batchOf(1, [true, true, true, true]);
const second = batchOf(2, [false, true, false, true]);

test.each([1, 2, 3])('the rows of a mask start anew, the others go on: %i micro-batches', (microBatches) => {
  const model = newModel();
  using states = new RecurrentStates(model);
  scope(() => {
    const read = (ids: Tensor, state?: DecodeState): Tensor =>
      noGrad(() => model.forward(ids, { training: false, ...(state && { state }) }));
    const readAll = (batch: TokenBatch): Tensor =>
      cat(
        splitMicroBatches(batch, microBatches).map((one, i) => read(idsOf(one), states.stateFor(one, i))),
        0,
      );
    readAll(first);
    const found = readAll(second);
    const anew = read(idsOf(second));
    const going = read(cat([idsOf(first), idsOf(second)], 1)).narrow(1, T, T);
    for (let row = 0; row < B; row++) {
      const wanted = second.resetState![row] === true ? anew : going;
      expect(allclose(found.select(0, row), wanted.select(0, row), { atol: 1e-6 })).toBe(true);
      expect(allclose(anew.select(0, row), going.select(0, row), { atol: 1e-3 })).toBe(false);
    }
  });
});

test('a recorded step follows the mask of each batch, in micro-batches too', async () => {
  const losses: number[][] = [];
  for (const [mode, microBatches] of [
    ['eager', 1],
    ['program', 1],
    ['program', 2],
  ] as const) {
    // prettier-ignore
    const model = newModel();
    const optimizer = new SGD([{ parameters: model.namedParameters() }], { learningRate: 0.1 });
    using step = trainStep({ model, optimizer, mode });
    const found: number[] = [];
    for (const batch of [first, second, batchOf(3, [false, false, true, false])]) {
      found.push((await step.run(batch, { microBatches })).loss);
    }
    losses.push(found);
  }
  for (const found of losses) for (const [i, loss] of found.entries()) expect(loss).toBeCloseTo(losses[0]![i]!, 5);
});

test('a model without a recurrent state refuses such batches', () => {
  using model = new Gpt({ vocabSize, contextLength: 8, width: 8, layers: 1, heads: 2 });
  using states = new RecurrentStates(model);
  expect(() => states.stateFor(first)).toThrow(/\[PAL_UNSUPPORTED\] TrainStep: .*recurrent model.*gpt/);
});
