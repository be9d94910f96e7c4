import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { evaluate } from '../../../lib/evaluation/index.js';
import { loadModel } from '../../../lib/models/index.js';
import { areDeterministicAlgorithmsEnabled, setThreads, getThreads } from '../../../lib/tensor/index.js';
import { CharTokenizer } from '../../../lib/text/index.js';
import { Trainer } from '../../../lib/training/index.js';
import type { Callback } from '../../../lib/training/index.js';
import { FaultyModel, heldOut, hold, newModel, trained, windowData } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const letters = new CharTokenizer([...'abcdefghijk']);
let folder = '';
const json = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const lines = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'palabra-run-')), 'runs', 'first');
});

afterEach(() => {
  rmSync(join(folder, '..', '..'), { recursive: true });
});

describe('the folder of a run', () => {
  test('tells what was run, on what, and how it went', async () => {
    const tokenizer = letters;
    const generation = { temperature: 0.7 };
    const { steps } = await trained({ steps: 6, evaluateEvery: 3, runDirectory: folder, tokenizer, generation });
    expect(readdirSync(folder).sort()).toEqual([
      'README.md',
      'checkpoints',
      'config.json',
      'environment.json',
      'metrics.jsonl',
      'model',
    ]);
    expect(json('config.json')).toMatchObject({
      format: 'palabra run',
      trainer: { steps: 6, batchSize: 4, evaluateEvery: 3, optimizer: { type: 'muon' }, schedule: { type: 'cosine' } },
      model: { kind: 'gpt', config: { width: 16 }, parameters: newModel().parameterCount() },
      data: { train: { size: 37, targetCount: 296 }, validation: { size: 13 } },
      tokenizer: { type: 'char', size: 11 },
      callbacks: ['schedule', 'metrics-log'],
    });
    const git = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
    const known = git.status === 0;
    expect(json('environment.json')).toMatchObject({
      ...{ node: process.version, libtorch: expect.stringMatching(/^2\./), threads: getThreads() },
      ...{ gitRevision: known ? git.stdout.trim() : null, gitChanged: known ? expect.any(Boolean) : null },
    });
    const log = lines('metrics.jsonl');
    expect(log.filter(({ type }) => type === 'step').map(({ index, loss }) => [index, loss])).toEqual(
      steps.map(({ index, loss }) => [index, loss]),
    );
    expect(log.map(({ type }) => type).filter((type) => type !== 'step')).toEqual([
      'checkpoint',
      'start',
      'evaluation',
      'checkpoint',
      'evaluation',
      'checkpoint',
      'end',
    ]);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toMatch(
      /^# gpt, \d.*validation \| loss \d\.\d{4} nats[^]*"width": 16/s,
    );
  });

  test('holds the best model, ready to be loaded', async () => {
    const { trainer, steps } = await trained({
      steps: 13,
      evaluateEvery: 3,
      schedule: (step) => (step <= 6 ? 0.01 : 5), // What was learned is lost, on every processor.
      runDirectory: folder,
      ema: { decay: 0.5 },
      tokenizer: letters,
      generation: { temperature: 0.7 },
      optimizer: { type: 'adamw' },
    });
    const { model, tokenizer, generation } = await loadModel(join(folder, 'model'));
    const losses = steps.flatMap(({ validation }) => (validation ? [validation.loss] : []));
    expect(trainer.best!.loss).toBe(Math.min(...losses));
    expect(losses.at(-1)).toBeGreaterThan(trainer.best!.loss);
    expect((await evaluate(model, heldOut)).loss).toBeCloseTo(trainer.best!.loss, 5);
    expect([tokenizer!.type, generation]).toEqual(['char', { temperature: 0.7 }]);
    model.dispose();
  });

  test('holds the last model where there is nothing to evaluate', async () => {
    const { trainer } = await trained({ steps: 3, runDirectory: folder, data: { train: windowData().train } });
    const { model } = await loadModel(join(folder, 'model'));
    expect(model.parameters().map((weight) => weight.bits())).toEqual(
      trainer.model.parameters().map((weight) => weight.bits()),
    );
    model.dispose();
  });

  test('keeps the last checkpoints and the best', async () => {
    const settings = {
      steps: 10,
      evaluateEvery: 2,
      keep: { last: 1, best: 1 },
      optimizer: { type: 'adamw', learningRate: 0.5 } as const,
    };
    const { trainer } = await trained({ ...settings, runDirectory: folder });
    const names = [trainer.best!.step, 10].map((step) => `step-${String(step).padStart(8, '0')}`);
    expect(readdirSync(join(folder, 'checkpoints')).sort()).toEqual([...new Set(names)]);
  });

  test('belongs to one process, and to one run', async () => {
    const trainer = new Trainer({ model: newModel(), data: windowData(), steps: 2, runDirectory: folder });
    const rival = new Trainer({ model: newModel(), data: windowData(), steps: 2, runDirectory: folder });
    for await (const { index } of trainer.steps()) {
      if (index === 1) await expect(rival.run()).rejects.toMatchObject({ code: 'PAL_LOCKED' });
    }
    await expect(trained({ steps: 2, runDirectory: folder })).rejects.toThrow(
      /\[PAL_FILE\] Trainer: .*first without checkpoints, received 2 of them\. Go on with Trainer\.resume/,
    );
    // Those that were refused have left no line in the log.
    expect(lines('metrics.jsonl').filter(({ type }) => type === 'end')).toMatchObject([{ reason: 'limit', step: 2 }]);
  });

  test('of a failed run can be gone on with, and says what failed', async () => {
    const model = FaultyModel.make();
    const poison: Callback = { name: 'poison', onStepStart: (index) => void (model.factor = index === 4 ? NaN : 1) };
    const settings = { steps: 6, checkpointEvery: 2, runDirectory: folder };
    await expect(trained({ ...settings, model, callbacks: [poison] })).rejects.toMatchObject({
      code: 'PAL_NON_FINITE',
    });
    expect(lines('metrics.jsonl').at(-1)).toMatchObject({ type: 'end', step: 3, reason: 'error' });
    const resumed = hold(await Trainer.resume(folder, { data: windowData() }));
    const seen: number[] = [];
    for await (const { index } of resumed.steps()) seen.push(index);
    expect(seen).toEqual([3, 4, 5, 6]);
    expect(
      lines('metrics.jsonl')
        .filter(({ type }) => type === 'start')
        .map(({ step }) => step),
    ).toEqual([0, 2]);
  });
});

