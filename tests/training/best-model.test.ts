import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WindowDataset } from '../../lib/data/index.js';
import type { TokenBatch } from '../../lib/data/index.js';
import { evaluateDataset } from '../../lib/evaluation/index.js';
import type { Metric } from '../../lib/evaluation/index.js';
import { loadModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { Callback, TrainerOptions, TrainerRun } from '../../lib/training/index.js';
import { hold, newModel, tokens, trained, windowData } from './fixtures.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

let folder = '';

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'palabra-best-')), 'run');
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

const constant = { schedule: { type: 'constant' } } as const;
/** The kinds of weights that are evaluated. */
const kinds: Record<string, Partial<TrainerOptions>> = {
  'the trained weights': { optimizer: { type: 'adamw', learningRate: 0.01 } },
  'their moving average': { optimizer: { type: 'adamw', learningRate: 0.01 }, ema: { decay: 0.6 } },
  "the optimizer's average": { optimizer: { type: 'schedule-free', learningRate: 0.01 } },
};

/** Steps too far from the ninth on, so that the loss rises again. */
function stumble(): Callback {
  let run: TrainerRun | undefined;
  return {
    name: 'stumble',
    onStart: (started) => void (run = started),
    onStepStart: (index) => void (index > 8 && (run!.optimizer.learningRate = 0.5)),
  };
}

const rising = (kind = 'the trained weights') =>
  ({
    steps: 12,
    evaluateEvery: 2,
    ...constant,
    ...kinds[kind]!,
    callbacks: [stumble()],
  }) satisfies Partial<TrainerOptions>;

const lossOf = async (model: LanguageModel): Promise<number> =>
  (await evaluateDataset(model, windowData().validation, { batchSize: 4 })).loss;

/** The loss of a stored model. */
async function storedLoss(path: string): Promise<number> {
  const { model } = await loadModel(path);
  const loss = await lossOf(model);
  model.dispose();
  return loss;
}

describe.each(Object.keys(kinds))('with %s, one model has one loss', (kind) => {
  test.each(['without a folder', 'in a folder'])('the best is left in the model, %s', async (place) => {
    const where = place === 'in a folder' && { runDirectory: folder };
    const { trainer, steps, end } = await trained({ ...rising(kind), ...where });
    const losses = steps.flatMap(({ validation }) => validation?.loss ?? []);
    expect(end.best!.loss).toBe(Math.min(...losses));
    expect(losses.at(-1)).toBeGreaterThan(end.best!.loss + 0.01);
    expect(await lossOf(trainer.model)).toBe(end.best!.loss);
    if (where) expect(await storedLoss(join(folder, 'model'))).toBe(end.best!.loss);
  });

  test('the last that was evaluated stays where the best is not asked for', async () => {
    const { trainer, steps } = await trained({ ...rising(kind), restoreBest: false, runDirectory: folder });
    expect(await lossOf(trainer.model)).toBe(steps.at(-1)!.validation!.loss);
    expect(await storedLoss(join(folder, 'model'))).toBe(trainer.best!.loss);
  });

  test('each checkpoint holds the model that its loss was measured of, and training goes on all the same', async () => {
    const whole = await trained(rising(kind));
    const first = hold(
      new Trainer({
        model: newModel(),
        data: windowData(),
        batchSize: 4,
        ...rising(kind),
        runDirectory: folder,
        keep: { last: 9 },
      }),
    );
    for await (const { index } of first.steps()) if (index === 6) break;
    const measured = new Map(whole.steps.map(({ index, validation }) => [index, validation?.loss]));
    for (const name of readdirSync(join(folder, 'checkpoints'))) {
      const expected = measured.get(Number(name.slice(5)));
      if (expected !== undefined) expect(await storedLoss(join(folder, 'checkpoints', name, 'model'))).toBe(expected);
    }
    const second = hold(await Trainer.resume(folder, { data: windowData(), callbacks: [stumble()] }));
    for await (const { index, loss, validation } of second.steps()) {
      expect([loss, validation?.loss]).toEqual([whole.steps[index - 1]!.loss, measured.get(index)]);
    }
    expect(await lossOf(second.model)).toBe(whole.trainer.best!.loss);
  });
});

test('without validation data the model that is left is the one that is published', async () => {
  const data = { train: windowData().train };
  const { trainer } = await trained({ steps: 5, data, ema: { decay: 0.6 }, runDirectory: folder });
  const plain = await trained({ steps: 5, data });
  expect(await storedLoss(join(folder, 'model'))).toBe(await lossOf(trainer.model));
  expect(await lossOf(trainer.model)).not.toBe(await lossOf(plain.trainer.model));
});

test('a better model that was published after the last checkpoint is the one that is left', async () => {
  const gentle = { steps: 9, evaluateEvery: 2, optimizer: { type: 'adamw', learningRate: 0.01 }, ...constant } as const;
  const first = new Trainer({ model: newModel(), data: windowData(), batchSize: 4, ...gentle, runDirectory: folder });
  for await (const { index } of hold(first).steps()) if (index === 4) break;
  expect(first.best).toMatchObject({ step: 4, best: true });
  // As after a kill between the two.
  rmSync(join(folder, 'checkpoints', 'step-00000004'), { recursive: true });
  const optimizer = { type: 'adamw', learningRate: 0 } as const;
  const second = hold(await Trainer.resume(folder, { data: windowData(), steps: 5, optimizer }));
  const end = await second.run();
  expect(end.best).toEqual(first.best);
  expect(await lossOf(second.model)).toBe(first.best!.loss);
});

