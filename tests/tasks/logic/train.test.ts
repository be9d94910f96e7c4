import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { evaluateDataset } from '../../../lib/evaluation/index.js';
import { generateRecord } from '../../../lib/logic/index.js';
import { Gpt, gptPresets, loadModel } from '../../../lib/models/index.js';
import {
  InstructionDataset,
  LogicVocabulary,
  encodeLogicRecord,
  logicRecipes,
  scoreFormalizer,
  trainLogic,
  trainLogicTokenizer,
} from '../../../lib/tasks/index.js';
import type { TrainLogicOptions, TrainLogicReport, TrainLogicStep } from '../../../lib/tasks/index.js';
import { createLogicModel } from '../../../lib/tasks/logic/train/create-model.js';
import { resolveLogicSettings } from '../../../lib/tasks/logic/train/options.js';
import { prepareLogic } from '../../../lib/tasks/logic/train/prepare-data.js';
import { manualSeed, scope } from '../../../lib/tensor/index.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-train-logic-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tiny = { recipe: 'xs', vocabSize: 400, records: 60, held: 1, batchSize: 2, steps: 4, seed: 5 } as const;
const train = (name: string, options: Partial<TrainLogicOptions> = {}): Promise<TrainLogicReport> =>
  trainLogic({ folder: join(folder, name), ...tiny, ...options });

async function readWeights(name: string): Promise<string> {
  return (await readFile(join(folder, name, 'model', 'model.safetensors'))).toString('base64');
}

describe('the rows', () => {
  test('count what the model writes alone, and give the loss of the sequences by themselves', async () => {
    const records = Array.from({ length: 24 }, (_, index) => generateRecord(index, { seed: 9 }));
    const vocabulary = new LogicVocabulary(await trainLogicTokenizer(records, { vocabSize: 400 }));
    const encoded = records.map((record) => encodeLogicRecord(record, vocabulary));
    const written = encoded.reduce((sum, { answers: [{ start, end }] }) => sum + end - start, 0);
    const packed = new InstructionDataset(encoded, { length: 512 });
    expect(packed.targetCount).toBe(written);
    manualSeed(1);
    using model = new Gpt({ ...gptPresets['nanologic-xs'], layers: 2, vocabSize: vocabulary.tokenizer.size });
    const measure = async (dataset: InstructionDataset) => (await evaluateDataset(model, dataset)).loss;
    const alone = await Promise.all(encoded.map((one) => measure(new InstructionDataset([one], { length: 512 }))));
    const counts = encoded.map(({ answers: [{ start, end }] }) => end - start);
    const mean = alone.reduce((sum, loss, i) => sum + loss * counts[i]!, 0) / written;
    expect(await measure(packed)).toBeCloseTo(mean, 5);
  });
});