describe('resume', () => {
  const begin = async (options = {}) => {
    const trainer = new Trainer({
      model: newModel(),
      data: windowData(),
      steps: 6,
      batchSize: 4,
      runDirectory: folder,
      ...options,
    });
    for await (const { index } of trainer.steps()) if (index === 3) break;
  };

  test('may go further than the run was to', async () => {
    await begin();
    const resumed = hold(await Trainer.resume(folder, { data: windowData(), steps: 8 }));
    expect((await resumed.run()).step).toBe(8);
  });

  test('falls back to the newest checkpoint that is whole, and says so', async () => {
    await begin({ checkpointEvery: 1 });
    const damaged = join(folder, 'checkpoints', 'step-00000003', 'training.json');
    writeFileSync(damaged, readFileSync(damaged, 'utf8').replace('3', '4'));
    const resumed = hold(await Trainer.resume(folder, { data: windowData() }));
    const seen: number[] = [];
    for await (const { index } of resumed.steps()) seen.push(index);
    expect(seen).toEqual([3, 4, 5, 6]);
    expect(lines('metrics.jsonl').find(({ type }) => type === 'damaged-checkpoint')).toMatchObject({
      path: expect.stringContaining('step-00000003'),
      problem: expect.stringContaining('SHA-256'),
    });
  });

  test('drops a line of the log that a process could not finish', async () => {
    await begin();
    const log = join(folder, 'metrics.jsonl');
    const whole = readFileSync(log, 'utf8');
    writeFileSync(log, `${whole}{"type":"step","ind`);
    await hold(await Trainer.resume(folder, { data: windowData() })).run();
    expect(readFileSync(log, 'utf8').startsWith(whole)).toBe(true);
    expect(lines('metrics.jsonl').at(-1)).toMatchObject({ type: 'end', step: 6 });
  });

  test('looks at the weights of the checkpoint, not at those that were there before', async () => {
    await begin();
    const model = newModel();
    model.parameters().forEach((weight) => weight.detach().fill_(NaN));
    const resumed = hold(await Trainer.resume(folder, { data: windowData(), model }));
    expect((await resumed.run()).step).toBe(6);
  });

  test('finds the tokenizer of the checkpoint', async () => {
    await begin({ tokenizer: letters });
    await hold(await Trainer.resume(folder, { data: windowData() })).run();
    const { tokenizer, model } = await loadModel(join(folder, 'model'));
    expect(tokenizer!.type).toBe('char');
    model.dispose();
  });

  test('refuses other data, missing callbacks and an empty folder', async () => {
    const callback: Callback = { name: 'counter', save: () => ({ values: 3 }), load: () => undefined };
    await begin({ callbacks: [callback] });
    const { validation } = windowData();
    const refusal = async (options: object) =>
      await hold(await Trainer.resume(folder, { data: windowData(), ...options })).run();
    await expect(refusal({})).rejects.toThrow(/\[PAL_CHECKPOINT\].*none named counter/);
    await expect(refusal({ callbacks: [callback], data: { train: validation } })).rejects.toMatchObject({
      code: 'PAL_DATA',
    });
    await expect(refusal({ callbacks: [callback], batchSize: 5 })).rejects.toMatchObject({ code: 'PAL_DATA' });
    await expect(Trainer.resume(join(folder, 'none'), { data: windowData() })).rejects.toMatchObject({
      code: 'PAL_FILE',
    });
    expect(
      (await Trainer.resume(folder, { data: windowData(), callbacks: [callback] }).then((trainer) => trainer.run()))
        .step,
    ).toBe(6);
  });

  test('of a deterministic run goes on only where the bits will be the same', async () => {
    await begin({ deterministic: true });
    const before = getThreads();
    setThreads(before + 1);
    const elsewhere = hold(await Trainer.resume(folder, { data: windowData() })).run();
    await expect(elsewhere).rejects.toThrow(
      /\[PAL_CHECKPOINT\] Trainer: expected threads \d+, as .* received threads \d+\. setThreads/,
    );
    expect(areDeterministicAlgorithmsEnabled()).toBe(false);
    const anyway = hold(await Trainer.resume(folder, { data: windowData(), deterministic: false }));
    expect((await anyway.run()).step).toBe(6);
    setThreads(before);
  });
});
