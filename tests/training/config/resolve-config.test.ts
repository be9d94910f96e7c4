import { describe, expect, test } from '@jest/globals';
import { listConfigFields } from '../../../lib/core/index.js';
import type { PlainSettings } from '../../../lib/core/index.js';
import { resolveTrainerConfig, trainerConfigSchema, trainerPresets } from '../../../lib/training/config/index.js';

/** Ten epochs of four batches, and two. */
const train = { size: 128, targetCount: 1024 };
const resolve = (named: PlainSettings) => resolveTrainerConfig(named, { train, validated: true }).config;
const fields = listConfigFields(trainerConfigSchema);

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((place, key) => (place as PlainSettings | undefined)?.[key], value);

/** Settings with a value at a path, nested objects copied. */
function put(settings: PlainSettings, [key, ...rest]: readonly string[], value: unknown): PlainSettings {
  const inner = (settings[key!] ?? {}) as PlainSettings;
  return { ...settings, [key!]: rest.length === 0 ? value : put(inner, rest, value) };
}

const bases: Record<string, PlainSettings> = {
  'by epochs, more than four': { epochs: 10 },
  'by epochs, few': { epochs: 2 },
  'by steps': { steps: 100 },
  'by time': { minutes: 1 },
  'another optimizer': { steps: 100, optimizer: { type: 'schedule-free' } },
  'another schedule': { steps: 100, schedule: { type: 'restarts', period: 5 }, optimizer: { type: 'adamw' } },
  'a preset': trainerPresets.lstm,
};

const fullPath = ({ path, tag }: (typeof fields)[number]): string => (tag === undefined ? path : `${path}.${tag}`);

describe.each(Object.entries(bases))('a run %s', (_, base) => {
  const resolved = resolve(base);
  const values = fields.map((field) => ({ path: fullPath(field), value: at(resolved, fullPath(field)) }));

  test.each(values.filter(({ value }) => value !== undefined))('naming $path as $value changes nothing', (field) => {
    expect(resolve(put(base, field.path.split('.'), field.value))).toEqual(resolved);
  });

  test('naming every field at once with the value it has changes nothing', () => {
    expect(resolve(resolved as unknown as PlainSettings)).toEqual(resolved);
  });

  test('a field that is undefined is not named', () => {
    const absent = Object.fromEntries(fields.map(({ path }) => [path.split('.')[0]!, undefined]));
    expect(resolve({ ...absent, ...base })).toEqual(resolved);
  });
});

/** What follows from a field. */
const following: Record<string, string[]> = {
  'optimizer.learningRate': ['schedule.minimum'],
  evaluateEvery: ['checkpointEvery'],
  batchSize: ['schedule.warmup', 'evaluateEvery', 'checkpointEvery'],
};

describe('naming a field with another value', () => {
  const base = { epochs: 10 };
  const resolved = resolve(base);
  const numbers = fields.filter(({ path }) => typeof at(resolved, path) === 'number' && path !== 'epochs');

  test.each(numbers)('$path changes that field, and what follows from it alone', ({ path, kind }) => {
    const value = at(resolved, path) as number;
    const other = Number.isInteger(value) ? 2 * value + (kind === 'integer' ? 1 : 0.5) : value / 2;
    const changed = resolve(put(base, path.split('.'), other));
    expect(at(changed, path)).toBe(other);
    const differing = fields.map((field) => field.path).filter((each) => at(changed, each) !== at(resolved, each));
    const objects = differing.filter((each) => typeof at(changed, each) !== 'object');
    expect([path, ...(following[path] ?? [])]).toEqual(expect.arrayContaining(objects));
  });
});

test.each([
  [
    { epochs: 10, optimizer: { learningRate: 5e-3 } },
    { type: 'muon', learningRate: 5e-3, weightDecay: 0.3 },
  ],
  [
    { epochs: 10, optimizer: { type: 'muon', momentum: 0.9 } },
    { type: 'muon', momentum: 0.9, weightDecay: 0.3 },
  ],
  [
    { epochs: 10, optimizer: { weightDecay: 0 } },
    { type: 'muon', learningRate: 5e-3, weightDecay: 0 },
  ],
  [
    { epochs: 10, optimizer: { type: 'sgd' } },
    { type: 'sgd', learningRate: 0.1, weightDecay: 0 },
  ],
])('of the optimizer %j holds, and else the recipe', (named, expected) => {
  expect(resolve(named).optimizer).toMatchObject(expected);
});

test.each([
  [{ warmup: 10 }, { type: 'cosine', warmup: 10, minimum: 5e-4 }],
  [{ type: 'cosine' }, { type: 'cosine', warmup: 5, minimum: 5e-4 }],
  [{ minimum: 0 }, { type: 'cosine', warmup: 5, minimum: 0 }],
  [{ type: 'linear' }, { type: 'linear', warmup: 0, minimum: 0 }],
])('of the schedule %j holds, and else the recipe', (schedule, expected) => {
  expect(resolve({ steps: 100, schedule }).schedule).toEqual(expected);
});
