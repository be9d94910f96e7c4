import { expect, test } from '@jest/globals';
import { Gpt } from '../../lib/models/index.js';
import type { LossOutput } from '../../lib/models/index.js';
import type { TokenLossTerms } from '../../lib/nn/index.js';
import { SGD } from '../../lib/optim/index.js';
import { trainStep } from '../../lib/step/index.js';
import { manualSeed, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { batchOfRows } from '../helpers/batches.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const PENALTY = 0.3;
const TARGETS = 7;
const inputRows = [
  [1, 2, 3, 4],
  [4, 3, 2, 1],
];
const targetRows = [
  [2, 3, 4, 5],
  [3, 2, 1, -100],
];
const batch = batchOfRows(inputRows, targetRows);

/** A model that also wants small features, and tells how large they are. */
class PenalizedModel extends Gpt {
  protected override featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms): LossOutput {
    const squares = features.square().sum();
    const { lossSum, count } = super.featureLoss(features, targets, terms);
    return { lossSum, count, auxiliary: { penalty: squares.mul(PENALTY) }, metrics: { squares } };
  }
}

function newModel(): PenalizedModel {
  manualSeed(1);
  return new PenalizedModel({ vocabSize: 7, contextLength: 8, width: 8, layers: 2, heads: 2 });
}

const newOptimizer = (model: Gpt) =>
  new SGD([{ parameters: model.namedParameters() }], { learningRate: 0.1, momentum: 0 });
const weightsOf = (model: Gpt) => model.parameters().flatMap((weight) => [...(weight.data() as Float32Array)]);

/** The step by hand: one objective, differentiated as a whole. */
function stepByHand(model: PenalizedModel): Record<'loss' | 'penalty' | 'squares', number> {
  const optimizer = newOptimizer(model);
  return scope(() => {
    const [inputs, targets] = [inputRows, targetRows].map((rows) => tensor(rows, { dtype: 'int64' }));
    const { lossSum, auxiliary, metrics } = model.loss(inputs!, targets!, { training: true });
    lossSum.add(auxiliary!.penalty!).div(TARGETS).backward();
    optimizer.step();
    const mean = (value: Tensor) => noGrad(() => value.div(TARGETS)).item();
    return { loss: mean(lossSum), penalty: mean(auxiliary!.penalty!), squares: mean(metrics!.squares!) };
  });
}

test.each([
  ['as one program', {}, 1],
  ['eagerly', { mode: 'eager' }, 1],
  ['in micro-batches', {}, 2],
  ['checkpointed', { checkpointing: true }, 1],
] as const)(
  'auxiliary losses are trained and reported, metrics are reported only: %s',
  async (_, options, microBatches) => {
    const [byHand, model] = [newModel(), newModel()];
    const expected = stepByHand(byHand);
    using step = trainStep({ model, optimizer: newOptimizer(model), ...options });
    const { loss, metrics } = await step.run(batch, { microBatches });
    expect(loss).toBeCloseTo(expected.loss, 4);
    expect(Object.keys(metrics).sort()).toEqual(['penalty', 'squares']);
    expect(metrics.penalty).toBeCloseTo(expected.penalty, 4);
    expect(metrics.squares).toBeCloseTo(expected.squares, 4);
    const wanted = weightsOf(byHand);
    for (const [i, value] of weightsOf(model).entries()) expect(value).toBeCloseTo(wanted[i]!, 4);
  },
);

/** A model whose penalty is a figure only. */
class WatchedModel extends Gpt {
  protected override featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms): LossOutput {
    return { ...super.featureLoss(features, targets, terms), metrics: { squares: features.square().sum() } };
  }
}

test('a metric changes no weight, a model without one reports none', async () => {
  const config = { vocabSize: 7, contextLength: 8, width: 8, layers: 2, heads: 2 } as const;
  const results = [Gpt, WatchedModel].map(async (Model) => {
    manualSeed(1);
    const model = new Model(config);
    using step = trainStep({ model, optimizer: newOptimizer(model) });
    const { metrics } = await step.run(batch);
    return { names: Object.keys(metrics), weights: weightsOf(model) };
  });
  const [plain, watched] = await Promise.all(results);
  expect(plain!.names).toEqual([]);
  expect(watched!.names).toEqual(['squares']);
  expect(watched!.weights).toEqual(plain!.weights);
});
