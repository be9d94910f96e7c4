import { describe, expect, jest, test } from '@jest/globals';
import { BucketDataset, PackedDataset, WindowDataset } from '../../lib/data/index.js';
import { evaluate } from '../../lib/evaluation/index.js';
import type { TokenBatch } from '../../lib/data/index.js';
import type { Metric } from '../../lib/evaluation/index.js';
import { Gpt } from '../../lib/models/index.js';
import type { ForwardContext, LanguageModel } from '../../lib/models/index.js';
import { SGD } from '../../lib/optim/index.js';
import { areDeterministicAlgorithmsEnabled, memory } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { EarlyStopping, Trainer } from '../../lib/training/index.js';
import type { TrainerData, TrainerEvaluation, Callback, TrainerRun } from '../../lib/training/index.js';
import { bitsOf, heldOut, newModel, tokens, trained, windowData } from './fixtures.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const fast = { type: 'adamw', learningRate: 0.01 } as const;

describe('steps', () => {
  test('lower the loss, and evaluations cover the whole split', async () => {
    const { steps, trainer, end } = await trained({
      steps: 40,
      evaluateEvery: 15,
      optimizer: fast,
      restoreBest: false,
    });
    expect(steps.map((step) => step.index)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(steps.filter((step) => step.validation).map((step) => step.index)).toEqual([15, 30, 40]);
    expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss - 0.2);
    const { loss, perplexity, tokens: count } = await evaluate(trainer.model, heldOut);
    const { validation } = steps.at(-1)!;
    expect(validation).toMatchObject({ tokens: count, step: 40 });
    expect(validation!.loss).toBeCloseTo(loss, 5);
    expect(validation!.perplexity).toBeCloseTo(perplexity, 4);
    expect(end).toEqual({ reason: 'limit', step: 40, best: trainer.best });
  });

  test('count tokens, epochs and time', async () => {
    const { steps } = await trained({ steps: 10 });
    expect(steps.map((step) => step.tokens)).toEqual(Array(10).fill(32));
    expect(steps.at(-1)).toMatchObject({ totalTokens: 320, epoch: 40 / 37, maxGradNorm: 1, skipped: false });
    for (const { seconds, tokensPerSecond, peakBytes } of steps) {
      expect(tokensPerSecond).toBeCloseTo(32 / seconds, 3);
      expect(peakBytes).toBeGreaterThan(10_000);
    }
  });

  test('give the same losses bit by bit as a program and eagerly', async () => {
    const run = async (mode: 'program' | 'eager', accumulation: number) => {
      const settings = { steps: 12, evaluateEvery: 4, labelSmoothing: 0.1, mode, accumulation };
      const { steps, trainer } = await trained({ model: newModel({ dropout: 0.2 }), ...settings });
      return [steps.map(({ loss, gradNorm, validation }) => [loss, gradNorm, validation?.loss]), bitsOf(trainer)];
    };
    for (const accumulation of [1, 3])
      expect(await run('eager', accumulation)).toEqual(await run('program', accumulation));
  });

  test('depend on the seed', async () => {
    const losses = async (seed: number) => (await trained({ steps: 3, seed })).steps.map((step) => step.loss);
    expect(await losses(1)).toEqual(await losses(1));
    expect(await losses(1)).not.toEqual(await losses(2));
  });

  test('follow the schedule and clip', async () => {
    const optimizer = { type: 'sgd', learningRate: 1, momentum: 0 } as const;
    const schedule = { type: 'linear', warmup: 1, minimum: 0.2 } as const;
    const { steps, trainer } = await trained({ steps: 5, optimizer, schedule, maxGradNorm: 0.01 });
    const expected = [0.5, 1, 0.8, 0.6, 0.4];
    for (const [i, { learningRate }] of steps.entries()) expect(learningRate).toBeCloseTo(expected[i]!, 6);
    expect(Math.min(...steps.map((step) => step.gradNorm))).toBeGreaterThan(0.01);
    const moved = newModel()
      .parameters()
      .map((weight, i) => trainer.model.parameters()[i]!.sub(weight).square().sum().item());
    expect(Math.sqrt(moved.reduce((a, b) => a + b))).toBeLessThanOrEqual(
      0.01 * expected.reduce((a, b) => a + b) * 1.001,
    );
  });

  test('leave no tensor behind', async () => {
    const run = async () => {
      const { trainer } = await trained({ steps: 6, evaluateEvery: 3, accumulation: 2, ema: {}, gradientNoise: {} });
      trainer.model.dispose();
      trainer.optimizer.dispose();
    };
    await run();
    const before = memory.stats().liveSlots;
    await run();
    expect(memory.stats().liveSlots).toBe(before);
  });
});

