import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LstmLanguageModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { SGD } from '../../lib/optim/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { TensorBoard } from '../../lib/training/index.js';
import type { TrainerRun, TrainerStep } from '../../lib/training/index.js';
import { describeWithPython, python } from '../helpers/python.js';

interface Read {
  records: number[];
  scalars: Record<string, [step: number, value: number][]>;
  histograms: Record<string, [step: number, histogram: Record<string, number & number[]>][]>;
  texts: Record<string, [step: number, text: string][]>;
  plugins: Record<string, string>;
}

const config = { optimizer: { type: 'adamw' }, seed: 7, note: 'añós ✓' };

function runOf(model: LanguageModel, directory: string, step: number): TrainerRun {
  const optimizer = new SGD([{ parameters: model.namedParameters() }], { learningRate: 0.1 });
  const data = { size: 1, targetCount: 1 };
  const nothing = () => undefined;
  return { model, optimizer, directory, config, step, steps: 9, data, stop: nothing, emit: nothing, log: nothing };
}

function stepOf(index: number, loss: number): TrainerStep {
  const sizes = { tokens: 4, totalTokens: 4 * index, epoch: index / 8, seconds: 0.5, tokensPerSecond: 8 };
  return {
    index,
    loss,
    gradNorm: 1,
    learningRate: 2 ** -index,
    ...sizes,
    peakBytes: 2 ** 33,
    maxGradNorm: undefined,
    skipped: false,
  };
}

describeWithPython('TensorBoard event files, read by the tensorboard package', () => {
  let folder = '';
  let read: Read;
  let model: LstmLanguageModel;

  /** Writes steps `from` … `to`, an evaluation after the last, as one process of a run. */
  async function write(from: number, to: number, loss: number): Promise<void> {
    const part = new TensorBoard({ histograms: true });
    await part.onStart(runOf(model, folder, from - 1));
    for (let index = from; index <= to; index++) await part.onStep(stepOf(index, loss));
    part.onEvent({ type: 'skipped-update', step: to, scale: 1024 });
    for (const tensor of model.parameters()) tensor.grad = tensor.detach().mul(2);
    const measured = { loss: 2.5, perplexity: Math.exp(2.5), tokens: 9, best: true };
    await part.onEvaluation({ step: to, epoch: 1, ...measured });
    await part.onEnd();
  }

  beforeAll(async () => {
    manualSeed(2);
    model = new LstmLanguageModel({ vocabSize: 7, width: 6, embeddingDim: 4, layers: 1 });
    folder = await mkdtemp(join(tmpdir(), 'palabra-tensorboard-'));
    await write(1, 5, 4);
    await write(4, 6, 3);
    read = python('tests/parity/event_files.py', { input: { directory: join(folder, 'tensorboard') } }).json as Read;
  });

  afterAll(async () => {
    model.dispose();
    await rm(folder, { recursive: true });
  });

  test('files are named as TensorBoard expects, and every record is whole', async () => {
    const names = await readdir(join(folder, 'tensorboard'));
    expect(names).toHaveLength(2);
    for (const name of names) expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\..+\.\d+\.\d+$/);
    // Version, start after a resume, text; a step each; scale, evaluation; two histograms each.
    const weights = model.parameters().length;
    expect(read.records).toEqual([2 + 5 + 2 + 2 * weights, 3 + 3 + 2 + 2 * weights]);
  });

  test('scalars, those of a resumed run in the place of the ones it makes again', () => {
    expect(read.scalars['train/loss']).toEqual([1, 2, 3, 4, 5, 6].map((step) => [step, step < 4 ? 4 : 3]));
    expect(read.scalars['train/learningRate']!.map(([, rate]) => rate)).toEqual(
      [2, 4, 8, 16, 32, 64].map((x) => 1 / x),
    );
    expect(read.scalars['memory/peakBytes']![0]).toEqual([1, 2 ** 33]);
    expect(read.scalars['validation/loss']).toEqual([[6, 2.5]]);
    expect(read.scalars['train/lossScale']).toEqual([[6, 1024]]);
  });

  test('the configuration as a text', () => {
    expect(read.plugins).toEqual({ 'config/text_summary': 'text' });
    const [, text] = read.texts['config/text_summary']!.at(-1)!;
    expect(JSON.parse(text.replace(/```(json)?/g, ''))).toEqual(config);
  });

  test('weights and gradients as histograms', () => {
    const parameters = model.namedParameters();
    const names = Object.keys(parameters).sort();
    expect(Object.keys(read.histograms).sort()).toEqual(
      ['gradients', 'weights'].flatMap((kind) => names.map((name) => `${kind}/${name}`)),
    );
    for (const [name, weight] of Object.entries(parameters)) {
      const [[step, histogram]] = read.histograms[`weights/${name}`]! as [(typeof read.histograms)[string][number]];
      expect(step).toBe(6);
      expect(histogram.num).toBe(weight.numel);
      expect(histogram.bucket!.reduce((sum, count) => sum + count, 0)).toBe(weight.numel);
      const [[, gradient]] = read.histograms[`gradients/${name}`]! as [(typeof read.histograms)[string][number]];
      expect(gradient.max).toBeCloseTo(2 * Number(weight.max().item()), 5);
      expect(histogram.min).toBeCloseTo(Number(weight.min().item()), 5);
      expect(histogram.sum).toBeCloseTo(Number(weight.sum().item()), 4);
      expect(histogram.sum_squares).toBeCloseTo(Number(weight.square().sum().item()), 4);
    }
  });

  test('a torn record at the end, as a kill leaves it, hides nothing before it', async () => {
    const [name] = await readdir(join(folder, 'tensorboard'));
    const torn = join(folder, 'torn');
    const part = new TensorBoard({ directory: torn });
    await part.onStart(runOf(model, folder, 0));
    await part.onStep(stepOf(1, 4));
    await part.onEnd();
    const [file] = await readdir(torn);
    expect(name).toBeDefined();
    await appendFile(join(torn, file!), Buffer.from([20, 0, 0, 0, 0, 0, 0]));
    const found = python('tests/parity/event_files.py', { input: { directory: torn } }).json as Read;
    expect(found.scalars['train/loss']).toEqual([[1, 4]]);
  });
});
