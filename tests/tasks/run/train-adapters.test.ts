import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AdapterStore, listAdapters } from '../../../lib/adapters/index.js';
import { openSafetensors } from '../../../lib/tensor/index.js';
import { selectRunExitCode, trainAdapters } from '../../../lib/tasks/index.js';
import type { ReadPlan } from '../../../lib/tasks/index.js';
import { Workshop, listFacts } from './fixture.js';

let shop: Workshop;
beforeAll(async () => {
  shop = await Workshop.open();
});
afterAll(() => rm(shop.folder, { recursive: true }));
beforeEach(() => shop.empty());
afterEach(() => rm(shop.store, { recursive: true, force: true }));

/** Every file of a store with its bytes and the time it was written. */
async function listFiles(): Promise<string[]> {
  const names = await readdir(shop.store, { recursive: true });
  const described = names.sort().map(async (name) => {
    const { size, mtimeMs } = await stat(join(shop.store, name));
    return `${name} ${size} ${mtimeMs}`;
  });
  return Promise.all(described);
}

const readCurrent = async () => (await AdapterStore.open(shop.store)).current;

describe('a plan', () => {
  test('is trained once: the better version is current, a rerun makes no step and changes nothing', async () => {
    await shop.write('a.jsonl', listFacts('city', 24));
    await shop.write('b.jsonl', listFacts('tree', 16));
    const report = await shop.train({ order: ['b'] });
    expect(report).toMatchObject({ status: 'success', reasons: [], mode: 'mixed', promoted_anyway: false });
    expect(selectRunExitCode(report.status)).toBe(0);
    expect(report.steps).toBeGreaterThan(5);
    expect(report.steps_made).toBe(report.steps);
    const rows = report.datasets_trained.map(({ dataset, status, total_examples }) => [
      dataset,
      status,
      total_examples,
    ]);
    expect(rows).toEqual([
      ['b.jsonl', 'trained', 12],
      ['a.jsonl', 'trained', 32],
    ]);
    const { base } = report.quality!.overall;
    expect(base!.loss_after).toBeLessThan(base!.loss_before);
    expect(base!.interval[0]).toBeGreaterThan(0);
    expect(base!.examples).toBe(8);
    const current = await readCurrent();
    expect(current!.id).toBe(report.version);
    expect(current!.metadata).toMatchObject({ total_epochs: 24, total_examples_trained: 32, version_label: 'v24.0' });
    const stored: unknown = JSON.parse(await readFile(join(shop.store, 'incremental_training_results.json'), 'utf8'));
    expect(stored).toEqual(report);

    const before = await listFiles();
    const again = await shop.train({ order: ['b'] });
    expect(again).toMatchObject({ status: 'success', steps: 0, steps_made: 0, version: null, backups_created: [] });
    expect(again.datasets_trained.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    expect(await listFiles()).toEqual(before);
    expect(again.final_metadata).toEqual(report.final_metadata);
  });

  test('trains what is new or changed, from the current version on; force trains all', async () => {
    await shop.write('a.jsonl', listFacts('city', 24));
    const first = await shop.train();
    await shop.write('b.jsonl', listFacts('tree', 24));
    expect(first.reasons).toEqual([]);
    const second = await shop.train({ gate: { ...quiet, forgetting: 10 }, promoteAnyway: true });
    expect(second.datasets_trained.map(({ status }) => status)).toEqual(['skipped', 'trained']);
    expect(second.backups_created).toHaveLength(1);
    expect(second.quality!.overall.current).not.toBeNull();
    expect((await AdapterStore.open(shop.store)).previous!.id).toBe(first.version);
    await shop.write('a.jsonl', listFacts('city', 25));
    const third = await shop.train({ promoteAnyway: true });
    expect(third.datasets_trained.map(({ status }) => status)).toEqual(['trained', 'skipped']);
    expect(third.final_metadata!.training_history.map(({ dataset }) => dataset)).toEqual([
      ...['a.jsonl', 'b.jsonl', 'a.jsonl'],
    ]);
    expect(third.final_metadata!.total_examples_trained).toBeGreaterThan(
      third.final_metadata!.unique_examples_trained!,
    );
    const forced = await shop.train({ force: true, promoteAnyway: true, epochs: 1 });
    expect(forced.datasets_trained.map(({ status }) => status)).toEqual(['trained', 'trained']);
  });

  test('of copies is trained, counted apart, and none of them is held out and trained', async () => {
    await shop.write('x.jsonl', listFacts('city', 12));
    await shop.write('x_migrated.jsonl', listFacts('city', 12));
    let plan: ReadPlan | undefined;
    const report = await shop.train({ epochs: 2, onPlan: (found) => (plan = found), promoteAnyway: true });
    expect(report.duplicates).toEqual({ copies: 12, exact: 12, near: 0 });
    expect(report.final_metadata).toMatchObject({ total_examples_trained: 16, unique_examples_trained: 8 });
    const [held, trained] = (['validation', 'train'] as const).map(
      (part) => new Set(plan!.steps.flatMap((file) => file[part].map(({ hash }) => hash))),
    );
    expect([held!.size, trained!.size]).toEqual([4, 8]);
    expect([...held!].filter((hash) => trained!.has(hash))).toEqual([]);
    expect((await shop.train()).steps).toBe(0);
  });

  test('never holds out what an earlier version was trained on', async () => {
    await shop.write('a.jsonl', listFacts('city', 12));
    let plan: ReadPlan | undefined;
    await shop.train({ epochs: 1, onPlan: (found) => (plan = found), promoteAnyway: true });
    const trained = new Set(plan!.steps[0]!.train.map(({ hash }) => hash));
    await shop.write('b.jsonl', [...listFacts('city', 12), ...listFacts('tree', 12)]);
    await shop.train({ epochs: 1, onPlan: (found) => (plan = found), promoteAnyway: true });
    const held = plan!.steps.flatMap(({ validation }) => validation.map(({ hash }) => hash));
    expect(held.length).toBeGreaterThan(4);
    expect(held.filter((hash) => trained.has(hash))).toEqual([]);
  });
});

const quiet = { regression: 1e9, prompts: 0 };

describe('a file with flaws', () => {
  test('is left out and named with line and reason; the others are trained', async () => {
    await shop.write('a.jsonl', listFacts('city', 24));
    await shop.write('broken.jsonl', [...listFacts('tree', 2), '{"instruction": "x"', ...listFacts('tree', 2)]);
    await shop.write('empty.jsonl', []);
    const report = await shop.train();
    expect([report.status, report.reasons]).toEqual(['partial', []]);
    expect(selectRunExitCode(report.status)).toBe(3);
    const errors = Object.fromEntries(report.datasets_trained.map(({ dataset, error }) => [dataset, error ?? '']));
    expect(errors['broken.jsonl']).toMatch(/1 of its records do not fit: .*broken\.jsonl, line 3: no JSON/);
    expect(errors['empty.jsonl']).toMatch(/no record/);
    expect(errors['a.jsonl']).toBe('');
    expect(report.final_metadata!.training_history.map(({ dataset }) => dataset)).toEqual(['a.jsonl']);
  });

  test('that is alone makes the run fail, and nothing is stored', async () => {
    await shop.write('empty.jsonl', []);
    const report = await shop.train();
    expect([report.status, report.steps, selectRunExitCode(report.status)]).toEqual(['failed', 0, 1]);
    expect(await readCurrent()).toBeUndefined();
  });

  test('names that no file has, and folders without files, are errors', async () => {
    await expect(shop.train()).rejects.toThrow(/\[PAL_DATA\] trainAdapters: expected files that end in \.jsonl/);
    await shop.write('premium.jsonl', listFacts('city', 8));
    await expect(shop.train({ order: ['premum.jsonl'] })).rejects.toThrow(/Did you mean "premium.jsonl"/);
    await expect(shop.train({ epochs: 0 })).rejects.toThrow(/\[PAL_ARGUMENT\].*epochs of premium.jsonl/);
    await expect(shop.train({ gate: { endRate: 2 } })).rejects.toThrow(/\[PAL_CONFIG\].*gate\.endRate/s);
  });
});

describe('the gate', () => {
  test('refuses shuffled answers: the pointers stay, and the reasons are told', async () => {
    await shop.write('a.jsonl', listFacts('city', 24));
    const { version } = await shop.train();
    const pointers = await readFile(join(shop.store, 'pointers.json'), 'utf8');
    await shop.write('poison.jsonl', listFacts('city', 24, 1));
    const report = await shop.train();
    expect(report.status).toBe('rejected');
    expect(selectRunExitCode(report.status)).toBe(4);
    expect(report.reasons.join('; ')).toMatch(/earlier runs grew/);
    expect(await readFile(join(shop.store, 'pointers.json'), 'utf8')).toBe(pointers);
    expect((await readCurrent())!.id).toBe(version);
    expect(report.final_metadata!.training_history).toHaveLength(1);
    const rejected = (await AdapterStore.open(shop.store)).list().find(({ id }) => id === report.version);
    expect(rejected).toMatchObject({ status: 'rejected' });
  });

  test('refuses what is no better, and what makes general text worse; promoteAnyway is recorded', async () => {
    await shop.write('a.jsonl', listFacts('city', 16));
    const idle = await shop.train({ learningRate: 1e-12, epochs: 1 });
    expect(idle.reasons[0]).toMatch(/not surely better than that of the base|is worse than/);
    const garbage = Array.from({ length: 16 }, (_, i) => ({ instruction: `city ${i}`, output: 'tree tree tree' }));
    await shop.write('a.jsonl', garbage);
    const file = join(shop.folder, 'general.txt');
    await shop.writeText('general.txt', 'it is blue it is red\n\nit is blue\n\nit is red it is green');
    const worse = await shop.train({ gate: { prompts: 8, maxTokens: 8, regressionFile: file, repetition: 0.01 } });
    expect(worse.reasons.join('; ')).toMatch(/general text grew/);
    expect(worse.status).toBe('rejected');
    const anyway = await shop.train({ gate: { prompts: 0, regressionFile: file }, promoteAnyway: true });
    expect(anyway).toMatchObject({ status: 'success', promoted_anyway: true });
    const current = await readCurrent();
    expect(current!.manifest).toMatchObject({ promotedAnyway: true });
    expect(current!.manifest.reasons.join()).toMatch(/general text grew/);
  });

  test('without held-out examples nothing can be said', async () => {
    await shop.write('a.jsonl', listFacts('city', 8));
    const { reasons } = await shop.train({ validation: 0, epochs: 1 });
    expect(reasons).toEqual([expect.stringMatching(/^0 validation examples: too few/)]);
  });
});

describe('training', () => {
  test('learns eight examples by heart, not those of other answers', async () => {
    const options = { validation: 0, epochs: 100, promoteAnyway: true, adapter: { r: 16, modulesToSave: ['norm'] } };
    await shop.write('a.jsonl', listFacts('city', 8));
    const own = (await shop.train(options)).datasets_trained[0]!.loss!;
    await rm(shop.store, { recursive: true });
    await shop.write('a.jsonl', listFacts('city', 8, 1));
    const shuffled = (await shop.train(options)).datasets_trained[0]!.loss!;
    expect(own).toBeLessThan(0.05);
    expect(shuffled).not.toBe(own);
  });

  test('changes the adapter’s bits, and leaves the base as it was', async () => {
    await shop.write('a.jsonl', listFacts('city', 8));
    const model = await shop.openModel();
    const bits = () => Object.values(model.stateDict()).map((value) => value.bits());
    const before = bits();
    await trainAdapters({ ...shop.options(model), epochs: 1, promoteAnyway: true });
    expect(bits()).toEqual(before);
    expect(listAdapters(model)).toEqual([]);
    using file = openSafetensors(join((await readCurrent())!.folder, 'adapter_model.safetensors'));
    const trained = file.names.filter((name) => name.endsWith('lora_B.weight'));
    expect(trained.length).toBeGreaterThan(0);
    for (const name of trained) expect(Number(file.tensor(name).abs().sum().item())).toBeGreaterThan(0);
    model.dispose();
  });

  test('sequential goes file after file, mixed does not', async () => {
    await shop.write('a.jsonl', listFacts('city', 16));
    await shop.write('b.jsonl', listFacts('tree', 16));
    const seen: (string | undefined)[] = [];
    const options = {
      epochs: 2,
      promoteAnyway: true,
      onStep: ({ dataset }: { dataset: string | undefined }) => seen.push(dataset),
    };
    const { steps } = await shop.train({ ...options, mode: 'sequential', order: ['b.jsonl'] });
    expect(seen).toHaveLength(steps);
    expect([...new Set(seen)]).toEqual(['b.jsonl', 'a.jsonl']);
    expect(seen).toEqual([...seen].sort().reverse());
    seen.length = 0;
    await rm(shop.store, { recursive: true });
    await shop.train(options);
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });
});
