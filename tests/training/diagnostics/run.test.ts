import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { WindowDataset } from '../../../lib/data/index.js';
import { Gpt, LstmLanguageModel } from '../../../lib/models/index.js';
import { SGD } from '../../../lib/optim/index.js';
import { full, manualSeed } from '../../../lib/tensor/index.js';
import { Diagnostics, Trainer, diagnoseRun, trainWithRestore } from '../../../lib/training/index.js';
import type { Diagnosis, RestorableOptions, Callback } from '../../../lib/training/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const tokens = Uint16Array.from({ length: 400 }, (_, i) => (i * i + (i >> 3)) % 11);
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-diagnostics-'));
});
afterEach(() => rm(folder, { recursive: true }));

function options(callbacks: Callback[] = []): RestorableOptions {
  manualSeed(1);
  const model = new Gpt({ vocabSize: 11, contextLength: 8, width: 16, layers: 1, heads: 2 });
  const data = {
    train: new WindowDataset(tokens.subarray(0, 300), { length: 8 }),
    validation: new WindowDataset(tokens.subarray(300), { length: 8 }),
  };
  const optimizer = { type: 'adamw', learningRate: 0.02 } as const;
  const sizes = { schedule: { type: 'constant' } as const, steps: 60, batchSize: 4, evaluateEvery: 20 };
  return { model, data, optimizer, maxGradNorm: 2, runDirectory: join(folder, 'run'), callbacks, ...sizes };
}

/** Makes the gradients of some steps larger, the first time that they are made. */
function spikes(from: number, to: number, factor: number): Callback {
  const scale = full([], 1).keep();
  const made = new Set<number>();
  return {
    name: 'spikes',
    onStepStart(index) {
      const spike = index >= from && index < to && !made.has(index);
      if (spike) made.add(index);
      scale.fill_(spike ? factor : 1);
    },
    onGradients: (parameters) => {
      for (const { grad } of parameters) grad?.mul_(scale);
    },
  };
}

describe('Diagnostics', () => {
  test('tells of each code once and writes them into the folder of the run', async () => {
    const told: Diagnosis[] = [];
    const diagnostics = new Diagnostics({ facts: { unknownRate: 0.1 }, onDiagnosis: (found) => told.push(found) });
    const given = options([diagnostics]);
    await new Trainer(given).run();
    const codes = told.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toContain('VOCAB_OOV');
    expect(codes).toContain('DATA_RATIO'); // 3,000 parameters for 300 tokens
    expect(codes).not.toContain('LSTM_NAN');
    const written = JSON.parse(await readFile(join(given.runDirectory, 'diagnoses.json'), 'utf8')) as object;
    expect(written).toMatchObject(JSON.parse(JSON.stringify({ diagnoses: diagnostics.diagnoses })) as object);
    const { history, facts } = diagnostics.record;
    expect(history).toMatchObject({ steps: 60, end: 'limit' });
    expect(history.evaluations.map(({ step }) => step)).toEqual([20, 40, 60]);
    expect(facts).toMatchObject({ vocabSize: 11, maxGradNorm: 2, learningRate: 0.02, precision: 'float32' });
    expect(facts.matrices!['embedding.weight']).toEqual([11, 16]);
  });

  test('judges generated texts, too', async () => {
    const diagnostics = new Diagnostics();
    const found = await diagnostics.judge([{ ids: Array.from({ length: 50 }, () => 3) }]);
    expect(found.map(({ code }) => code)).toEqual(['GEN_REPEAT']);
  });

  test('ends a run whose gradients explode, before a checkpoint holds the result', async () => {
    const given = options([spikes(41, 44, 1e4), new Diagnostics()]);
    await expect(new Trainer(given).run()).rejects.toMatchObject({ code: 'PAL_DIVERGED', details: { step: 43 } });
    const trainer = await Trainer.resume(given.runDirectory, { data: given.data, callbacks: given.callbacks ?? [] });
    for await (const { index } of trainer.steps()) {
      expect(index).toBe(41);
      break;
    }
  });
});

describe('a healthy run', () => {
  /** A source in which each token has two successors, the first three times as likely: ln 4 − ¾ ln 3 nats a token. */
  function source(length: number): Uint16Array {
    const random = new Random(5);
    const ids = new Uint16Array(length);
    for (let i = 1; i < length; i++) ids[i] = (3 * ids[i - 1]! + (random.float() < 0.75 ? 1 : 6)) % 16;
    return ids;
  }

  test('of a model on text that it can learn: nothing is wrong', async () => {
    manualSeed(1);
    const ids = source(44_000);
    const data = {
      train: new WindowDataset(ids.subarray(0, 40_000), { length: 32 }),
      validation: new WindowDataset(ids.subarray(40_000), { length: 32 }),
    };
    const model = new LstmLanguageModel({ vocabSize: 16, embeddingDim: 16, width: 32, layers: 1, dropout: 0.1 });
    const optimizer = { type: 'adamw', learningRate: 0.01 } as const;
    const end = await trainWithRestore(
      { model, data, optimizer, epochs: 5, batchSize: 16, evaluateEvery: 78, runDirectory: join(folder, 'run') },
      { facts: { tokenizer: 'char' } },
    );
    expect(end.best!.loss).toBeLessThan(0.6); // the source's own is 0.562
    expect(end.diagnoses).toEqual([]);
  });
});

