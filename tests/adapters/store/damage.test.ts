import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { AdapterStore, addAdapter, loadAdapter, saveAdapter } from '../../../lib/adapters/index.js';
import { freedAfterEach } from '../../helpers/freed.js';
import { newLlama } from '../models.js';
import { describeTraining, writeAdapter } from './adapter-files.mjs';
import { promoteRun, readPointers, useFolder } from './store.js';

freedAfterEach();

const folder = useFolder();
const open = (options = {}) => AdapterStore.open(folder.path, { write: true, ...options });

/** A store of two versions, closed. */
async function newStore(): Promise<{ first: string; second: string }> {
  await using store = await open();
  return { first: (await promoteRun(store, 1)).id, second: (await promoteRun(store, 2)).id };
}

const weightsOf = (id: string): string => join(folder.path, 'versions', id, 'adapter_model.safetensors');

/** Changes one bit in the middle of a file. */
function flipBit(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 3]! ^= 1;
  writeFileSync(path, bytes);
}

describe('a damaged current version', () => {
  const damages: [string, (path: string) => void][] = [
    ['one flipped bit', flipBit],
    ['cut weights', (path) => truncateSync(path, 20)],
    ['no weights', (path) => rmSync(path)],
    ['a file that is none of it', (path) => writeFileSync(join(dirname(path), 'more.json'), '{}')],
    ['a flipped bit of the manifest', (path) => flipBit(join(dirname(path), 'manifest.json'))],
    ['metadata of another training', (path) => appendFileSync(join(dirname(path), 'training_metadata.json'), ' ')],
    ['no folder', (path) => rmSync(dirname(path), { recursive: true })],
    [
      'weights that are a link out of the store',
      (path) => {
        renameSync(path, `${folder.path}-elsewhere`);
        symlinkSync(`${folder.path}-elsewhere`, path);
      },
    ],
    [
      'a folder that is a link out of the store',
      (path) => {
        renameSync(dirname(path), `${folder.path}-elsewhere`);
        symlinkSync(`${folder.path}-elsewhere`, dirname(path));
      },
    ],
  ];

  test.each(damages)('%s: the previous one takes its place, with a word', async (_, damage) => {
    const { first, second } = await newStore();
    damage(weightsOf(second));
    const read = await AdapterStore.open(folder.path);
    expect([read.current?.id, read.previous?.id]).toEqual([first, undefined]);
    expect(readPointers(folder.path).current).toBe(second);
    const told: string[] = [];
    await using store = await open({ onWarning: (warning: string) => told.push(warning) });
    expect(told).toEqual([expect.stringContaining(`The current version ${second} is damaged; ${first} takes its`)]);
    expect(store.warnings).toEqual(told);
    expect(readPointers(folder.path)).toEqual({ current: first, previous: null, generation: 3 });
    expect((await store.validate()).filter(({ ok }) => ok).map(({ id }) => id)).toEqual([first]);
    await expect(store.restore(second)).rejects.toThrow(/PAL_(CHECKPOINT|ARGUMENT)/);
    const third = await promoteRun(store, 3);
    expect([store.current?.id, store.previous?.id]).toEqual([third.id, first]);
  });

  test('all versions damaged: nothing is trained on top of them', async () => {
    const { first, second } = await newStore();
    flipBit(weightsOf(first));
    rmSync(dirname(weightsOf(second)), { recursive: true });
    await using store = await open();
    expect(store.current).toBeUndefined();
    expect(store.warnings).toEqual([expect.stringContaining('No version is whole')]);
    await expect(store.stage({ key: 'a' })).rejects.toThrow('a current version that is whole');
  });
});

test('names that lead out of the store are none of it', async () => {
  await newStore();
  await using store = await open();
  for (const name of ['../x', '/etc', '', '.', 'versions', `../versions/${store.current!.id}`]) {
    await expect(store.restore(name)).rejects.toThrow('expected a version or backup of the store');
    await expect(store.pin(name)).rejects.toThrow('expected a version or backup of the store');
  }
  await store.close();
  writeFileSync(join(folder.path, 'pointers.json'), '{"current": "../x", "previous": null, "generation": 1}');
  await expect(open()).rejects.toMatchObject({ code: 'PAL_CHECKPOINT', message: expect.stringContaining('pointers.json') }); // prettier-ignore
});

test('pointers that are lost are not taken for a new store', async () => {
  const { second } = await newStore();
  rmSync(join(folder.path, 'pointers.json'));
  await expect(open()).rejects.toThrow(`{"current": "${second}"`);
});