describe('deterministic', () => {
  test('lets none but deterministic operators work while the run lasts, beside another run as well', async () => {
    const seen: boolean[] = [];
    const look: Callback = { name: 'look', onStep: () => void seen.push(areDeterministicAlgorithmsEnabled()) };
    const run = async (deterministic: boolean, steps: number) =>
      await trained({ steps, deterministic, callbacks: deterministic ? [look] : [] });
    const [longer] = await Promise.all([run(true, 6), run(true, 2)]);
    expect(seen).toEqual(Array(8).fill(true));
    expect(areDeterministicAlgorithmsEnabled()).toBe(false);
    const plain = await run(false, 6);
    expect(longer.steps.map(({ loss }) => loss)).toEqual(plain.steps.map(({ loss }) => loss));
  });

  test('is over where the run fails', async () => {
    const failing: Callback = { name: 'failing', onStep: () => Promise.reject(new RangeError('unrelated')) };
    await expect(trained({ steps: 2, deterministic: true, callbacks: [failing] })).rejects.toThrow('unrelated');
    expect(areDeterministicAlgorithmsEnabled()).toBe(false);
  });
});

describe('accumulation', () => {
  /** One step of plain descent; the gradients stay behind. */
  const oneStep = async (accumulation: number, data: TrainerData) => {
    const optimizer = { type: 'sgd', learningRate: 1, momentum: 0 } as const;
    const settings = { steps: 1, batchSize: 8, schedule: { type: 'constant' } as const, maxGradNorm: null };
    return await trained({ ...settings, data, optimizer, accumulation });
  };

  test.each([2, 3, 4, 8, 20])('in %d microBatches equals the whole batch', async (microBatches) => {
    // The last window is padded, so that microBatches count differently many targets.
    const data = { train: new WindowDataset(tokens.subarray(0, 60), { length: 8 }) };
    const [whole, cut] = [await oneStep(1, data), await oneStep(microBatches, data)];
    expect(cut.steps[0]!.tokens).toBe(whole.steps[0]!.tokens);
    expect(Math.abs(cut.steps[0]!.loss / whole.steps[0]!.loss - 1)).toBeLessThan(1e-6);
    expect(Math.abs(cut.steps[0]!.gradNorm / whole.steps[0]!.gradNorm - 1)).toBeLessThan(1e-6);
    const gradients = [whole, cut].map(({ trainer }) => trainer.model.parameters().map(({ grad }) => grad!));
    for (const [i, expected] of gradients[0]!.entries()) {
      const difference = expected.sub(gradients[1]![i]!).abs().max().item();
      expect(difference).toBeLessThanOrEqual(1e-6 * expected.abs().max().item());
    }
  });
});

