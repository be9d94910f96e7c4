import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Gpt } from '../../lib/models/index.js';
import type { ForwardContext } from '../../lib/models/index.js';
import type { TokenLossTerms } from '../../lib/nn/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import type { SummedLoss, Tensor } from '../../lib/tensor/index.js';
import type { TrainerEnd } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { VOCABULARY, hold, trained } from './fixtures.js';

freedAfterEach();

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'palabra-no-best-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A model that learns, and whose loss is no number where it is evaluated. */
class Unmeasured extends Gpt {
  override loss(ids: Tensor, targets: Tensor, context?: ForwardContext, terms?: TokenLossTerms): SummedLoss {
    const { lossSum, count } = super.loss(ids, targets, context, terms);
    return context?.training === true ? { lossSum, count } : { lossSum: lossSum.mul(NaN), count };
  }
}

function newUnmeasured(): Unmeasured {
  manualSeed(1);
  return hold(new Unmeasured({ vocabSize: VOCABULARY, contextLength: 8, width: 16, layers: 1, heads: 2 }));
}

describe('a run whose evaluations are all no numbers', () => {
  test('publishes nothing and says so; its checkpoint stays', async () => {
    const ends: TrainerEnd[] = [];
    const callbacks = [{ name: 'end', onEnd: (end: TrainerEnd) => void ends.push(end) }];
    const options = { model: newUnmeasured(), steps: 4, evaluateEvery: 2, runDirectory: folder, callbacks };
    await expect(trained(options)).rejects.toMatchObject({
      code: 'PAL_NON_FINITE',
      message: expect.stringContaining(
        'expected an evaluation whose perplexity is finite, received none; NaN at step 4',
      ),
    });
    expect(existsSync(join(folder, 'model'))).toBe(false);
    expect(readdirSync(join(folder, 'checkpoints'))).toContain('step-00000004');
    expect(ends).toMatchObject([{ reason: 'error', step: 4, error: { code: 'PAL_NON_FINITE' } }]);
    expect(readFileSync(join(folder, 'metrics.jsonl'), 'utf8')).toMatch(/"type":"end","step":4,"reason":"error"/);
  });

  test('without a folder the weights in memory are no best ones either', async () => {
    await expect(trained({ model: newUnmeasured(), steps: 2 })).rejects.toMatchObject({ code: 'PAL_NON_FINITE' });
    const last = await trained({ model: newUnmeasured(), steps: 2, restoreBest: false });
    expect(last.end).toMatchObject({ step: 2, reason: 'limit', best: undefined });
  });

  test('a single figure of one’s own that is a number is enough', async () => {
    const metrics = [{ name: 'rows', start: () => undefined, add: () => undefined, result: () => 1 }];
    const { end } = await trained({
      model: newUnmeasured(),
      steps: 2,
      metrics,
      bestMetric: 'rows',
      runDirectory: folder,
    });
    expect(end.best).toMatchObject({ loss: NaN, metrics: { rows: 1 } });
    expect(existsSync(join(folder, 'model'))).toBe(true);
  });
});
