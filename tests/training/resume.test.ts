import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import {
  BucketDataset,
  CurriculumDataset,
  MixedDataset,
  PackedDataset,
  StreamDataset,
  WindowDataset,
} from '../../lib/data/index.js';
import type { Dataset } from '../../lib/data/index.js';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { manualSeed, memory } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerConfigOptions, TrainerOptions, Callback, TrainerStep } from '../../lib/training/index.js';

const COMBINATIONS = Number(process.env.PALABRA_RESUMES ?? 60);
const STEPS = 6;
const VOCABULARY = 11;

const tokens = Uint16Array.from({ length: 400 }, (_, i) => (i * i + (i >> 3)) % VOCABULARY);
const train = tokens.subarray(0, 300);
const validation = new WindowDataset(tokens.subarray(300), { length: 8 });
const starts = [0, 5, 9, 40, 61, 70, 110, 113, 150, 200, 222, 260];

const size = { vocabSize: VOCABULARY, contextLength: 8, width: 8, layers: 1, heads: 2 };
const models: Record<string, () => LanguageModel> = {
  gpt: () => new Gpt(size),
  'gpt with dropout': () => new Gpt({ ...size, dropout: 0.2 }),
  'lstm with dropout': () => new LstmLanguageModel({ vocabSize: VOCABULARY, embeddingDim: 8, width: 8, dropout: 0.2 }),
};
const datasets: Record<string, Dataset> = {
  windows: new WindowDataset(train, { length: 8 }),
  overlapping: new WindowDataset(train, { length: 8, stride: 4 }),
  packed: new PackedDataset({ tokens: train, starts }, { length: 8 }),
  streams: new StreamDataset(train, { length: 8 }),
  buckets: new BucketDataset({ tokens: train, starts }, { length: 8 }),
  curriculum: new CurriculumDataset([
    { dataset: new WindowDataset(train, { length: 4 }), until: { batches: 2 }, batchSize: 12 },
    { dataset: new WindowDataset(train, { length: 8 }) },
  ]),
  mix: new MixedDataset([
    { dataset: new WindowDataset(train.subarray(0, 90), { length: 8 }), weight: 2 },
    { dataset: new WindowDataset(train.subarray(90), { length: 8 }), weight: 1 },
  ]),
};
/** What a combination is drawn from; `undefined` leaves a setting at its default. */
const settings = {
  order: ['shuffled', 'random', 'sequential'],
  optimizer: [{ type: 'adamw' }, { type: 'sgd', momentum: 0.9 }, { type: 'muon' }, { type: 'schedule-free' }],
  schedule: [
    undefined,
    { type: 'plateau', patience: 0 },
    { type: 'linear', warmup: 2 },
    { type: 'restarts', period: 2 },
  ],
  ema: [undefined, { decay: 0.9 }],
  accumulation: [1, 3],
  precision: ['float32', 'float32', 'bfloat16', 'float16'],
  gradientNoise: [undefined, { variance: 0.1 }],
  earlyStopping: [undefined, { patience: 4 }],
  mode: ['program', 'eager'],
  labelSmoothing: [0, 0.1],
} satisfies { [K in keyof TrainerConfigOptions]?: TrainerConfigOptions[K][] };

interface Combination {
  model: string;
  data: string;
  config: TrainerConfigOptions;
}

