import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { StreamDataset } from '../../lib/data/index.js';
import { loadModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { Embedding, Linear, Module, sumTokenLoss } from '../../lib/nn/index.js';
import { AdamW } from '../../lib/optim/index.js';
import { manualSeed, loadSafetensors, noGrad, scope } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { EarlyStopping, TrainStep, Trainer } from '../../lib/training/index.js';
import type { LossBatch, LossFunction, OwnLoss, TrainerOptions } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { VOCABULARY, bitsOf, hold, newModel, tokens, trained, windowData } from './fixtures.js';

freedAfterEach();

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'palabra-own-loss-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Two tokens in, the next out: no language model of ours. */
class Bigram extends Module {
  readonly embedding = new Embedding(VOCABULARY, 8);
  readonly head = new Linear(8, VOCABULARY);

  forward(ids: Tensor): Tensor {
    return this.head.forward(this.embedding.forward(ids));
  }
}

function newBigram(): Bigram {
  manualSeed(3);
  return hold(new Bigram());
}

const bigramLoss: LossFunction<Bigram> = (model, { inputs, targets }) => sumTokenLoss(model.forward(inputs), targets);

/** Everything that a run of the bigram model takes. */
const bigram = (options: Partial<TrainerOptions<Bigram>> = {}): TrainerOptions<Bigram> => ({
  model: newBigram(),
  data: windowData(),
  loss: bigramLoss,
  batchSize: 4,
  steps: 12,
  evaluateEvery: 4,
  optimizer: { type: 'adamw', learningRate: 0.1 },
  ...options,
});

/** The loss of a language model times three. */
const tripled: LossFunction<LanguageModel> = (model, { inputs, targets, context }: LossBatch): OwnLoss => {
  const { lossSum } = model.loss(inputs, targets, context);
  return { lossSum: lossSum.mul(3), metrics: { third: lossSum } };
};

describe('a module of one’s own with a loss of its own', () => {
  test('learns, is evaluated by its loss, stored, and resumed to the same bits', async () => {
    const whole = hold(new Trainer(bigram()));
    await whole.run();
    const stopped = hold(new Trainer(bigram({ runDirectory: folder })));
    for await (const { index } of stopped.steps()) if (index === 5) break;
    const options = { model: newBigram(), loss: bigramLoss, data: windowData() };
    const resumed = hold(await Trainer.resume(folder, options));
    const end = await resumed.run();
    expect(bitsOf(resumed)).toEqual(bitsOf(whole));
    expect(end.best).toMatchObject({ perplexity: NaN, tokens: windowData().validation.targetCount });
    expect(end.best!.loss).toBeLessThan(Math.log(VOCABULARY));
    expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).toMatchObject({
      own: { model: 'Bigram', loss: 'a function' },
      model: { kind: 'Bigram', config: {}, parameters: VOCABULARY * 17 },
    });
    const fresh = newBigram();
    scope(() => fresh.loadStateDict(loadSafetensors(join(folder, 'model', 'model.safetensors'))));
    expect([...fresh.head.weight.bits()]).toEqual([...resumed.model.head.weight.bits()]);
    await expect(loadModel(join(folder, 'model'))).rejects.toMatchObject({ code: 'PAL_CONFIG' });
  });

  test('a resume that lacks either says what to pass', async () => {
    await new Trainer(bigram({ steps: 1, runDirectory: folder })).run();
    await expect(Trainer.resume(folder, { data: windowData() })).rejects.toThrow(
      'model (Bigram), loss (a function), as the run was started with',
    );
  });

  test('micro-batches, programs and operators one by one give the same updates', async () => {
    const [whole, cut, eager] = [bigram(), bigram({ accumulation: 3 }), bigram({ mode: 'eager' })].map((options) =>
      hold(new Trainer(options)),
    );
    for (const trainer of [whole!, cut!, eager!]) await trainer.run();
    expect(bitsOf(eager!)).toEqual(bitsOf(whole!));
    const [one, other] = [whole!, cut!].map(({ model }) => (model.head.weight.tolist() as number[][]).flat());
    other!.forEach((value, index) => expect(value).toBeCloseTo(one![index]!, 4));
  });

  test('early stopping goes by its loss; perplexity is no figure of it', async () => {
    const stopping = new EarlyStopping({ patience: 1, minimumDelta: 100 });
    const end = await hold(new Trainer(bigram({ evaluateEvery: 1, callbacks: [stopping] }))).run();
    expect(end).toMatchObject({ reason: 'early stopping', step: 2 });
    expect(() => new Trainer(bigram({ bestMetric: 'perplexity' }))).toThrow('bestMetric to be one of "loss"');
    const built = hold(new Trainer(bigram({ evaluateEvery: 1, earlyStopping: { patience: 1, minimumDelta: 100 } })));
    await expect(built.run()).resolves.toMatchObject({ reason: 'early stopping', step: 2 });
  });

  test('a step alone takes it too', async () => {
    const model = newBigram();
    const optimizer = hold(new AdamW([{ parameters: model.namedParameters() }]));
    using step = new TrainStep({ model, optimizer, loss: bigramLoss });
    const [batch] = windowData().train.batches({ batchSize: 4, order: 'sequential' });
    const { loss } = await step.run(batch!);
    expect(loss).toBeGreaterThan(1);
  });

  test('a loss that is not finite names the module that gave it; no weight has changed', async () => {
    const trainer = hold(new Trainer(bigram({ steps: 1 })));
    noGrad(() => void trainer.model.embedding.weight.fill_(3e38));
    await expect(trainer.run()).rejects.toMatchObject({
      code: 'PAL_NON_FINITE',
      details: { culprit: 'the output of head' },
    });
  });

  test('what lacks a loss, or gives another value, is refused', async () => {
    expect(() => new Trainer({ model: newBigram() as unknown as LanguageModel, data: windowData(), steps: 1 })).toThrow(
      '[PAL_ARGUMENT] TrainStep: expected a loss for a model that is no LanguageModel, received Bigram without one',
    );
    const mean: LossFunction<Bigram> = (model, { inputs }) => ({ lossSum: model.forward(inputs) });
    await expect(new Trainer(bigram({ loss: mean })).run()).rejects.toThrow('received lossSum of shape');
    const nothing = (() => undefined) as unknown as LossFunction<Bigram>;
    await expect(new Trainer(bigram({ loss: nothing })).run()).rejects.toThrow('received undefined');
    const data = { train: new StreamDataset(tokens, { length: 8 }) };
    await expect(new Trainer(bigram({ data })).run()).rejects.toMatchObject({ code: 'PAL_UNSUPPORTED' });
  });
});

