import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Gpt } from '../../lib/models/index.js';
import type { LossOutput } from '../../lib/models/index.js';
import type { TokenLossTerms } from '../../lib/nn/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { TensorBoard } from '../../lib/training/index.js';
import { hold, newModel, trained } from './fixtures.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

/** A model that wants small features, and reports how large they are. */
class PenalizedModel extends Gpt {
  protected override featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms): LossOutput {
    const squares = features.square().sum();
    const loss = super.featureLoss(features, targets, terms);
    return { ...loss, auxiliary: { penalty: squares.mul(0.5) }, metrics: { squares } };
  }
}

test('what a model reports beside its loss stands in steps, evaluations, the log and TensorBoard', async () => {
  const runDirectory = mkdtempSync(join(tmpdir(), 'palabra-metrics-'));
  try {
    const model = hold(new PenalizedModel(newModel().config));
    const callbacks = [new TensorBoard()];
    const { steps } = await trained({ model, steps: 4, evaluateEvery: 2, accumulation: 2, runDirectory, callbacks });
    for (const { metrics } of steps) {
      expect(Object.keys(metrics!).sort()).toEqual(['penalty', 'squares']);
      expect(metrics!.penalty).toBeCloseTo(0.5 * metrics!.squares!, 4);
    }
    const evaluations = steps.flatMap(({ validation }) => validation ?? []);
    expect(evaluations.map(({ metrics }) => Object.keys(metrics!).sort())).toEqual(
      Array(2).fill(['penalty', 'squares']),
    );
    const lines = readFileSync(join(runDirectory, 'metrics.jsonl'), 'utf8').trim().split('\n');
    const logged = lines.map((line) => JSON.parse(line) as { type: string; metrics?: object });
    const of = (type: string) => logged.filter((line) => line.type === type).map(({ metrics }) => metrics);
    expect(of('step')).toEqual(steps.map(({ metrics }) => metrics));
    expect(of('evaluation')).toEqual(evaluations.map(({ metrics }) => metrics));
    const events = join(runDirectory, 'tensorboard');
    const text = readdirSync(events).map((name) => readFileSync(join(events, name), 'latin1'));
    for (const tag of ['train/penalty', 'train/squares', 'validation/penalty']) expect(text.join('')).toContain(tag);
  } finally {
    rmSync(runDirectory, { recursive: true });
  }
});

test('a model without them reports none', async () => {
  const { steps } = await trained({ steps: 1 });
  expect(steps[0]).not.toHaveProperty('metrics');
  expect(steps[0]!.validation).not.toHaveProperty('metrics');
});