describe('data', () => {
  test('packed documents see neither each other nor a target of another', async () => {
    const starts = [0, 5, 8, 16, 19, 24];
    const packed = new PackedDataset({ tokens: tokens.subarray(0, 30), starts }, { length: 8 });
    const { steps, trainer } = await trained({
      data: { train: packed },
      steps: 1,
      batchSize: packed.size,
      schedule: still,
    });
    let [sum, count] = [0, 0];
    for (const [i, start] of starts.entries()) {
      const document = tokens.subarray(start, starts[i + 1] ?? 30);
      const { loss, tokens: predicted } = await evaluate(newModel(), document);
      sum += loss * predicted;
      count += predicted;
    }
    expect(steps[0]!.tokens).toBe(count);
    expect(steps[0]!.loss).toBeCloseTo(sum / count, 5);
    trainer.model.dispose();
  });

  test('a sequence that ends is begun again', async () => {
    const { steps } = await trained({ steps: 12, order: 'sequential' });
    expect(steps.map((step) => step.tokens)).toEqual([...Array(9).fill(32), 8, 32, 32]);
    expect(steps.at(-1)!.epoch).toBeCloseTo(1 + 8 / 37, 9);
  });

  test('label smoothing is for training only', async () => {
    const plain = await trained({ steps: 1, evaluateEvery: 1, schedule: still });
    const smooth = await trained({ steps: 1, evaluateEvery: 1, schedule: still, labelSmoothing: 0.2 });
    expect(smooth.steps[0]!.loss).not.toBeCloseTo(plain.steps[0]!.loss, 4);
    expect(smooth.steps[0]!.validation!.loss).toBe(plain.steps[0]!.validation!.loss);
  });
});

/** A first step that changes next to nothing. */
const still = { type: 'constant', warmup: 1_000_000_000 } as const;

describe('limit', () => {
  test('counts steps, epochs or tokens, whichever ends first', async () => {
    const stepsOf = async (limits: object) => (await trained({ ...limits })).steps.length;
    expect(await stepsOf({ epochs: 2 })).toBe(Math.ceil((2 * 37) / 4));
    expect(await stepsOf({ tokens: 100 })).toBe(4);
    expect(await stepsOf({ tokens: 100, steps: 2 })).toBe(2);
    expect(await stepsOf({ steps: 50, epochs: 0.5 })).toBe(5);
    // Twelve documents in two lengths make more than three batches of four.
    const starts = [0, 5, 9, 40, 61, 70, 110, 113, 150, 200, 222, 260];
    const train = new BucketDataset({ tokens: tokens.subarray(0, 297), starts }, { length: 8, lengths: [4, 8] });
    const { steps } = await trained({ epochs: 1, data: { train } });
    expect(steps.reduce((sum, step) => sum + step.tokens, 0)).toBe(train.targetCount);
  });

  test('counts minutes, and the schedule follows the time', async () => {
    let milliseconds = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => milliseconds);
    const slow: Callback = { name: 'slow', onStepStart: () => void (milliseconds += 3750) };
    const optimizer = { type: 'sgd', learningRate: 1, momentum: 0 } as const;
    const schedule = { type: 'linear' } as const;
    const settings = { minutes: 0.5, optimizer, schedule, evaluateEvery: 100, callbacks: [slow] };
    const { steps, trainer, end } = await trained(settings).finally(() => clock.mockRestore());
    expect(end.reason).toBe('limit');
    expect(trainer.totalSteps).toBeUndefined();
    expect(steps.map(({ seconds }) => seconds)).toEqual(Array(8).fill(3.75));
    for (const [i, { learningRate }] of steps.entries()) expect(learningRate).toBeCloseTo(1 - i / 8, 3);
  });

  test('is asked for', () => {
    expect(() => new Trainer({ model: newModel(), data: windowData() })).toThrow(
      /\[PAL_CONFIG\].*steps, epochs, tokens or minutes/,
    );
  });
});

