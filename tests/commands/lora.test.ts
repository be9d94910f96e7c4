import { existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { AdapterStore, addAdapter, mergeAdapters, saveAdapter } from '../../lib/adapters/index.js';
import { loadModel, saveModel } from '../../lib/models/index.js';
import { ByteTokenizer } from '../../lib/text/index.js';
import { layouts, logitsOf, newIds, newLlama, perturb } from '../adapters/models.js';
import { describeTraining } from '../adapters/store/adapter-files.mjs';
import { readPointers, useFolder } from '../adapters/store/store.js';
import { palabra } from '../helpers/cli.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const folder = useFolder();
const newBase = () => newLlama({ vocabSize: 256 });
const pathOf = (name: string): string => join(folder.path, '..', name);

/** One training of an adapter whose values come from chance, with its validation figures. */
async function train(store: AdapterStore, run: number): Promise<string> {
  const model = newBase();
  addAdapter(model, { r: 4 }, { layouts });
  perturb(model, 'default', 0.1 * run);
  const staged = await store.stage({ key: `plan-${run}` });
  await saveAdapter(staged.folder, model, { layouts, replace: true });
  const validationLoss = { before: 3 / run, after: 2 / run, base: 4, interval: [-0.3, -0.1] as [number, number] };
  const datasets = [{ name: 'facts', sha256: 'a'.repeat(64), examples: 10, validationLoss }];
  return (await store.promote(staged, { metadata: { ...describeTraining(run), datasets } })).id;
}

let [first, second] = ['', ''];
beforeEach(async () => {
  await saveModel(pathOf('base'), newBase(), { tokenizer: new ByteTokenizer() });
  await using store = await AdapterStore.open(folder.path, { write: true });
  first = await train(store, 1);
  second = await train(store, 2);
});

/** Runs `palabra lora` on the store. */
const lora = (...words: string[]) => palabra(['lora', ...words, '--store', folder.path]);
const read = async (...words: string[]): Promise<unknown> => {
  const { stdout, stderr, status } = await lora(...words, '--json');
  expect([stderr, status]).toEqual(['', 0]);
  return JSON.parse(stdout);
};

test('status says in one screen what is current, previous, kept, trained on and pending', async () => {
  {
    await using store = await AdapterStore.open(folder.path, { write: true });
    await store.stage({ key: 'the next plan' });
  }
  const { stdout, status } = await lora('status');
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(24);
  expect(lines.find((line) => line.startsWith('current'))).toMatch(
    new RegExp(`${second}.*20 examples, 20 different, 6 epochs, validation loss 1\\.0000, .*KiB, whole`),
  );
  expect(stdout).toMatch(new RegExp(`previous +${first}`));
  expect(stdout).toMatch(/pending +\S+ since .*key the next plan/);
  expect(stdout).toContain('facts: 10 examples, 1.5000 → 1.0000 (base 4.0000), change -0.3000 to -0.1000');
  expect(await read('status')).toMatchObject({
    current: { id: second, whole: true, roles: ['current', expect.stringMatching(/^backup_current/)] },
    previous: { id: first, whole: true },
    kept: { backups: { current: 2, previous: 1 }, versions: 2 },
    pending: { key: 'the next plan' },
    damaged: [],
  });
});

test('list, restore and rollback', async () => {
  const { versions, backups } = (await read('list')) as { versions: { id: string }[]; backups: { name: string }[] };
  expect(versions.map(({ id }) => id)).toEqual([second, first]);
  expect(await read('restore', backups[0]!.name)).toEqual({ current: first, previous: second });
  expect(await read('rollback')).toEqual({ current: second, previous: first });
  expect((await lora('list')).stdout).toContain('accepted, current');
});

test('validate ends with 1 where a file differs, and the current version falls back with a word', async () => {
  expect(await read('validate')).toMatchObject({ ok: true });
  truncateSync(join(folder.path, 'versions', second, 'adapter_model.safetensors'), 50);
  const { status, stdout, stderr } = await lora('validate');
  expect(status).toBe(1);
  expect(stdout).toContain(`${second}  adapter_model.safetensors has 50 bytes instead of`);
  expect(stderr).toContain(`The current version ${second} is damaged; ${first} takes its place`);
});

test('prune says first what it removes', async () => {
  {
    await using store = await AdapterStore.open(folder.path, { write: true });
    for (let run = 3; run <= 7; run++) await store.discard(await store.stage({ key: String(run) }));
  }
  const dry = (await read('prune', '--dry-run')) as { backups: string[] };
  expect(dry.backups).toHaveLength(1);
  expect(readdirSync(join(folder.path, 'backups'))).toContain(dry.backups[0]);
  expect(await read('prune')).toEqual({ ...dry, dryRun: false });
  expect(readdirSync(join(folder.path, 'backups'))).not.toContain(dry.backups[0]);
});

test('diff: the norm of the change of each module equals that of the products', async () => {
  const path = pathOf('prompts.txt');
  writeFileSync(path, 'One\nTwo\n');
  const { modules, validation, answers } = (await read('diff', 'previous', 'current', '--model', pathOf('base'), '--prompts', path)) as { modules: { name: string; change: number }[]; validation: unknown; answers: unknown[] }; // prettier-ignore
  expect(validation).toEqual([{ dataset: 'facts', first: 2, second: 1 }]);
  expect(answers).toHaveLength(2);
  expect(answers[0]).toMatchObject({ prompt: 'One', first: expect.any(String), second: expect.any(String) });
  expect(modules).toHaveLength(14);
  const weights = await Promise.all([first, second].map((id) => readMerged(id)));
  const up = modules.find(({ name }) => name.endsWith('layers.0.mlp.up_proj'))!;
  const difference = weights[1]!.map((value, i) => value - weights[0]![i]!);
  expect(Math.abs(up.change / Math.hypot(...difference) - 1)).toBeLessThan(1e-5);
  const same = (await read('diff', 'current', second)) as { modules: { change: number; second: number }[] };
  expect(same.modules.every(({ change, second: norm }) => change === 0 && norm > 0)).toBe(true);
  expect((await lora('diff', first, second)).stdout).toMatch(/model\.layers\.1\.mlp\.down_proj +\d/);
});

/** The weight of `blocks.0.mlp.up` with a version merged. */
async function readMerged(id: string): Promise<number[]> {
  const out = pathOf(`merged-${id}`);
  await read('merge', id, '--model', pathOf('base'), '--out', out);
  const { model } = await loadModel(out);
  return Array.from(model.stateDict()['blocks.0.mlp.up.weight']!.contiguous().data() as Float32Array);
}

test('merge writes a model that computes what the adapter does; unmerge gives the base back bit by bit', async () => {
  const out = pathOf('merged');
  expect(await read('merge', '--model', pathOf('base'), '--out', out)).toMatchObject({ version: second });
  const adapted = newBase();
  addAdapter(adapted, { r: 4 }, { layouts });
  perturb(adapted, 'default', 0.2);
  mergeAdapters(adapted);
  const { model } = await loadModel(out);
  expect(logitsOf(model as never, newIds(7, 256))).toEqual(logitsOf(adapted, newIds(7, 256)));
  const weights = readFileSync(join(out, 'model.safetensors'));
  const again = await lora('merge', '--model', out, '--out', pathOf('twice'));
  expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('which holds an adapter already') });
  const other = await palabra(['lora', 'unmerge', out, '--out', pathOf('other')]);
  expect(other).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(join(out, 'model.safetensors')).equals(weights)).toBe(true);
  expect((await palabra(['lora', 'unmerge', out])).status).toBe(0);
  for (const place of [out, pathOf('other')]) {
    expect(readdirSync(place).sort()).toEqual(readdirSync(pathOf('base')).sort());
    for (const name of readdirSync(place))
      expect(readFileSync(join(place, name)).equals(readFileSync(join(pathOf('base'), name)))).toBe(true);
  }
  expect((await palabra(['lora', 'unmerge', out])).stderr).toContain('merge.json');
});