function combination(index: number): Combination {
  const random = new Random(20).split(index);
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  const drawn = Object.entries(settings).map(([key, values]) => [key, pick(values as unknown[])] as const);
  const config = Object.fromEntries(drawn.filter(([, value]) => value !== undefined)) as TrainerConfigOptions;
  if (config.optimizer?.type === 'schedule-free') delete config.ema;
  const model = pick(Object.keys(models));
  const recurrent = model.startsWith('lstm');
  if (recurrent && config.precision === 'float16') config.precision = 'float32';
  const data = pick(Object.keys(datasets).filter((name) => recurrent || name !== 'streams'));
  if (data === 'streams') config.order = pick(['shuffled', 'sequential']);
  // 38 windows in batches of 9: the fifth step begins the next epoch.
  return { model, data, config: { ...config, steps: STEPS, batchSize: 9, evaluateEvery: 2, seed: index } };
}

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-resume-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Everything that must be equal after the run. */
function outcome(trainer: Trainer, steps: readonly TrainerStep[]): unknown {
  const tensors = { ...trainer.model.stateDict(), ...trainer.optimizer.stateDict() };
  const bits = Object.entries(tensors).map(([name, tensor]) => [name, [...tensor.bits()]]);
  const figures = steps.map(({ index, loss, gradNorm, learningRate, epoch, totalTokens, validation }) => {
    return { index, loss, gradNorm, learningRate, epoch, totalTokens, validation };
  });
  return { bits, figures };
}

function released(trainer: Trainer): void {
  trainer.model.dispose();
  trainer.optimizer.dispose();
}

const cases = Array.from({ length: COMBINATIONS }, (_, index) => ({ index, ...combination(index) }));

test.each(cases)('resume $index: $model, $data, $config', async ({ index, model, data, config }) => {
  const source = { train: datasets[data]!, validation };
  const started = (runDirectory?: string): Trainer => {
    manualSeed(index);
    return new Trainer({ model: models[model]!(), data: source, ...config, ...(runDirectory && { runDirectory }) });
  };
  const whole = started();
  const expected: TrainerStep[] = [];
  for await (const step of whole.steps()) expected.push(step);

  const runDirectory = join(folder, String(index));
  const first = started(runDirectory);
  const seen: TrainerStep[] = [];
  const stopAt = 1 + (index % (STEPS - 1));
  for await (const step of first.steps()) {
    seen.push(step);
    if (step.index === stopAt) break;
  }
  const second = await Trainer.resume(runDirectory, { data: source });
  for await (const step of second.steps()) seen.push(step);

  expect(outcome(second, seen)).toEqual(outcome(whole, expected));
  for (const trainer of [whole, first, second]) released(trainer);
});

test('a run that is stopped during an evaluation makes it after the resume, to the same end', async () => {
  const config = { steps: 6, batchSize: 9, evaluateEvery: 2, schedule: { type: 'plateau', patience: 0 } } as const;
  const source = { train: datasets.windows!, validation };
  const started = (options: Partial<TrainerOptions>): Trainer => {
    manualSeed(3);
    return new Trainer({ model: new Gpt(size), data: source, ...config, ...options });
  };
  const whole = started({});
  await whole.run();
  const runDirectory = join(folder, 'during-evaluation');
  const controller = new AbortController();
  const interrupter: Callback = {
    name: 'interrupter',
    withWeights: (work) => {
      controller.abort();
      return work();
    },
  };
  const first = started({ runDirectory, signal: controller.signal, callbacks: [interrupter] });
  expect(await first.run()).toMatchObject({ step: 2, reason: 'aborted', best: undefined });
  const evaluated: number[] = [];
  const listener: Callback = { name: 'listener', onEvaluation: ({ step }) => void evaluated.push(step) };
  const second = await Trainer.resume(runDirectory, { data: source, callbacks: [listener] });
  await second.run();
  expect(evaluated).toEqual([2, 4, 6]);
  expect(outcome(second, [])).toEqual(outcome(whole, []));
  expect(second.best).toEqual(whole.best);
  for (const trainer of [whole, first, second]) released(trainer);
});

test('leaves no tensor behind', async () => {
  const before = memory.stats().liveSlots;
  const runDirectory = join(folder, 'leaks');
  const options = { data: { train: datasets.windows!, validation }, steps: 4, batchSize: 9, ema: {}, evaluateEvery: 2 };
  const first = new Trainer({ ...options, model: new Gpt(size), runDirectory, gradientNoise: {} });
  for await (const step of first.steps()) if (step.index === 2) break;
  const second = await Trainer.resume(runDirectory, options);
  await second.run();
  for (const trainer of [first, second]) released(trainer);
  expect(memory.stats().liveSlots).toBe(before);
});