describe('trainWithRestore', () => {
  test('a healthy run goes through', async () => {
    const end = await trainWithRestore(options());
    expect(end).toMatchObject({ step: 60, reason: 'limit', restored: undefined });
  });

  test('gradients that explode send it back to the last checkpoint once, with half the rate and bound', async () => {
    const rates: number[] = [];
    const watch: Callback = {
      name: 'watch',
      onStep: ({ learningRate, maxGradNorm }) => void rates.push(learningRate, maxGradNorm!),
    };
    const end = await trainWithRestore(options([spikes(41, 44, 1e4), watch]));
    expect(end).toMatchObject({ step: 60, reason: 'limit' });
    expect(end.restored).toMatchObject({ code: 'LSTM_NAN', severity: 'error', evidence: { step: 43 } });
    expect(end.restored!.message).toMatch(/explosion at step 43: .* Restored step 40\.$/);
    expect(end.diagnoses.map(({ code }) => code)).not.toContain('LSTM_NAN');
    // 43 steps, the last of them not told of after the error, then 20 from step 40 on.
    const second = rates.slice(2 * 43);
    expect(second).toHaveLength(2 * 20);
    expect(second[1]).toBe(1);
    expect(second[0]).toBe(0.01);
  });

  test('so does a gradient that is no number', async () => {
    const end = await trainWithRestore(options([spikes(25, 26, NaN)]));
    expect(end).toMatchObject({ step: 60, reason: 'limit', restored: { code: 'LSTM_NAN', evidence: { step: 25 } } });
    expect(end.restored!.message).toContain('Restored step 20.');
  });

  test('an optimizer that was ready-made goes on with half of its highest rate', async () => {
    const given = options([spikes(41, 44, 1e4)]);
    const optimizer = new SGD([{ parameters: given.model.namedParameters() }], { learningRate: 0.2, momentum: 0.9 });
    const rates: number[] = [];
    const watch: Callback = { name: 'rates', onStep: ({ learningRate }) => void rates.push(learningRate) };
    const schedule = { type: 'linear' } as const;
    const callbacks = [...given.callbacks!, watch];
    const end = await trainWithRestore({ ...given, optimizer, schedule, callbacks });
    expect(end.restored?.code).toBe('LSTM_NAN');
    expect(rates[39]).toBeCloseTo(0.2 * (21 / 60), 12);
    expect(rates[43]).toBeCloseTo(0.1 * (20 / 60), 12);
  });

  test('a second explosion ends it', async () => {
    const twice = [spikes(41, 44, 1e4), { ...spikes(50, 53, 1e4), name: 'later spikes' }];
    await expect(trainWithRestore(options(twice))).rejects.toMatchObject({ code: 'PAL_DIVERGED' });
  });

  test('other errors pass through', async () => {
    const failing: Callback = {
      name: 'failing',
      onStep: () => Promise.reject(new RangeError('unrelated')),
    };
    await expect(trainWithRestore(options([failing]))).rejects.toThrow('unrelated');
  });
});

describe('diagnoseRun', () => {
  test('finds in the folder what the callback found during the run', async () => {
    const diagnostics = new Diagnostics();
    const given = options([diagnostics]);
    await new Trainer(given).run();
    expect(await diagnoseRun(given.runDirectory)).toEqual(diagnostics.diagnoses);
    const samples = [{ ids: Array.from({ length: 50 }, () => 3) }];
    const found = await diagnoseRun(given.runDirectory, { samples, facts: { sharedWindows: 1 } });
    expect(found.map(({ code }) => code)).toEqual(expect.arrayContaining(['LEAK', 'GEN_REPEAT']));
  });

  test('remembers the facts that the callback was given', async () => {
    const given = options([new Diagnostics({ facts: { unknownRate: 0.2 } })]);
    await new Trainer({ ...given, steps: 2, evaluateEvery: 2 }).run();
    expect((await diagnoseRun(given.runDirectory)).map(({ code }) => code)).toContain('VOCAB_OOV');
    const known = await diagnoseRun(given.runDirectory, { facts: { unknownRate: 0 } });
    expect(known.map(({ code }) => code)).not.toContain('VOCAB_OOV');
  });

  test('reads a run that was killed, or resumed', async () => {
    const given = options([spikes(41, 44, 1e4), new Diagnostics()]);
    await expect(new Trainer(given).run()).rejects.toMatchObject({ code: 'PAL_DIVERGED' });
    await appendFile(join(given.runDirectory, 'metrics.jsonl'), '{"type":"ste');
    const found = await diagnoseRun(given.runDirectory);
    expect(found[0]).toMatchObject({ code: 'LSTM_NAN', evidence: { step: 43 } });
  });

  test('knows from the log that a loss was no number', async () => {
    const given = options([spikes(25, 26, NaN)]);
    await expect(new Trainer(given).run()).rejects.toMatchObject({ code: 'PAL_NON_FINITE' });
    const [found] = await diagnoseRun(given.runDirectory);
    expect(found).toMatchObject({ code: 'LSTM_NAN', severity: 'error', evidence: { step: 25 } });
  });

  test('names a malformed line, and a folder that holds no run', async () => {
    const given = options();
    await new Trainer({ ...given, steps: 2 }).run();
    await appendFile(join(given.runDirectory, 'metrics.jsonl'), 'oops\n');
    await expect(diagnoseRun(given.runDirectory)).rejects.toThrow(
      /\[PAL_DATA\] .*metrics\.jsonl:\d+: expected JSON, received oops/,
    );
    await expect(diagnoseRun(join(folder, 'none'))).rejects.toMatchObject({ code: 'PAL_FILE' });
  });
});
