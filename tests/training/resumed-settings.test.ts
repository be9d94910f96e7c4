import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Trainer } from '../../lib/training/index.js';
import type { ResumeOptions, RunConfig, TrainerOptions } from '../../lib/training/index.js';
import { bitsOf, hold, newModel, trained, windowData } from './fixtures.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-resumed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bounds = { steps: 20, epochs: 2, tokens: 2000, minutes: 5 };
const path = () => join(folder, 'config.json');
const stored = (): RunConfig => JSON.parse(readFileSync(path(), 'utf8')) as RunConfig;

/** Makes one step of a run. */
async function begin(options: Partial<TrainerOptions>): Promise<Trainer> {
  const given = { model: newModel(), data: windowData(), batchSize: 4, runDirectory: folder, ...options };
  const trainer = hold(new Trainer(given));
  for await (const { index } of trainer.steps()) if (index === 1) break;
  return trainer;
}

/** Takes from a run folder what older versions did not write. */
function forgetNamed(): void {
  const { named: _, ...rest } = stored();
  writeFileSync(path(), JSON.stringify(rest));
}

async function resume(options: Partial<ResumeOptions> = {}): Promise<Trainer> {
  const resumed: Trainer = await Trainer.resume(folder, { data: windowData(), ...options });
  return hold(resumed);
}

describe.each([
  ['the settings that were named', (): void => undefined],
  ['resolved settings alone', forgetNamed],
] as const)('a resume, of a folder with %s,', (_, age) => {
  test('expects as many more updates as it has more time', async () => {
    await begin({ minutes: 5, expectedSteps: 300 });
    age();
    expect((await resume({ minutes: 10 })).config.expectedSteps).toBe(600);
    expect((await resume({ minutes: 10, expectedSteps: 50 })).config.expectedSteps).toBe(50);
    expect((await resume()).config.expectedSteps).toBe(300);
  });

  test.each(Object.entries(bounds))('goes on by the same %s', async (bound, value) => {
    const first = await begin({ [bound]: value });
    age();
    expect((await resume()).config).toEqual(first.config);
  });

  const names = Object.keys(bounds);
  const pairs = names.flatMap((before) => names.filter((after) => after !== before).map((after) => [before, after]));
  test.each(pairs)('of a run by %s replaces that bound by %s', async (before, after) => {
    await begin({ [before]: bounds[before as 'steps'] });
    age();
    const { config } = await resume({ [after]: bounds[after as 'steps'] });
    const left = names.filter((name) => config[name as 'steps'] !== undefined);
    expect(left).toEqual([after]);
  });

  test('with a lower rate derives the lowest rate anew, with another length the warm-up', async () => {
    await begin({ steps: 100 });
    age();
    const { config } = await resume({ steps: 4, optimizer: { learningRate: 1e-4 } });
    expect(config.optimizer).toMatchObject({ type: 'muon', learningRate: 1e-4, weightDecay: 0.1, momentum: 0.95 });
    expect(config.schedule).toEqual({ type: 'cosine', warmup: 0, minimum: 1e-5 });
    expect([config.evaluateEvery, config.checkpointEvery]).toEqual([1, 1]);
  });

  test('keeps what was named of optimizer, schedule and course', async () => {
    await begin({
      steps: 20,
      optimizer: { type: 'sgd', learningRate: 0.01, momentum: 0.5 },
      schedule: { type: 'cosine', warmup: 2, minimum: 0.002 },
      checkpointEvery: 7,
    });
    age();
    const { config } = await resume({ steps: 40, optimizer: { weightDecay: 0.2 } });
    expect(config.optimizer).toMatchObject({ type: 'sgd', learningRate: 0.01, momentum: 0.5, weightDecay: 0.2 });
    expect(config.schedule).toEqual({ type: 'cosine', warmup: 2, minimum: 0.002 });
    expect([config.evaluateEvery, config.checkpointEvery]).toEqual([4, 7]);
  });
});

test('a run by epochs, resumed by steps, goes on to that step', async () => {
  await trained({ epochs: 1, runDirectory: folder });
  const resumed = await resume({ steps: 25 });
  expect((await resumed.run()).step).toBe(25);
  expect(stored().trainer).toMatchObject({ steps: 25 });
  expect(stored().trainer).not.toHaveProperty('epochs');
});

test('a resumed resume names what both have named', async () => {
  await begin({ steps: 10, generation: { temperature: 0.5, topK: 3 } });
  const options = { optimizer: { learningRate: 1e-3 }, generation: { topK: 5 } };
  const second = await resume(options);
  for await (const { index } of second.steps()) if (index === 2) break;
  const third = await resume({ optimizer: { weightDecay: 0.2 } });
  expect(third.config.optimizer).toMatchObject({ type: 'muon', learningRate: 1e-3, weightDecay: 0.2 });
  expect(stored()).toMatchObject({ generation: { temperature: 0.5, topK: 5 }, named: { steps: 10 } });
});

test('a folder without the settings that were named goes on to the same bits', async () => {
  const whole = await trained({ steps: 8, ema: { decay: 0.9 } });
  await begin({ steps: 8, ema: { decay: 0.9 } });
  forgetNamed();
  const resumed = await resume();
  await resumed.run();
  expect(bitsOf(resumed)).toEqual(bitsOf(whole.trainer));
});

test.each([
  [{ optimizer: { type: 'sgd', patience: 3 } }, /optimizer\.patience: unknown key/],
  [{ optimizer: { nestrov: true } }, /optimizer\.nestrov: unknown key/],
  [{ schedule: { patience: 3 } }, /schedule\.patience: unknown key/],
] as const)('a wrong field is refused: %j', async (options, message) => {
  await begin({ steps: 3 });
  await expect(resume(options as unknown as Partial<ResumeOptions>)).rejects.toThrow(message);
});
