import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AdamW, Optimizer, buildSchedule } from '../../lib/optim/index.js';
import type { ParameterEntry, ResolvedGroup } from '../../lib/optim/interface/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { zerosLike } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { ScheduleFunction, TrainerOptions } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { bitsOf, hold, newModel, trained, windowData } from './fixtures.js';

freedAfterEach();

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'palabra-functions-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Momentum whose update is its sign alone. */
class SignMomentum extends Optimizer {
  constructor(model: LanguageModel) {
    super([{ parameters: model.namedParameters() }], { learningRate: 0.01, weightDecay: 0 });
    this.initializeState();
  }

  protected newState(parameter: Tensor): Record<string, Tensor> {
    return { momentum: zerosLike(parameter) };
  }

  protected prepareUpdate({ learningRate }: ResolvedGroup, entries: ParameterEntry[]): () => void {
    return () => {
      for (const { parameter, gradient, state } of entries) {
        state.momentum!.mul_(0.9).add_(gradient);
        parameter.sub_(state.momentum!.sign().mul(learningRate));
      }
    };
  }
}

const optimizer = (model: LanguageModel): Optimizer => new SignMomentum(model);
const schedule: ScheduleFunction = (step, { steps, learningRate }) => learningRate * (1 - step / (2 * steps));

const resume = async (options: Partial<TrainerOptions>): Promise<Trainer> =>
  hold(await Trainer.resume(folder, { data: windowData(), ...options }));

describe('an optimizer and a schedule as functions', () => {
  test('train, and go on after a resume to the same bits as a run that was never stopped', async () => {
    const whole = await trained({ steps: 12, evaluateEvery: 4, optimizer, schedule });
    await trained({ steps: 12, evaluateEvery: 4, optimizer, schedule, runDirectory: folder, callbacks: [stopAt(5)] });
    const resumed = await resume({ optimizer, schedule });
    await resumed.run();
    expect(bitsOf(resumed)).toEqual(bitsOf(whole.trainer));
    expect(resumed.optimizer).toBeInstanceOf(SignMomentum);
    expect(whole.steps.map(({ learningRate }) => learningRate)).toEqual(
      Array.from({ length: 12 }, (_, step) => 0.01 * (1 - step / 24)),
    );
  });

  test('a function and the configuration of the same schedule or optimizer give the same bits', async () => {
    const settings = { steps: 6, evaluateEvery: 3 };
    const plain = await trained({
      ...settings,
      optimizer: { type: 'adamw', learningRate: 0.01 },
      schedule: { type: 'cosine', warmup: 2, minimum: 0 },
    });
    const cosine = buildSchedule({ type: 'cosine', warmup: 2, minimum: 0 }, { steps: 6, learningRate: 0.01 });
    const functions = await trained({
      ...settings,
      optimizer: (model) => new AdamW([{ parameters: model.namedParameters() }], { learningRate: 0.01 }),
      schedule: (step) => cosine.rate(step),
    });
    expect(functions.steps.map(({ learningRate }) => learningRate)).toEqual(
      plain.steps.map(({ learningRate }) => learningRate),
    );
  });

  test('the schedule hears of epochs and evaluations, which a resume brings back', async () => {
    const seen: (number | undefined)[] = [];
    const heard: ScheduleFunction = (_, { validation }) => {
      seen.push(validation?.step);
      return 0.01;
    };
    const stopped = { steps: 6, evaluateEvery: 2, optimizer, schedule: heard };
    await trained({ ...stopped, runDirectory: folder, callbacks: [stopAt(5)] });
    await (await resume({ optimizer, schedule: heard })).run();
    expect(seen).toEqual([undefined, undefined, 2, 2, 4, 4]);
  });

  test('the folder says that they are functions, and a resume without them says what to pass', async () => {
    await trained({ steps: 3, optimizer, schedule, runDirectory: folder });
    const { own } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as { own: unknown };
    expect(own).toEqual({ optimizer: 'a function', schedule: 'a function' });
    await expect(resume({ optimizer })).rejects.toMatchObject({
      code: 'PAL_CONFIG',
      details: { missing: ['schedule'] },
    });
    await expect(resume({})).rejects.toThrow('pass optimizer, schedule to Trainer.resume again');
    const replaced = await resume({ steps: 4, optimizer, schedule: { type: 'constant' } });
    await expect(replaced.run()).resolves.toMatchObject({ step: 4 });
  });

  test('new Trainer({ resume: true }) asks for them as Trainer.resume does, and leaves the folder as it is', async () => {
    const settings = { steps: 6, evaluateEvery: 3, runDirectory: folder };
    await trained({ ...settings, optimizer, schedule, callbacks: [stopAt(3)] });
    const before = readFileSync(join(folder, 'config.json'), 'utf8');
    await expect(trained({ ...settings, optimizer, resume: true })).rejects.toMatchObject({
      code: 'PAL_CONFIG',
      details: { missing: ['schedule'] },
    });
    await expect(trained({ ...settings, resume: true })).rejects.toThrow(
      'pass optimizer, schedule to new Trainer again',
    );
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(before);
    const { end } = await trained({ ...settings, optimizer, schedule: { type: 'constant' }, resume: true });
    expect(end.step).toBe(6);
  });

  test('a loss of one’s own is asked for by new Trainer too', async () => {
    const settings = { steps: 4, evaluateEvery: 2, runDirectory: folder };
    const loss: TrainerOptions['loss'] = (model, { inputs, targets, context }) => model.loss(inputs, targets, context);
    await trained({ ...settings, loss, callbacks: [stopAt(2)] });
    await expect(trained({ ...settings, resume: true })).rejects.toMatchObject({ details: { missing: ['loss'] } });
  });

  test('an optimizer that was given ready-made is named too', async () => {
    const model = newModel();
    await trained({ model, steps: 2, optimizer: hold(optimizer(model)), runDirectory: folder });
    await expect(resume({})).rejects.toThrow('optimizer (SignMomentum), as the run was started with');
  });

  test.each([NaN, -1, 'fast' as unknown as number])('a rate of %p is refused with its step', async (rate) => {
    await expect(trained({ steps: 3, schedule: (step) => (step === 1 ? rate : 0.01) })).rejects.toThrow(
      'schedule(1, run)',
    );
  });

  test('what is no optimizer is refused', async () => {
    const wrong = (() => ({ step: () => undefined })) as unknown as typeof optimizer;
    await expect(trained({ steps: 3, optimizer: wrong })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
  });
});

function stopAt(step: number): NonNullable<TrainerOptions['callbacks']>[number] {
  let stop: (reason: string) => void;
  return {
    name: 'stop',
    onStart: (run) => void (stop = (reason) => run.stop(reason)),
    onStep: ({ index }) => (index === step ? stop('test') : undefined),
  };
}