test.each(['current', 'previous'])('a folder of somebody else in the place of %s/ is not removed', async (name) => {
  await newStore();
  const path = join(folder.path, name);
  rmSync(path);
  mkdirSync(path);
  writeFileSync(join(path, 'mine'), 'precious');
  await expect(open()).rejects.toThrow(`expected ${path} to be a link of the store`);
  expect(readFileSync(join(path, 'mine'), 'utf8')).toBe('precious');
});

describe('an adapter that is not whole is not promoted', () => {
  const faults: [string, (staged: string) => void][] = [
    ['cut weights', (staged) => truncateSync(join(staged, 'adapter_model.safetensors'), 100)],
    ['no settings', (staged) => rmSync(join(staged, 'adapter_config.json'))],
    ['a link', (staged) => symlinkSync('/etc/hostname', join(staged, 'README.md'))],
  ];

  test.each(faults)('%s', async (_, fault) => {
    const { second } = await newStore();
    await using store = await open();
    const staged = await store.stage({ key: 'a' });
    writeAdapter(staged.folder, 3);
    fault(staged.folder);
    const options = { metadata: describeTraining(3) };
    await expect(store.promote(staged, options)).rejects.toThrow(/PAL_(CHECKPOINT|FILE)/);
    expect(readPointers(folder.path).current).toBe(second);
    rmSync(join(staged.folder, 'README.md'), { force: true });
    writeAdapter(staged.folder, 3);
    expect((await store.promote(staged, options)).id).toBe(staged.id);
  });

  test('metadata with a loss that is no number', async () => {
    await using store = await open();
    const staged = await store.stage({ key: 'a' });
    writeAdapter(staged.folder, 1);
    const metadata = { ...describeTraining(1), last_loss: NaN };
    await expect(store.promote(staged, { metadata })).rejects.toThrow('metadata.last_loss');
    expect(store.list()).toEqual([]);
  });
});

test('an adapter of another base is refused by its hash', async () => {
  await using store = await open();
  const model = newLlama();
  addAdapter(model, { r: 2 });
  const staged = await store.stage({ key: 'a' });
  await saveAdapter(staged.folder, model, { replace: true });
  const { folder: path } = await store.promote(staged, { metadata: describeTraining(1) });
  await loadAdapter(path, newLlama(), { trainable: true });
  await expect(loadAdapter(path, newLlama({ initStd: 0.1 }))).rejects.toThrow('the base that the adapter was trained');
});

describe('two processes', () => {
  test('the second is told the process and the start of the first, and may read', async () => {
    await newStore();
    await using store = await open();
    const { pid, since } = JSON.parse(readFileSync(join(folder.path, 'store.lock'), 'utf8')) as Record<string, unknown>;
    expect(pid).toBe(process.pid);
    await expect(open()).rejects.toMatchObject({
      code: 'PAL_LOCKED',
      message: expect.stringContaining(`held by process ${process.pid} on ${hostname()} since ${String(since)}`),
    });
    const reader = await AdapterStore.open(folder.path);
    expect(reader.current?.id).toBe(store.current?.id);
    await expect(reader.stage({ key: 'a' })).rejects.toThrow('a store opened for writing');
    await store.close();
    await (await open()).close();
  });

  test('the lock of one that has ended is taken over', async () => {
    await newStore();
    const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
    const owner = { pid, host: hostname(), processStart: 0, token: 'dead' };
    writeFileSync(join(folder.path, 'store.lock'), JSON.stringify(owner));
    await using store = await open();
    expect(store.warnings).toEqual([]);
  });
});

test('a disk without twice the bytes of the adapter begins no training', async () => {
  await newStore();
  await using store = await open();
  await expect(store.stage({ key: 'a', bytes: 2 ** 52 })).rejects.toMatchObject({
    code: 'PAL_FILE',
    details: { code: 'ENOSPC', bytes: 2 ** 53 },
  });
  expect(store.pending).toBeUndefined();
});

test('where nothing can be written, the error names the path', async () => {
  writeFileSync(folder.path, 'a file');
  await expect(open()).rejects.toMatchObject({ code: 'PAL_FILE', details: { path: folder.path } });
  await expect(AdapterStore.open(folder.path)).rejects.toMatchObject({ code: 'PAL_FILE' });
  rmSync(folder.path);
  await expect(AdapterStore.open(folder.path)).rejects.toThrow('expected a store of adapters in');
  expect(() => readFileSync(folder.path)).toThrow('ENOENT');
});

test('a backup that cannot be recorded begins no training', async () => {
  await newStore();
  await using store = await open();
  // A folder takes the place of the record, which root could overwrite otherwise.
  rmSync(join(folder.path, 'store.json'));
  mkdirSync(join(folder.path, 'store.json', 'in the way'), { recursive: true });
  await expect(store.stage({ key: 'a' })).rejects.toMatchObject({ code: 'PAL_FILE' });
  expect(store.pending).toBeUndefined();
});
