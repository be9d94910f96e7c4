import { expect, test } from '@jest/globals';
import { Gpt } from '../../../lib/models/index.js';
import { allclose, manualSeed, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const ids = (rows: number[][]) => tensor(rows, { dtype: 'int64' });
const batch = () => ({ inputs: ids([[1, 2, 3], [3, 1, 0]]), targets: ids([[2, 3, -100], [1, 0, 4]]) }); // prettier-ignore

function newModel(): Gpt {
  manualSeed(2);
  return new Gpt({ vocabSize: 5, width: 8, layers: 1, heads: 2, contextLength: 4, initStd: 0.3 });
}

function gradientsOf(model: Gpt): Tensor[] {
  return model.parameters().map((parameter) => parameter.grad!.clone());
}

test('loss is the sum over counted positions of what forward predicts', () => {
  scope(() => {
    const model = newModel();
    const { inputs, targets } = batch();
    const { lossSum, count } = model.loss(inputs, targets, { training: false });
    const logProbability = model.forward(inputs, { training: false }).logSoftmax(-1);
    const at = (row: number, place: number) =>
      logProbability
        .select(0, row)
        .select(0, place)
        .select(0, (targets.tolist() as number[][])[row]![place]!)
        .item();
    expect(count.item()).toBe(5);
    expect(lossSum.item()).toBeCloseTo(-(at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1) + at(1, 2)), 5);
  });
});

test('two halves of a batch add up to the gradients of the whole when scaled by its tokens', () => {
  scope(() => {
    const model = newModel();
    const { inputs, targets } = batch();
    const whole = model.accumulateGradients(inputs, targets, { training: true });
    const expected = gradientsOf(model);
    model.zeroGrad();
    const halves = [0, 1].map((row) =>
      model.accumulateGradients(inputs.narrow(0, row, 1), targets.narrow(0, row, 1), undefined, { scale: 1 / 5 }),
    );
    expect(halves[0]!.lossSum.item() + halves[1]!.lossSum.item()).toBeCloseTo(whole.lossSum.item(), 5);
    gradientsOf(model).forEach((gradient, i) =>
      expect(allclose(gradient, expected[i]!, { rtol: 1e-5, atol: 1e-7 })).toBe(true),
    );
  });
});

test('gradients of a pass under autocast keep the dtype of the parameters', () => {
  scope(() => {
    const model = newModel();
    const { inputs, targets } = batch();
    const exact = model.accumulateGradients(inputs, targets).lossSum.item();
    const { lossSum } = model.accumulateGradients(inputs, targets, undefined, { autocast: 'bfloat16' });
    expect(lossSum.item()).not.toBe(exact);
    expect(lossSum.item()).toBeCloseTo(exact, 1);
    expect(model.parameters().every((parameter) => parameter.grad!.dtype === 'float32')).toBe(true);
  });
});