describe('a language model with a loss of one’s own', () => {
  test('is trained by it; its validation loss stays what it was, and the other comes beside it', async () => {
    const settings = { steps: 4, evaluateEvery: 2, optimizer: { type: 'adamw', learningRate: 0.01 } } as const;
    const plain = await trained({ model: newModel(), ...settings });
    const own = await trained({ model: newModel(), ...settings, loss: tripled });
    expect(own.steps[0]!.loss).toBeCloseTo(3 * plain.steps[0]!.loss, 4);
    expect(own.steps[0]!.metrics!.third).toBeCloseTo(plain.steps[0]!.loss, 4);
    for (const { validation } of own.steps.filter((step) => step.validation !== undefined)) {
      const { loss, perplexity, metrics } = validation!;
      expect(metrics).toEqual({ objective: expect.any(Number), third: expect.any(Number) });
      expect(metrics!.objective).toBeCloseTo(3 * loss, 4);
      expect(perplexity).toBe(Math.exp(loss));
    }
    // AdamW doesn't mind the scale of a loss but for its epsilon, so the weights are nearly those of the plain loss.
    expect(own.end.best!.loss).toBeCloseTo(plain.end.best!.loss, 2);
  });

  test('the best model may be chosen by it', async () => {
    const { end } = await trained({ steps: 2, evaluateEvery: 1, loss: tripled, bestMetric: 'objective' });
    expect(end.best!.metrics!.objective).toBeCloseTo(3 * end.best!.loss, 4);
    expect(() => new Trainer({ model: newModel(), data: windowData(), steps: 2, bestMetric: 'objective' })).toThrow(
      'received "objective"',
    );
  });

  test.each([{ labelSmoothing: 0.1 }, { zLoss: 1e-4 }, { checkpointing: true }])(
    'terms that only the model’s own loss knows are refused: %p',
    (terms) => {
      const options = { model: newModel(), data: windowData(), steps: 1, loss: tripled, ...terms };
      expect(() => new Trainer(options)).toThrow(`a loss of one's own without ${Object.keys(terms)[0]!}`);
    },
  );
});