/** A metric with scripted values. */
const scripted = (values: readonly number[], more: Partial<Metric<TokenBatch>> = {}): Metric<TokenBatch> => {
  let next = 0;
  return { name: 'score', start: () => undefined, add: () => undefined, result: () => values[next++]!, ...more };
};

describe('the best metric', () => {
  const settings = { steps: 12, evaluateEvery: 2, runDirectory: '' };

  test.each([
    ['of early stopping', { earlyStopping: { metric: 'score', goal: 'highest', patience: 9 } }, {}],
    ['named', { bestMetric: 'score', bestGoal: 'highest' }, {}],
    ['named, with a direction of its own', { bestMetric: 'score' }, { goal: 'highest' }],
  ] as const)('%s chooses what is published, kept and left', async (_, options, more) => {
    const metrics = [scripted([0.2, 0.5, 0.9, 0.4, 0.3, 0.6], more)];
    const { trainer, steps } = await trained({
      ...settings,
      ...options,
      runDirectory: folder,
      metrics,
      keep: { last: 1 },
    });
    expect(trainer.best).toMatchObject({ step: 6, metrics: { score: 0.9 } });
    const { loss } = steps[5]!.validation!;
    expect(await storedLoss(join(folder, 'model'))).toBe(loss);
    expect(await lossOf(trainer.model)).toBe(loss);
    expect(readdirSync(join(folder, 'checkpoints')).sort()).toEqual(['step-00000006', 'step-00000012']);
  });

  test('decides when early stopping ends the run, and when a plateau lowers the rate', async () => {
    const metrics = (): Metric<TokenBatch>[] => [scripted([0.2, 0.5, 0.4, 0.4, 0.4, 0.4])];
    const best = { bestMetric: 'score', bestGoal: 'highest' } as const;
    const stopped = await trained({
      ...settings,
      runDirectory: folder,
      ...best,
      metrics: metrics(),
      earlyStopping: { patience: 2 },
    });
    expect(stopped.end).toMatchObject({ reason: 'early stopping', step: 8, best: { step: 4 } });
    const schedule = { type: 'plateau', patience: 0, factor: 0.5 } as const;
    const optimizer = { type: 'sgd', learningRate: 0.1 } as const;
    const { steps } = await trained({ steps: 12, evaluateEvery: 2, ...best, metrics: metrics(), schedule, optimizer });
    const rates = steps.map(({ learningRate }) => learningRate);
    expect(rates.filter((_, i) => i % 2 === 0)).toEqual([0.1, 0.1, 0.1, 0.05, 0.025, 0.0125]);
  });

  test('is one that is measured', () => {
    const refused = (options: object) => () =>
      new Trainer({ model: newModel(), data: windowData(), steps: 1, ...options });
    expect(refused({ bestMetric: 'scor', metrics: [scripted([])] })).toThrow(/bestMetric.*"score"/);
  });
});

describe('several validation sets', () => {
  const sets = () => ({
    near: windowData().validation,
    far: new WindowDataset(Uint16Array.from(tokens, (id) => 10 - id).subarray(0, 90), { length: 8 }),
  });

  test('are all measured; the first decides', async () => {
    const data = { train: windowData().train, validation: sets() };
    const { trainer, steps } = await trained({ ...rising(), data, runDirectory: folder });
    for (const { validation } of steps) {
      if (validation === undefined) continue;
      expect(Object.keys(validation.sets!)).toEqual(['near', 'far']);
      expect(validation).toMatchObject({ ...validation.sets!.near });
      expect(validation.sets!.far!.tokens).toBe(89);
    }
    const alone = await trained(rising());
    expect(steps.map(({ validation }) => validation?.loss)).toEqual(
      alone.steps.map(({ validation }) => validation?.loss),
    );
    expect(trainer.best!.sets!.far!.loss).toBe(
      (await evaluateDataset(trainer.model, sets().far, { batchSize: 4 })).loss,
    );
  });

  test('may each be the one that decides', async () => {
    const data = { train: windowData().train, validation: sets() };
    const { trainer, steps } = await trained({
      ...rising(),
      data,
      bestMetric: 'far/loss',
      earlyStopping: { patience: 9 },
    });
    const losses = steps.flatMap(({ validation }) => validation?.sets!.far!.loss ?? []);
    expect(trainer.best!.sets!.far!.loss).toBe(Math.min(...losses));
  });

  test('have names', () => {
    const refused = (validation: object) => () =>
      new Trainer({ model: newModel(), data: { train: windowData().train, validation } as never, steps: 1 });
    expect(refused({})).toThrow(/\[PAL_CONFIG\].*at least one validation set/);
    expect(refused({ 'a/b': windowData().validation })).toThrow(/\[PAL_CONFIG\].*without a slash/);
  });
});
