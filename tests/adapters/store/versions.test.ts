import { existsSync, readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { AdapterStore } from '../../../lib/adapters/index.js';
import { describeTraining, writeAdapter } from './adapter-files.mjs';
import { promoteRun, readPointers, rejectRun, useFolder } from './store.js';

const folder = useFolder();
const open = (options = {}) => AdapterStore.open(folder.path, { write: true, ...options });

test('a promotion makes the staged version current and the current one previous', async () => {
  await using store = await open();
  expect(store.current).toBeUndefined();
  const first = await promoteRun(store, 1);
  expect(store.current).toEqual(first);
  expect(store.previous).toBeUndefined();
  const second = await promoteRun(store, 2);
  expect([store.current?.id, store.previous?.id]).toEqual([second.id, first.id]);
  expect(readPointers(folder.path)).toEqual({ current: second.id, previous: first.id, generation: 2 });
  expect(second.id).toMatch(/^\d{8}T\d{9}Z-[0-9a-f]{8}$/);
  expect(second.folder).toBe(join(folder.path, 'versions', second.id));
  expect(second).toMatchObject({ status: 'accepted', key: 'plan-2', metadata: { last_dataset: 'data-2' } });
  const files = ['adapter_config.json', 'adapter_model.safetensors', 'training_metadata.json'];
  expect(Object.keys(second.manifest.files)).toEqual(files);
});

test('what scripts read: current/, previous/, backups/ and the names of training_metadata.json', async () => {
  await using store = await open();
  await promoteRun(store, 1);
  await promoteRun(store, 2);
  const read = (name: string) =>
    JSON.parse(readFileSync(join(folder.path, name, 'training_metadata.json'), 'utf8')) as unknown;
  expect(read('current')).toEqual(describeTraining(2));
  expect(read('previous')).toEqual(describeTraining(1));
  const backups = readdirSync(join(folder.path, 'backups'));
  expect(backups).toEqual([expect.stringMatching(/^backup_current_\d{8}_\d{6}_\d{3}-[0-9a-f]{8}$/)]);
  expect(read(join('backups', backups[0]!))).toEqual(describeTraining(1));
  expect(statSync(join(folder.path, 'current')).isDirectory()).toBe(true);
});

test('a rejected version stays with its reasons, the pointers as they were', async () => {
  await using store = await open();
  const first = await promoteRun(store, 1);
  const before = readPointers(folder.path);
  const rejected = await rejectRun(store, 2);
  expect(rejected).toMatchObject({ status: 'rejected', manifest: { reasons: ['worse'] } });
  expect(readPointers(folder.path)).toEqual(before);
  expect(store.current?.id).toBe(first.id);
  expect(store.list().map(({ id }) => id)).toEqual([rejected.id, first.id]);
  await expect(store.restore(rejected.id)).rejects.toThrow('which was rejected: worse');
});

test('promoted although the gate refused: that is recorded', async () => {
  await using store = await open();
  const staged = await store.stage({ key: 'a' });
  writeAdapter(staged.folder, 1);
  const options = { metadata: describeTraining(1), promotedAnyway: true, reasons: ['worse'] };
  expect((await store.promote(staged, options)).manifest).toMatchObject({ promotedAnyway: true, reasons: ['worse'] });
});

test('staging by the same key goes on where it was left; another key gives it up', async () => {
  {
    await using store = await open();
    const staged = await store.stage({ key: 'a' });
    expect(staged.resumed).toBe(false);
    writeFileSync(join(staged.folder, 'trainer_state'), 'half way');
  }
  await using store = await open();
  expect(store.pending).toMatchObject({ key: 'a' });
  const again = await store.stage({ key: 'a' });
  expect(again.resumed).toBe(true);
  expect(readFileSync(join(again.folder, 'trainer_state'), 'utf8')).toBe('half way');
  const other = await store.stage({ key: 'b' });
  expect(other.resumed).toBe(false);
  expect(readdirSync(join(folder.path, 'staging'))).toEqual([other.id]);
  await expect(store.promote(again, { metadata: describeTraining(1) })).rejects.toThrow('expected the staged version');
  await store.discard(other);
  expect(readdirSync(join(folder.path, 'staging'))).toEqual([]);
});

test('seven runs leave five backups of a kind; pinned ones stay beside them, and what they refer to', async () => {
  await using store = await open();
  const first = await promoteRun(store, 1);
  await promoteRun(store, 2);
  const [oldest] = store.backups();
  await store.pin(oldest!.name);
  for (let run = 3; run <= 8; run++) await promoteRun(store, run);
  const kinds = store.backups().map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'current')).toHaveLength(6);
  expect(kinds.filter((kind) => kind === 'previous')).toHaveLength(5);
  expect(store.list().map(({ id }) => id)).toContain(first.id);
  await store.unpin(oldest!.name);
  const dry = await store.prune({ dryRun: true });
  expect(dry).toMatchObject({ backups: [oldest!.name], versions: [first.id], bytes: first.bytes });
  expect(existsSync(first.folder)).toBe(true);
  expect(await store.prune()).toEqual(dry);
  expect(existsSync(first.folder)).toBe(false);
  expect(readdirSync(join(folder.path, 'backups')).sort()).toEqual(store.backups().map(({ name }) => name).sort()); // prettier-ignore
  expect((await store.validate()).every(({ ok }) => ok)).toBe(true);
});

test('a rejected run prunes nothing', async () => {
  await using store = await open({ keepLast: 1 });
  await promoteRun(store, 1);
  await promoteRun(store, 2);
  await rejectRun(store, 3);
  expect(store.backups()).toHaveLength(3);
});

test('restore swaps the whole folder and backs up what was current; rollback undoes it', async () => {
  await using store = await open();
  const staged = await store.stage({ key: 'a' });
  writeAdapter(staged.folder, 1);
  writeFileSync(join(staged.folder, 'stale.json'), '{}');
  const first = await store.promote(staged, { metadata: describeTraining(1) });
  const second = await promoteRun(store, 2);
  const [backup] = store.backups();
  expect((await store.restore(backup!.name)).id).toBe(first.id);
  expect(store.backups().filter(({ version }) => version === second.id)).toHaveLength(1);
  expect(readdirSync(join(folder.path, 'current'))).toContain('stale.json');
  expect((await store.rollback()).id).toBe(second.id);
  expect(readdirSync(join(folder.path, 'current'))).not.toContain('stale.json');
  expect(readlinkSync(join(folder.path, 'current'))).toBe(`versions/${second.id}`);
  const generation = readPointers(folder.path).generation;
  await store.restore(second.id);
  expect(readPointers(folder.path).generation).toBe(generation);
});

test('a clock that goes backwards, and one that stands: the order is that of the promotions', async () => {
  let time = Date.UTC(2030, 0, 1);
  await using store = await open({ now: () => time });
  const ids: string[] = [];
  for (let run = 1; run <= 8; run++) {
    if (run === 3) time = Date.UTC(2020, 0, 1);
    ids.push((await promoteRun(store, run)).id);
  }
  expect(new Set(ids).size).toBe(8);
  expect(store.current?.id).toBe(ids[7]);
  expect(store.previous?.id).toBe(ids[6]);
  const current = store.backups().filter(({ kind }) => kind === 'current');
  expect(current.map(({ version }) => version)).toEqual([ids[6], ids[5], ids[4], ids[3], ids[2]]);
});