describe('callbacks', () => {
  test('hear what happens in order', async () => {
    const heard: string[] = [];
    const listener = (name: string): Callback => ({
      name,
      onStart: ({ step, steps }) => void heard.push(`${name} start ${step}/${steps}`),
      onStepStart: (index) => void heard.push(`${name} before ${index}`),
      onStep: ({ index }) => void heard.push(`${name} step ${index}`),
      onEvaluation: ({ step }) => void heard.push(`${name} evaluation ${step}`),
      onEnd: ({ reason }) => void heard.push(`${name} end ${reason}`),
    });
    await trained({ steps: 2, evaluateEvery: 2, callbacks: [listener('a'), listener('b')] });
    expect(heard.filter((line) => line.startsWith('a'))).toEqual([
      'a start 0/2',
      'a before 1',
      'a step 1',
      'a before 2',
      'a evaluation 2',
      'a step 2',
      'a end limit',
    ]);
    expect(heard.map((line) => line[0])).toEqual(heard.map((_, i) => (i % 2 === 0 ? 'a' : 'b')));
  });

  test('may end the run', async () => {
    const stopper: Callback = { name: 'stopper', onStart: (run) => run.stop('enough') };
    const { steps, end } = await trained({ steps: 9, callbacks: [stopper] });
    expect([steps.length, end.reason]).toEqual([0, 'enough']);
  });

  test('have different names', () => {
    const callbacks = [{ name: 'x' }, { name: 'x' }];
    expect(() => new Trainer({ model: newModel(), data: windowData(), steps: 1, callbacks })).toThrow(/x twice/);
  });

  test('early stopping counts evaluations without progress', async () => {
    const earlyStopping = { patience: 3, minimumDelta: 100 };
    const { end, steps } = await trained({ steps: 100, evaluateEvery: 2, earlyStopping });
    expect([end.reason, steps.length]).toEqual(['early stopping', 8]);
  });

  test("early stopping may look at a metric of one's own, measured with the weights that are evaluated", async () => {
    const script = [0.1, 0.2, 0.3, 0.25, 0.3, 0.2, 0.9];
    const seen: unknown[] = [];
    let [rows, measured]: [number, LanguageModel | undefined] = [0, undefined];
    const score: Metric<TokenBatch> = {
      name: 'score',
      start: (model) => void ([rows, measured] = [0, model]),
      add: ({ shape }) => void (rows += shape[0]),
      result: async () => {
        expect(rows).toBe(13);
        seen.push(measured!.parameters().map((weight) => [...weight.bits()]));
        return await Promise.resolve(script[seen.length - 1]!);
      },
    };
    const metrics = [score];
    const earlyStopping = { metric: 'score', goal: 'highest', patience: 3 } as const;
    const settings = { steps: 40, evaluateEvery: 2, earlyStopping, metrics, ema: { decay: 0.5 }, optimizer: fast };
    const { end, steps, trainer } = await trained(settings);
    expect([end.reason, steps.length]).toEqual(['early stopping', 12]);
    expect(steps.flatMap(({ validation }) => validation?.metrics?.score ?? [])).toEqual(script.slice(0, 6));
    // The third was the highest, so its weights are those that stay.
    expect(seen[2]).toEqual(trainer.model.parameters().map((weight) => [...weight.bits()]));
    const data = windowData();
    const refused = (options: object) => () => new Trainer({ ...settings, model: trainer.model, data, ...options });
    expect(refused({ earlyStopping: { metric: 'scor' } })).toThrow(/earlyStopping\.metric.*"score"/);
    expect(refused({ data: { train: data.train } })).toThrow(/\[PAL_CONFIG\].*validation split for score/);
    expect(refused({ metrics: [score, score] })).toThrow(/\[PAL_CONFIG\].*score twice/);
    expect(refused({ metrics: [{ ...score, name: 'loss' }] })).toThrow(/\[PAL_CONFIG\].*loss twice/);
  });

  test.each([
    [{ patience: 3 }, [5, 4, 4.5, 4.4, 4.3, 1], 5],
    [{ patience: 5, minimumDelta: 0.01 }, [3, 2.995, 2.991, 2.98, 2.975, 2.972, 2.9705, 2.971, 2.9701, 1], 9],
  ])('early stopping with %j ends a scripted run where it should', (options, script, expected) => {
    const callback = new EarlyStopping({ ...options, metric: ({ loss }) => loss });
    let stopped: number | undefined;
    const evaluations = script.map((loss, i) => ({ loss, step: i + 1 }) as TrainerEvaluation);
    for (const evaluation of evaluations) {
      callback.onStart({ stop: () => (stopped ??= evaluation.step) } as unknown as TrainerRun);
      callback.onEvaluation(evaluation);
    }
    expect(stopped).toBe(expected);
  });

  test('the average is what is evaluated; training goes on from its own weights', async () => {
    const settings = { steps: 6, evaluateEvery: 3, optimizer: fast };
    const [plain, averaged] = [await trained(settings), await trained({ ...settings, ema: { decay: 0.9 } })];
    expect(averaged.steps.map((step) => step.loss)).toEqual(plain.steps.map((step) => step.loss));
    expect(averaged.steps[2]!.validation!.loss).not.toBe(plain.steps[2]!.validation!.loss);
    const moments = ({ optimizer }: Trainer) =>
      Object.values(optimizer.stateDict()).map((tensor) => [...tensor.bits()]);
    expect(moments(averaged.trainer)).toEqual(moments(plain.trainer));
  });

  test('noise changes gradients, and falls', async () => {
    const [plain, noisy] = [await trained({ steps: 2 }), await trained({ steps: 2, gradientNoise: { variance: 1 } })];
    expect(noisy.steps[0]!.loss).toBe(plain.steps[0]!.loss);
    expect(noisy.steps[0]!.gradNorm).toBeGreaterThan(10 * plain.steps[0]!.gradNorm);
  });
});

