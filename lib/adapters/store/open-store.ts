import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { createDirectory, raise, throwFileError } from '../../core/index.js';
import { PLACES, createState, readState, writePointers, writeRecord } from './store-state.js';
import type { Pointers, StoreState } from './store-state.js';
import { findDamage } from './version.js';
import { readVersions } from './versions.js';
import type { Versions } from './versions.js';

/** What a store is found to hold. */
export interface OpenedStore extends StoreState {
  versions: Versions;
  /** What a person should know, in full sentences. */
  warnings: string[];
}

/** Reads that a change of another process may come between before it is an error. */
const MOST_READS = 10;

/**
 * Makes the folders of a store and, in a new one, its files.
 * @param folder - of the store
 * @throws CheckpointError where there are versions but no pointers to them
 */
export async function createStore(folder: string): Promise<void> {
  const { pointers, record } = await readState(folder);
  const empty = createState();
  if (pointers === undefined) {
    await expectNoVersions(folder);
    await writePointers(folder, empty.pointers);
  }
  if (record === undefined) await writeRecord(folder, empty.record);
  for (const name of [PLACES.versions, PLACES.staging]) await createOwnFolder(join(folder, name));
}

/**
 * Reads a store as it is between two changes, whoever makes them.
 * @param folder - of the store
 * @returns state and versions; the pointers lead to a current version that is whole, if there is one
 * @throws PalabraError of code PAL_FILE where there is no store
 */
export async function readStore(folder: string): Promise<OpenedStore> {
  if (!existsSync(join(folder, PLACES.pointers))) refuseMissing(folder);
  for (let read = 1; ; read++) {
    const state = { ...createState(), ...(await readState(folder)) };
    const opened = await fallBack({ ...state, versions: await readVersions(folder), warnings: [] });
    const { pointers } = { ...createState(), ...(await readState(folder)) };
    if (pointers.generation === state.pointers.generation || read === MOST_READS) return opened;
  }
}

/** Where the current version is damaged: the previous one takes its place, or the newest backup. */
async function fallBack(opened: OpenedStore): Promise<OpenedStore> {
  const { pointers, record } = opened;
  if (pointers.current === null) return opened;
  const backups = record.backups.map(({ version }) => version).reverse();
  const candidates = new Set([pointers.current, pointers.previous ?? [], backups].flat());
  const problems: string[] = [];
  for (const id of candidates) {
    const problem = await findProblem(opened.versions, id);
    if (problem === undefined) return id === pointers.current ? opened : replaceCurrent(opened, id, problems);
    problems.push(`${id}: ${problem}`);
  }
  return { ...opened, warnings: [`No version is whole. ${problems.join('; ')}.`] };
}

/** What is wrong with a version; undefined for a whole one. */
async function findProblem({ readable, damaged }: Versions, id: string): Promise<string | undefined> {
  const version = readable.get(id);
  if (version === undefined) return damaged.find((other) => other.id === id)?.problem ?? 'it is missing';
  const [problem] = await findDamage(version);
  return problem;
}

function replaceCurrent(opened: OpenedStore, id: string, problems: readonly string[]): OpenedStore {
  const { current, previous, generation } = opened.pointers;
  const pointers: Pointers = { current: id, previous: previous === id ? null : previous, generation };
  const warning = `The current version ${current} is damaged; ${id} takes its place. ${problems.join('; ')}.`;
  return { ...opened, pointers, warnings: [warning] };
}

async function createOwnFolder(path: string): Promise<void> {
  const refuse = (cause: unknown): never => throwFileError('AdapterStore', path, cause);
  await createDirectory(path).catch(refuse);
  if ((await lstat(path).catch(refuse)).isDirectory()) return;
  raise('PAL_FILE', {
    where: 'AdapterStore',
    expected: `${path} to be a folder of the store`,
    received: 'a symbolic link',
    fix: 'Put the folder itself there.',
    details: { path, code: 'ELOOP' },
  });
}

async function expectNoVersions(folder: string): Promise<void> {
  const { readable, damaged } = await readVersions(folder);
  const ids = [...readable.keys(), ...damaged.map(({ id }) => id)];
  if (ids.length === 0) return;
  const path = join(folder, PLACES.pointers);
  raise('PAL_CHECKPOINT', {
    where: path,
    expected: `a file that names the current one of ${ids.length} versions`,
    received: 'none',
    fix: `Write {"current": "${ids.at(-1)}", "previous": null, "generation": 1} there, or name another version.`,
    details: { path, versions: ids },
  });
}

function refuseMissing(folder: string): never {
  raise('PAL_FILE', {
    where: 'AdapterStore.open',
    expected: `a store of adapters in ${folder}`,
    received: 'none',
    fix: 'Check the path; `palabra lora train` makes a store.',
    details: { path: folder, code: 'ENOENT' },
  });
}
