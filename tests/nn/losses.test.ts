import { describe, expect, test } from '@jest/globals';
import { sumTokenLoss, tokenLoss } from '../../lib/nn/index.js';
import { tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const logits = tensor([
  [
    [0, Math.log(3)],
    [Math.log(4), 0],
  ],
]).keep(); // probabilities ¼ ¾, then ⅘ ⅕
const targets = tensor([[1, 0]], { dtype: 'int64' }).keep();
const first = -Math.log(3 / 4);
const second = -Math.log(4 / 5);

describe('tokenLoss', () => {
  test('is the mean negative log-likelihood', () => {
    expect(tokenLoss(logits, targets).item()).toBeCloseTo((first + second) / 2, 6);
    expect(tokenLoss(logits, targets, { reduction: 'sum' }).item()).toBeCloseTo(first + second, 6);
  });

  test('leaves ignored targets out of the mean', () => {
    const ignoring = tensor([[1, -100]], { dtype: 'int64' });
    expect(tokenLoss(logits, ignoring).item()).toBeCloseTo(first, 6);
    expect(tokenLoss(logits, targets, { ignoreIndex: 0 }).item()).toBeCloseTo(first, 6);
  });

  test('smooths labels: (1 − ε)·NLL + ε·mean NLL', () => {
    const meanFirst = -(Math.log(1 / 4) + Math.log(3 / 4)) / 2;
    const meanSecond = -(Math.log(4 / 5) + Math.log(1 / 5)) / 2;
    const expected = (0.9 * first + 0.1 * meanFirst + 0.9 * second + 0.1 * meanSecond) / 2;
    expect(tokenLoss(logits, targets, { labelSmoothing: 0.1 }).item()).toBeCloseTo(expected, 6);
  });

  test('smooths only positions that count', () => {
    const meanFirst = -(Math.log(1 / 4) + Math.log(3 / 4)) / 2;
    const ignoring = tensor([[1, -100]], { dtype: 'int64' });
    const loss = tokenLoss(logits, ignoring, { labelSmoothing: 0.1 });
    expect(loss.item()).toBeCloseTo(0.9 * first + 0.1 * meanFirst, 6);
  });

  test('is NaN where nothing counts', () => {
    expect(tokenLoss(logits, tensor([[-100, -100]], { dtype: 'int64' })).item()).toBeNaN();
  });

  test('refuses other shapes and smoothing', () => {
    expect(() => tokenLoss(logits, tensor([[1]], { dtype: 'int64' }))).toThrow(/\[PAL_SHAPE\] tokenLoss/);
    expect(() => tokenLoss(logits, targets, { labelSmoothing: 2 })).toThrow(/labelSmoothing/);
  });

  test('adds z times the squared log-partition of each counted position', () => {
    const [one, two] = [Math.log(4) ** 2, Math.log(5) ** 2];
    const ignoring = tensor([[1, -100]], { dtype: 'int64' });
    const plain = (first + second) / 2;
    expect(tokenLoss(logits, targets, { zLoss: 0.1 }).item()).toBeCloseTo(plain + (0.1 * (one + two)) / 2, 5);
    expect(tokenLoss(logits, ignoring, { zLoss: 0.1 }).item()).toBeCloseTo(first + 0.1 * one, 5);
    expect(tokenLoss(logits, ignoring, { zLoss: 0.1, reduction: 'sum' }).item()).toBeCloseTo(first + 0.1 * one, 5);
    expect(() => tokenLoss(logits, targets, { zLoss: -1 })).toThrow(/zLoss/);
  });

  test('is summed beside the number of positions that count', () => {
    const { lossSum, count } = sumTokenLoss(logits, tensor([[1, -100]], { dtype: 'int64' }));
    expect(lossSum.item()).toBeCloseTo(first, 6);
    expect(count.item()).toBe(1);
  });
});
