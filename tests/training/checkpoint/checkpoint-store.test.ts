import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { Gpt, loadModel } from '../../../lib/models/index.js';
import { Scope, tensor } from '../../../lib/tensor/index.js';
import { ByteTokenizer } from '../../../lib/text/index.js';
import { CheckpointStore } from '../../../lib/training/checkpoint/checkpoint-store.js';
import { readManifest, verifyCheckpoint } from '../../../lib/training/checkpoint/manifest.js';
import { getModelFolder, packState, readTensors, readValues } from '../../../lib/training/checkpoint/state-files.js';
import type { TrainingState } from '../../../lib/training/checkpoint/state-files.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const FLIPS = Number(process.env.PALABRA_FLIPS ?? 1000);

let model: Gpt;
let folder = '';
let made: Scope;

beforeEach(() => {
  made = new Scope();
  model = new Gpt({ vocabSize: 7, contextLength: 4, width: 4, layers: 1, heads: 2 });
  folder = mkdtempSync(join(tmpdir(), 'palabra-checkpoints-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  model.dispose();
  made.dispose();
});

function state(step: number): TrainingState {
  const tensors = made.run(() => ({ 'optimizer/x': tensor([step, 2, 3]), 'optimizer/none': tensor([]) }));
  return { model, beside: { tokenizer: new ByteTokenizer(), generation: { topP: 0.9 } }, tensors, values: { step } };
}

const never = (path: string, problem: string): never => {
  throw new Error(`${path}: ${problem}`);
};

describe('CheckpointStore', () => {
  test('gives back what was saved', async () => {
    const store = new CheckpointStore(folder, { last: 2, best: 0 });
    const { path } = await store.save({ step: 12, loss: 0.5 }, packState(state(12)));
    expect(basename(path)).toBe('step-00000012');
    const found = (await store.newest(never))!;
    expect(found).toMatchObject({ path, manifest: { step: 12, loss: 0.5 } });
    const { weights, tensors } = made.run(() => readTensors(path, found.manifest.tensors));
    expect(tensors['optimizer/x']!.tolist()).toEqual([12, 2, 3]);
    expect(tensors['optimizer/none']!.shape).toEqual([0]);
    expect(weights['head.weight'] ?? weights['embedding.weight']).toBeDefined();
    expect(await readValues(path)).toEqual({ step: 12 });
    const loaded = await loadModel(getModelFolder(path));
    expect(loaded.generation).toEqual({ topP: 0.9 });
    expect(loaded.tokenizer!.type).toBe('byte');
    loaded.model.dispose();
  });

  test('gives back numbers that JSON does not know', async () => {
    const store = new CheckpointStore(folder, { last: 1, best: 0 });
    const values = { best: Infinity, losses: [NaN, -Infinity, 1], text: 'NaN', none: null };
    const { path } = await store.save({ step: 1 }, packState({ ...state(1), values }));
    expect(await readValues(path)).toEqual(values);
  });

  test('keeps the newest and the best by recorded step and loss, whatever the time of the files', async () => {
    const store = new CheckpointStore(folder, { last: 2, best: 1 });
    const losses = [3, 1, 2, undefined, 5, 4];
    for (const [index, loss] of losses.entries()) {
      await store.save({ step: index * 10, loss }, packState(state(index)));
      // The file system claims that the oldest step is the newest.
      for (const name of readdirSync(folder)) {
        const time = 2e9 - Number(name.slice(5));
        utimesSync(join(folder, name), time, time);
      }
    }
    expect(readdirSync(folder).sort()).toEqual(['step-00000010', 'step-00000040', 'step-00000050']);
    expect((await store.newest(never))!.manifest.step).toBe(50);
  });

  test('passes over what is damaged, half written or foreign', async () => {
    const store = new CheckpointStore(folder, { last: 9, best: 0 });
    for (const step of [1, 2, 3, 4]) await store.save({ step }, packState(state(step)));
    writeFileSync(join(folder, 'step-00000004', 'training.json'), '{}');
    rmSync(join(folder, 'step-00000003', 'manifest.json'));
    await mkdir(join(folder, 'step-00000009'));
    await mkdir(join(folder, '.step-00000010.1-ab.tmp'));
    await mkdir(join(folder, 'notes'));
    const problems: string[] = [];
    const found = await store.newest((path, problem) => problems.push(`${basename(path)} ${problem}`));
    expect(found!.manifest.step).toBe(2);
    expect(problems).toEqual([
      expect.stringMatching(/^step-00000009 \[PAL_CHECKPOINT\].*manifest\.json: expected a file, received none/),
      expect.stringMatching(/^step-00000004 \[PAL_CHECKPOINT\].*training\.json: expected \d+ bytes, received 2/),
      expect.stringMatching(/^step-00000003 \[PAL_CHECKPOINT\]/),
    ]);
    await store.clean();
    expect(readdirSync(folder)).not.toContain('.step-00000010.1-ab.tmp');
  });

  test('an empty or missing folder has no checkpoint', async () => {
    const store = new CheckpointStore(join(folder, 'none'), { last: 1, best: 0 });
    expect(await store.newest(never)).toBeUndefined();
    expect(await store.paths()).toEqual([]);
  });

  test('a checkpoint of the same step takes the place of the one before', async () => {
    const store = new CheckpointStore(folder, { last: 1, best: 0 });
    await store.save({ step: 5 }, packState(state(1)));
    const { path } = await store.save({ step: 5 }, packState(state(2)));
    expect(await readValues(path)).toEqual({ step: 2 });
    expect(readdirSync(folder)).toEqual(['step-00000005']);
  });
});

test(`each of ${FLIPS} flipped bits is found`, async () => {
  const store = new CheckpointStore(folder, { last: 1, best: 0 });
  const { path, manifest } = await store.save({ step: 7, loss: 1.5 }, packState(state(7)));
  const files = [...Object.keys(manifest.files), 'manifest.json'].map((name) => join(path, name));
  const contents = files.map((file) => readFileSync(file));
  const random = new Random(1);
  for (let flip = 0; flip < FLIPS; flip++) {
    const which = random.integer(files.length);
    const bytes = Buffer.from(contents[which]!);
    bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
    writeFileSync(files[which]!, bytes);
    await expect(verifyCheckpoint(path)).rejects.toMatchObject({ code: 'PAL_CHECKPOINT' });
    writeFileSync(files[which]!, contents[which]!);
  }
  expect(await verifyCheckpoint(path)).toEqual(await readManifest(path));
});