describe('the end', () => {
  test('comes after the step under way', async () => {
    const trainer = new Trainer({ model: newModel(), data: windowData(), steps: 50, batchSize: 4 });
    let made = 0;
    for await (const { index } of trainer.steps()) {
      made = index;
      if (index === 3) trainer.stop('enough');
    }
    expect(made).toBe(3);
    await expect(trainer.steps().next()).rejects.toThrow(/a trainer that has not run/);
  });

  test('comes by a signal, even during an evaluation', async () => {
    const controller = new AbortController();
    const interrupter: Callback = {
      name: 'interrupter',
      withWeights: (work) => {
        controller.abort();
        return work();
      },
    };
    const { steps, end } = await trained({
      steps: 9,
      evaluateEvery: 2,
      signal: controller.signal,
      callbacks: [interrupter],
    });
    expect([steps.length, end.reason, end.best]).toEqual([2, 'aborted', undefined]);
    expect((await trained({ steps: 9, signal: AbortSignal.abort() })).steps).toEqual([]);
  });
});

describe('a model that sees later tokens', () => {
  class Leaky extends Gpt {
    override forward(ids: Tensor, context?: ForwardContext): Tensor {
      return super.forward(ids.flip([1]), context).flip([1]);
    }
  }

  test('is refused before the first step', async () => {
    const model = new Leaky({ ...newModel().config });
    await expect(trained({ model, steps: 1 })).rejects.toMatchObject({ code: 'PAL_CAUSALITY' });
  });
});

test('a ready-made optimizer and settings that do not fit', async () => {
  const model = newModel();
  const optimizer = new SGD([{ parameters: model.namedParameters() }], { learningRate: 0.5 });
  const { steps } = await trained({ model, optimizer, steps: 2, schedule: { type: 'constant' } });
  expect(steps[1]!.learningRate).toBe(0.5);
  const options = { model, data: windowData(), steps: 1, batchSize: 0, presicion: 'float32' };
  expect(() => new Trainer(options)).toThrow(/batchSize[^]*presicion: unknown key. Did you mean "precision"/);
  const before = memory.stats().liveSlots;
  const refused = [
    { schedule: { type: 'cosine', warmup: 9 } },
    { earlyStopping: { metric: 'blue' }, ema: {} },
    {
      metrics: [{ name: 'score', start: () => undefined, add: () => undefined, result: () => 1 }],
      data: { train: windowData().train },
    },
  ] as const;
  for (const wrong of refused) {
    expect(() => new Trainer({ model, data: windowData(), steps: 2, ...wrong })).toThrow(/\[PAL_/);
    expect(memory.stats().liveSlots).toBe(before);
  }
});
