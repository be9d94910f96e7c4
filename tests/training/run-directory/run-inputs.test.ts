import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WindowDataset, hashTokens } from '../../../lib/data/index.js';
import { evaluateDataset } from '../../../lib/evaluation/index.js';
import { loadModel } from '../../../lib/models/index.js';
import { ByteTokenizer, CharTokenizer } from '../../../lib/text/index.js';
import { TensorBoard, Trainer } from '../../../lib/training/index.js';
import type { Callback, TrainerOptions } from '../../../lib/training/index.js';
import { hold, newModel, tokens, windowData } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

let folder = '';

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'palabra-inputs-')), 'run');
});

afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

const letters = new CharTokenizer(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k']);
const others = new CharTokenizer(['k', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'a']);
/** As many other tokens, so that neither sizes nor positions tell. */
const otherData = () => ({
  train: new WindowDataset(
    Uint16Array.from(tokens.subarray(0, 297), (id) => 10 - id),
    { length: 8 },
  ),
});

async function begin(options: Partial<TrainerOptions> = {}, until = 3): Promise<void> {
  const settings = { data: windowData(), steps: 6, batchSize: 4, runDirectory: folder, ...options };
  const trainer = hold(new Trainer({ model: newModel(), ...settings }));
  for await (const { index } of trainer.steps()) if (index === until) break;
}

const resumed = async (options: Partial<TrainerOptions>) =>
  hold(await Trainer.resume(folder, { data: windowData(), ...options }));

describe('a run goes on with what it was started with', () => {
  test('other data of equal length are an error that names both', async () => {
    await begin();
    const [before, now] = await Promise.all(
      [windowData().train, otherData().train].map(({ tokens: row }) => hashTokens(row)),
    );
    const message = new RegExp(
      `\\[PAL_DATA\\].*SHA-256 ${before!.slice(0, 12)}.*as the run was started with.*${now!.slice(0, 12)}.*--allow-other-data`,
    );
    await expect((await resumed({ data: otherData() })).run()).rejects.toThrow(message);
    await expect((await resumed({})).run()).resolves.toMatchObject({ step: 6 });
  });

  test('other validation data are an error that names both, unless one insists', async () => {
    const { train } = windowData();
    await begin({ data: { train, validation: train } });
    const other = { train, validation: otherData().train };
    await expect((await resumed({ data: other })).run()).rejects.toThrow(
      /\[PAL_DATA\].*expected validation data of SHA-256 \w+….*received validation data of SHA-256 .*--allow-other-data/,
    );
    const goesOn = { step: 6 };
    await expect((await resumed({ data: { train } })).run()).resolves.toMatchObject(goesOn);
    await expect((await resumed({ data: other, allowOtherData: true })).run()).resolves.toMatchObject(goesOn);
    await expect(
      (await resumed({ data: { train, validation: { more: otherData().train } } })).run(),
    ).resolves.toMatchObject(goesOn);
  });

  test('of several validation sets the one that differs is named', async () => {
    const { train } = windowData();
    const { train: odd } = otherData();
    await begin({ data: { train, validation: { news: train, prose: train } } });
    const mixed = { train, validation: { news: train, prose: odd } };
    await expect((await resumed({ data: mixed })).run()).rejects.toThrow(
      /validation data 'prose' of SHA-256(?!.*news)/,
    );
  });

  test('another tokenizer is an error that names both', async () => {
    await begin({ tokenizer: letters });
    await expect((await resumed({ tokenizer: others })).run()).rejects.toThrow(
      /\[PAL_DATA\].*the tokenizer char of 11 tokens, SHA-256 \w+….*received the tokenizer char of 11 tokens, SHA-256/,
    );
  });

  test('where one insists, other data begin anew and epochs are counted on', async () => {
    await begin({ tokenizer: letters });
    const trainer = await resumed({ data: otherData(), tokenizer: others, allowOtherData: true });
    const epochs: number[] = [];
    for await (const { epoch } of trainer.steps()) epochs.push(epoch);
    expect(epochs.map((epoch) => epoch * 37)).toEqual([16, 20, 24].map((rows) => expect.closeTo(rows, 6)));
    const again = await resumed({ data: otherData(), steps: 7 });
    for await (const { epoch } of again.steps()) expect(epoch * 37).toBeCloseTo(28, 6);
  });

  test('a hash sees every token, whatever holds it', async () => {
    const row = Uint16Array.from({ length: 600_000 }, (_, i) => i % 1000);
    expect(await hashTokens(Uint32Array.from(row))).toBe(await hashTokens(row));
    for (const place of [0, 299_999, 599_999]) {
      const changed = Uint16Array.from(row);
      changed[place]! ^= 1;
      expect(await hashTokens(changed)).not.toBe(await hashTokens(row));
    }
  });
});

describe('what lies beside a model', () => {
  const settings = { tabs: 'keep', case: { type: 'lower' } } as TrainerOptions['preprocess'];

  test('lies beside every one of a run, resumed or not, and beside its checkpoints', async () => {
    await begin({ tokenizer: letters, preprocess: settings, generation: { temperature: 0.5 } });
    await (await resumed({})).run();
    const checkpoints = readdirSync(join(folder, 'checkpoints')).map((name) => join('checkpoints', name, 'model'));
    for (const place of ['model', ...checkpoints]) {
      const { model, tokenizer, preprocess: stored, generation } = await loadModel(join(folder, place));
      expect([place, tokenizer?.size, generation]).toEqual([place, 11, { temperature: 0.5 }]);
      expect(stored).toMatchObject(settings!);
      model.dispose();
    }
  });

  test('is checked before the first step', () => {
    const refused = (options: object) => () =>
      new Trainer({ model: newModel(), data: windowData(), steps: 1, ...options });
    expect(refused({ preprocess: { lowercse: true } })).toThrow(/\[PAL_CONFIG\][^]*lowercse/);
    expect(refused({ generation: { temprature: 1 } })).toThrow(/\[PAL_CONFIG\][^]*temprature/);
    expect(refused({ tokenizer: new ByteTokenizer() })).toThrow(
      /\[PAL_CONFIG\].*at most 11 tokens, the vocabSize of Gpt, received ByteTokenizer of 256/,
    );
    expect(refused({ tokenizer: letters })).not.toThrow();
  });
});

test('steps are in every log once their checkpoint is there', async () => {
  const seen: number[][] = [];
  const look: Callback = {
    name: 'look',
    onEvent: ({ type, step }: { type: string; step?: number }) => {
      if (type !== 'checkpoint' || step === 0) return;
      const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8');
      const board = join(folder, 'tensorboard');
      const [events] = readdirSync(board);
      const bytes = readFileSync(join(board, events!)).toString('latin1');
      seen.push([step!, lines.split('"type":"step"').length - 1, bytes.split('train/loss').length - 1]);
    },
  };
  await begin({ steps: 20, checkpointEvery: 5, evaluateEvery: 20, callbacks: [new TensorBoard(), look] }, 20);
  expect(seen).toEqual([5, 10, 15, 20].map((step) => [step, step, step]));
});

test('an average that is switched on at a resume starts from the weights of the checkpoint', async () => {
  await begin();
  const { model } = await loadModel(join(folder, 'checkpoints', 'step-00000003', 'model'));
  const { loss } = await evaluateDataset(model, windowData().validation, { batchSize: 4 });
  model.dispose();
  // At a rate of 0 the weights stay, and so does their average.
  const still = { optimizer: { type: 'muon', learningRate: 0 }, schedule: { type: 'constant' } } as const;
  const trainer = await resumed({ ...still, steps: 4, ema: { decay: 0.999 }, evaluateEvery: 4 });
  const losses: unknown[] = [];
  for await (const { index, validation } of trainer.steps()) losses.push([index, validation?.loss]);
  expect(losses).toEqual([[4, expect.closeTo(loss, 6)]]);
});