describe('a training', () => {
  let report: TrainLogicReport;
  const heard: TrainLogicStep[] = [];
  beforeAll(async () => {
    report = await train('whole', { onStep: (step) => heard.push(step) });
  });

  test('tells its steps, and writes a model with its tokenizer and what was measured', async () => {
    expect(heard.map(({ step, steps }) => [step, steps])).toEqual([1, 2, 3, 4].map((step) => [step, 4]));
    expect(heard[0]!.loss).toBeLessThan(Math.log(448) + 0.25);
    expect(report).toMatchObject({ steps: 4, sentences: 60, tooLong: 0, vocabSize: 400 });
    expect(Object.keys(report.held)).toEqual(['seen', 'patterns', 'words'].filter((name) => name in report.held));
    expect(report.held.words).toMatchObject({ count: 1, equivalence: { low: 0 } });
    expect(JSON.parse(await readFile(join(folder, 'whole', 'formalizer.json'), 'utf8'))).toEqual(report);
    const { model, tokenizer, generation } = await loadModel(report.model);
    expect(new LogicVocabulary(tokenizer!).tokenizer.size).toBe(400);
    expect(generation).toEqual({ temperature: 0 });
    expect(model.config).toMatchObject({ width: 128, layers: 4, vocabSize: 448 });
    model.dispose();
  });

  test('that is stopped goes on to the same weights', async () => {
    const controller = new AbortController();
    const onStep = ({ step }: TrainLogicStep): void => {
      if (step === 2) controller.abort();
    };
    const stopped = train('stopped', { onStep, signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    const resumed = await train('stopped', { resume: true });
    expect(resumed.steps).toBe(4);
    expect(await readWeights('stopped')).toBe(await readWeights('whole'));
  });

  test('reads records of files, and needs none of their optional fields', async () => {
    const path = join(folder, 'records.jsonl');
    const records = Array.from({ length: 80 }, (_, index) => generateRecord(index, { seed: 2 }));
    const lines = records.map(({ input, formula, atoms }) => JSON.stringify({ input, formula, atoms }));
    await writeFile(path, `${lines.join('\n')}\n`);
    const { sentences, held } = await train('files', { data: path, steps: 1, mode: 'formulaOnly' });
    expect(sentences).toBeGreaterThan(50);
    expect(sentences).toBeLessThan(80);
    expect(held.held!.count).toBe(1);
  });

  test.each([
    ['ema', { ema: 0.5 }],
    ['curriculum', { curriculum: '0:0', harder: 0 }],
    ['schedule-free', { optimizer: 'schedule-free' }],
    ['label smoothing', { labelSmoothing: 0.1 }],
    ['z-loss', { zLoss: 0.5 }],
    ['dropout', { dropout: 0.2 }],
    ['clipping', { maxGradNorm: 1e-3 }],
    ['uniform smoothing', { labelSmoothing: 0.1, smoothing: 'uniform' }],
    ['contrast', { contrast: 0.1, contrastFrom: 0 }],
    ['heads', { heads: 0.05 }],
    ['stochastic depth', { stochasticDepth: 0.9 }],
    ['weight decay', { weightDecay: 5 }],
    ['learning rate', { learningRate: 1e-3 }],
    ['noise', { noise: 1 }],
    ['mode', { mode: 'noConnectors' }],
    ['seed', { seed: 6 }],
  ] as const)('changes with its settings: %s', async (name, options) => {
    await train(name, options);
    expect(await readWeights(name)).not.toBe(await readWeights('whole'));
  });

  test('with every term and an average that is stopped goes on to the same weights, and stores no heads', async () => {
    const terms = { labelSmoothing: 0.1, contrast: 0.1, contrastFrom: 0, heads: 0.05, ema: 0.5 };
    await train('terms', terms);
    const controller = new AbortController();
    const onStep = ({ step }: TrainLogicStep): void => {
      if (step === 2) controller.abort();
    };
    await expect(train('half', { ...terms, onStep, signal: controller.signal })).rejects.toMatchObject({
      code: 'PAL_ABORTED',
    });
    const { parameters } = await train('half', { ...terms, resume: true });
    expect(await readWeights('half')).toBe(await readWeights('terms'));
    expect(parameters).toBe(report.parameters);
    const { model } = await loadModel(join(folder, 'half', 'model'));
    expect(Object.keys(model.stateDict()).filter((name) => name.startsWith('auxiliary'))).toEqual([]);
    model.dispose();
  });

  test('without terms has rows and a model without labels and heads', async () => {
    const settings = resolveLogicSettings({ folder, ...tiny });
    const prepared = await prepareLogic(settings);
    using model = createLogicModel(prepared, settings);
    expect(model.constructor).toBe(Gpt);
    expect(prepared.train.batches({ batchSize: 2, order: 'sequential' }).next().value!.labels).toBeUndefined();
  });

  test('refuses settings that it does not know or that do not fit', async () => {
    await expect(train('x', { recpe: 'xs' } as never)).rejects.toThrow('recipe');
    await expect(train('x', { recipe: 'xl' as never })).rejects.toThrow('recipe');
    await expect(train('x', { curriculum: '1:1' })).rejects.toThrow('rising');
    await expect(train('x', { contrast: 0.1 })).rejects.toThrow('contrastFrom');
    await expect(train('x', { length: 16 })).rejects.toThrow('at most 16 tokens');
  });
});

describe('scores', () => {
  test('of random weights are those of no formula', async () => {
    const records = Array.from({ length: 3 }, (_, index) => generateRecord(index, { seed: 3 }));
    const vocabulary = new LogicVocabulary(await trainLogicTokenizer(records, { vocabSize: 300 }));
    manualSeed(3);
    using model = scope(() => new Gpt({ ...gptPresets['nanologic-xs'], layers: 1, vocabSize: 320 }));
    const { count, scores, equivalence } = await scoreFormalizer(model, vocabulary, records);
    expect([count, scores.semantic, equivalence.low, equivalence.high]).toEqual([3, 0, 0, 0]);
  });
});

test('recipes name sizes of the architecture', () => {
  expect(Object.values(logicRecipes).map(({ preset }) => preset)).toEqual(['nanologic-xs', 'nanologic-s', 'nanologic']);
});