test('a kept base that was changed is not passed off as the base', async () => {
  const out = pathOf('merged');
  await read('merge', '--model', pathOf('base'), '--out', out);
  const kept = join(out, 'unmerged', 'config.json');
  writeFileSync(kept, `${readFileSync(kept, 'utf8')} `);
  const before = readdirSync(out);
  const { status, stderr } = await palabra(['lora', 'unmerge', out]);
  expect([status, stderr]).toEqual([1, expect.stringContaining(`expected ${kept} as it was merged`)]);
  expect(readdirSync(out)).toEqual(before);
});

describe('wrong input', () => {
  const wrong: [string, string[], string][] = [
    ['an unknown version', ['restore', 'nothing'], 'expected a version or backup of the store, received "nothing"'],
    ['a name that leads out', ['restore', '../x'], 'expected a version or backup of the store'],
    ['an unknown version to compare', ['diff', 'current', '../x'], 'expected a version or backup of the store'],
    ['an unknown version to merge', ['merge', 'x', '--model', 'm', '--out', 'o'], 'expected a version or backup'],
  ];

  test.each(wrong)('%s', async (_, words, message) => {
    const before = readPointers(folder.path);
    const { status, stderr } = await lora(...words);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(readPointers(folder.path)).toEqual(before);
  });

  test.each(['status', 'list', 'validate', 'prune', 'rollback'])('%s of a folder that is no store makes none', async (name) => {
    const path = pathOf('missing');
    const { status, stderr } = await palabra(['lora', name, '--store', path]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('expected a store of adapters in')]);
    expect(existsSync(path)).toBe(false);
  }); // prettier-ignore

  test('an adapter of another base is not merged', async () => {
    await saveModel(pathOf('other'), newLlama({ vocabSize: 256, initStd: 0.1 }), { tokenizer: new ByteTokenizer() });
    const { status, stderr } = await lora('merge', '--model', pathOf('other'), '--out', pathOf('out'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('the base that the adapter was trained on')]);
    expect(existsSync(pathOf('out'))).toBe(false);
  });
});
