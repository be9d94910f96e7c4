import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import { tokenLoss } from '../../lib/nn/index.js';
import { AdamW, SGD, clipGradNorm } from '../../lib/optim/index.js';
import { manualSeed, memory, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { trainStep } from '../../lib/step/index.js';
import { batchOfRows } from '../helpers/batches.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const config = { vocabSize: 7, contextLength: 8, width: 8, layers: 1, heads: 2, initStd: 0.3 } as const;
const values = (x: Tensor) => [...(x.data() as Float32Array)];

const inputRows = [
  [1, 2, 3, 4],
  [4, 3, 2, 1],
];
const targetRows = [
  [2, 3, 4, 5],
  [3, 2, 1, 0],
];
const batch = batchOfRows(inputRows, targetRows);

let inputs: Tensor;
let targets: Tensor;

beforeEach(() => {
  inputs = tensor(inputRows, { dtype: 'int64' }).keep();
  targets = tensor(targetRows, { dtype: 'int64' }).keep();
});

afterEach(() => {
  inputs.dispose();
  targets.dispose();
});

function newModel(): Gpt {
  manualSeed(1);
  return new Gpt(config);
}

const adamW = (model: Gpt, learningRate = 1e-2) =>
  new AdamW([{ parameters: model.namedParameters() }], { learningRate });

describe('trainStep', () => {
  test('recorded and replayed steps equal steps by hand', async () => {
    const [recorded, byHand] = [newModel(), newModel()];
    const step = trainStep({ model: recorded, optimizer: adamW(recorded), maxGradNorm: 0.5 });
    const optimizer = adamW(byHand);
    for (let i = 0; i < 4; i++) {
      const result = await step.run(batch);
      const expected = scope(() => {
        optimizer.zeroGrad();
        const loss = tokenLoss(byHand.forward(inputs), targets);
        loss.backward();
        const norm = clipGradNorm(byHand.parameters(), 0.5);
        optimizer.step();
        return { loss: loss.item(), norm: norm.item() };
      });
      expect(result.loss).toBeCloseTo(expected.loss, 5);
      expect(result.gradNorm).toBeCloseTo(expected.norm, 4);
    }
    for (const [i, weight] of recorded.parameters().entries()) {
      const other = values(byHand.parameters()[i]!);
      for (const [j, value] of values(weight).entries()) expect(value).toBeCloseTo(other[j]!, 4);
    }
  });

  test('memorises one batch', async () => {
    for (const model of [
      newModel(),
      new LstmLanguageModel({ vocabSize: 7, embeddingDim: 8, width: 16, layers: 1, dropout: 0 }),
    ]) {
      const optimizer = new AdamW([{ parameters: model.namedParameters() }], { learningRate: 0.02, weightDecay: 0 });
      const step = trainStep({ model, optimizer, maxGradNorm: 1 });
      let loss = Infinity;
      for (let i = 0; i < 200; i++) loss = (await step.run(batch)).loss;
      expect(loss).toBeLessThan(0.1);
    }
  });

  test('clips: one step of SGD moves weights by at most the clipped norm', async () => {
    const model = newModel();
    const before = model.parameters().map((weight) => weight.detach().clone());
    const optimizer = new SGD([{ parameters: model.namedParameters() }], { learningRate: 1 });
    const { gradNorm } = await trainStep({ model, optimizer, maxGradNorm: 0.25 }).run(batch);
    const moved = model.parameters().map((weight, i) => weight.detach().sub(before[i]!).square().sum().item());
    expect(gradNorm).toBeGreaterThan(0.25);
    expect(Math.sqrt(moved.reduce((a, b) => a + b))).toBeCloseTo(0.25, 4);
  });

  test('reports the loss before the update, smoothed where asked', async () => {
    const model = newModel();
    const plain = noGrad(() => tokenLoss(model.forward(inputs), targets).item());
    const smoothed = noGrad(() => tokenLoss(model.forward(inputs), targets, { labelSmoothing: 0.2 }).item());
    expect((await trainStep({ model, optimizer: adamW(model), labelSmoothing: 0.2 }).run(batch)).loss).toBeCloseTo(
      smoothed,
      5,
    );
    const fresh = newModel();
    expect((await trainStep({ model: fresh, optimizer: adamW(fresh) }).run(batch)).loss).toBeCloseTo(plain, 5);
  });

  test('leaves out ignored targets', async () => {
    const model = newModel();
    const partly = [
      [2, 3, -100, -100],
      [3, 2, 1, -100],
    ];
    const expected = noGrad(() => tokenLoss(model.forward(inputs), tensor(partly, { dtype: 'int64' })).item());
    expect((await trainStep({ model, optimizer: adamW(model) }).run(batchOfRows(inputRows, partly))).loss).toBeCloseTo(
      expected,
      5,
    );
  });

  test.each(['first', 'later'])('a NaN changes no weight (%s step)', async (when) => {
    const model = newModel();
    const optimizer = adamW(model);
    const step = trainStep({ model, optimizer, maxGradNorm: 1 });
    if (when === 'later') await step.run(batch);
    const poisoned = model.blocks[0]!.attention.value.weight;
    const good = poisoned.detach().clone();
    poisoned.detach().narrow(0, 0, 1).fill_(NaN);
    const before = [...model.parameters(), ...Object.values(optimizer.stateDict())].map((x) => x.bits());
    await expect(step.run(batch)).rejects.toMatchObject({ code: 'PAL_NON_FINITE', details: { loss: NaN } });
    const after = [...model.parameters(), ...Object.values(optimizer.stateDict())].map((x) => x.bits());
    expect(after).toEqual(before);
    poisoned.detach().copy_(good);
    expect((await step.run(batch)).loss).toBeLessThan(5);
  });

  test('takes batches of other shapes', async () => {
    const model = newModel();
    const step = trainStep({ model, optimizer: adamW(model) });
    for (const width of [4, 2, 3, 4, 2]) {
      const [x, y] = [inputRows, targetRows].map((rows) => rows.map((row) => row.slice(0, width)));
      expect((await step.run(batchOfRows(x!, y!))).loss).toBeLessThan(5);
    }
  });

  test('follows the learning rate', async () => {
    const model = newModel();
    const optimizer = adamW(model);
    const step = trainStep({ model, optimizer });
    await step.run(batch);
    await step.run(batch);
    optimizer.learningRate = 0;
    const before = model.parameters().map((weight) => weight.bits());
    await step.run(batch);
    expect(model.parameters().map((weight) => weight.bits())).toEqual(before);
  });

  test('draws dropout anew at each replay', async () => {
    manualSeed(1);
    const model = new Gpt({ ...config, dropout: 0.5 });
    const step = trainStep({ model, optimizer: adamW(model, 0) });
    const losses = new Set<number>();
    for (let i = 0; i < 4; i++) losses.add((await step.run(batch)).loss);
    expect(losses.size).toBe(4);
  });

  test('leaves no tensor behind', async () => {
    const model = newModel();
    const step = trainStep({ model, optimizer: adamW(model), maxGradNorm: 1 });
    await step.run(batch);
    const before = memory.stats().liveSlots;
    for (let i = 0; i < 5; i++) await step.run(batch);
    expect(memory.stats().liveSlots).toBe(before);
  });

  test('refuses a largest norm of 0 and runs after its end', async () => {
    const model = newModel();
    expect(() => trainStep({ model, optimizer: adamW(model), maxGradNorm: 0 })).toThrow(/maxGradNorm/);
    const step = trainStep({ model, optimizer: adamW(model) });
    step.dispose();
    await expect(step.run(batch)).rejects.toMatchObject({ code: 'PAL_DISPOSED' });
  });
});
