import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { memory, noGrad } from '../../../../lib/tensor/index.js';
import { Histograms, TensorBoard, diagnoseRun, summarizeHistogram } from '../../../../lib/training/index.js';
import type { Callback, TrainerEvent } from '../../../../lib/training/index.js';
import { freedAfterEach } from '../../../helpers/freed.js';
import { newModel, trained } from '../../fixtures.js';

freedAfterEach();

type Counted = Extract<TrainerEvent, { type: 'histograms' }>;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-histograms-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The events of a run, and the norms of its gradients at each step. */
function listen(): { listener: Callback; events: Counted[]; norms: number[] } {
  const [events, norms]: [Counted[], number[]] = [[], []];
  const listener: Callback = {
    name: 'listener',
    onEvent: (event) => void (event.type === 'histograms' && events.push(event)),
    onStep: ({ gradNorm, maxGradNorm = Infinity }) => void norms.push(Math.min(gradNorm, maxGradNorm)),
  };
  return { listener, events, norms };
}

describe('histograms', () => {
  test.each(['program', 'eager'] as const)('%s: every weight and gradient as it is after the update', async (mode) => {
    const model = newModel();
    const { listener, events, norms } = listen();
    await trained({ model, mode, steps: 4, freeze: ['embedding'], histograms: { every: 2 }, callbacks: [listener] });
    expect(events.map(({ step }) => step)).toEqual([2, 4]);
    const { weights, gradients } = events[1]!;
    const parameters = model.namedParameters();
    expect(Object.keys(weights)).toEqual(Object.keys(parameters));
    expect(Object.keys(gradients)).toEqual(Object.keys(model.namedParameters({ trainable: true })));
    for (const [step, { gradients: found }] of [...events.entries()].map(([i, event]) => [2 * i + 1, event] as const)) {
      const squares = Object.values(found).reduce((sum, { sumOfSquares }) => sum + sumOfSquares, 0);
      expect(Math.sqrt(squares)).toBeCloseTo(norms[step]!, 4);
    }
    const sizes = Object.values(weights).map(({ count }) => count);
    expect(sizes).toEqual(Object.values(parameters).map(({ numel }) => numel));
  });

  test('by default they are counted as often as is evaluated', async () => {
    const { listener, events } = listen();
    await trained({ steps: 6, evaluateEvery: 3, callbacks: [new Histograms(), listener] });
    expect(events.map(({ step }) => step)).toEqual([3, 6]);
  });

  test('they leave no tensor behind', async () => {
    const count = async (every: number) => {
      const before = memory.stats().liveSlots;
      await trained({ steps: 4, histograms: { every } });
      return memory.stats().liveSlots - before;
    };
    expect(await count(1)).toEqual(await count(9));
  });

  test('metrics.jsonl holds a summary, TensorBoard the ranges, and diagnoses read on', async () => {
    const runDirectory = join(folder, 'run');
    const model = newModel();
    await trained({
      model,
      steps: 2,
      restoreBest: false,
      histograms: { every: 2 },
      runDirectory,
      callbacks: [new TensorBoard()],
    });
    const lines = readFileSync(join(runDirectory, 'metrics.jsonl'), 'utf8').trim().split('\n');
    const line = lines.map((text) => JSON.parse(text)).find(({ type }) => type === 'histograms');
    const values = noGrad(() => model.norm.weight.detach());
    expect(line).toMatchObject({ step: 2, gradients: { 'norm.weight': { norm: expect.any(Number) } } });
    const summary = line.weights['norm.weight'];
    expect(Object.keys(summary)).toEqual(['minimum', 'maximum', 'mean', 'deviation', 'norm']);
    expect(summary.mean).toBeCloseTo(values.mean().item<number>(), 6);
    expect(summary.norm).toBeCloseTo(values.norm().item<number>(), 5);
    const [file] = readdirSync(join(runDirectory, 'tensorboard'));
    const events = readFileSync(join(runDirectory, 'tensorboard', file!), 'latin1');
    expect(events).toContain('gradients/blocks.1.mlp.up.weight');
    expect(await diagnoseRun(runDirectory)).toEqual(expect.any(Array));
  });

  test('a summary by hand', () => {
    const histogram = { minimum: 1, maximum: 5, count: 3, sum: 9, sumOfSquares: 35, limits: [3, 5], counts: [2, 1] };
    const { deviation, ...rest } = summarizeHistogram(histogram);
    expect(rest).toEqual({ minimum: 1, maximum: 5, mean: 3, norm: Math.sqrt(35) });
    expect(deviation).toBeCloseTo(Math.sqrt(8 / 3), 12);
  });

  test('every is a positive integer, and nothing else is known', () => {
    expect(() => new Histograms({ every: 0 })).toThrow(/\[PAL_ARGUMENT\] Histograms: expected every/);
    expect(() => new Histograms({ evry: 2 } as object)).toThrow(/"every"/);
  });
});
