import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { throwFileError } from '../../core/index.js';
import { removeTree } from './disk.js';
import { exportLinks } from './export-links.js';
import { readStore } from './open-store.js';
import type { OpenedStore } from './open-store.js';
import { PLACES, createState, readState, writePointers, writeRecord } from './store-state.js';
import type { Pointers } from './store-state.js';
import { readVersions } from './versions.js';

/** The end of the name of what an interrupted write left. */
const LEFTOVER = '.tmp';

/**
 * Brings a store to a state without anything half done: for the owner of its lock.
 * @param folder - of the store
 * @returns state and versions
 */
export async function finishStore(folder: string): Promise<OpenedStore> {
  await finishPending(folder);
  const opened = await readStore(folder);
  await writeFallback(folder, opened);
  await removeLeftovers(folder, opened);
  await exportLinks(folder, opened);
  return opened;
}

/** A version that reached its place before the pointers did: what was decided of it is carried out. */
async function finishPending(folder: string): Promise<void> {
  const { record, pointers } = { ...createState(), ...(await readState(folder)) };
  if (record.pending === null) return;
  const { readable } = await readVersions(folder);
  const sealed = readable.get(record.pending.id);
  if (sealed === undefined) return;
  if (sealed.status === 'accepted' && pointers.current !== sealed.id)
    await writePointers(folder, advance(pointers, sealed.id));
  await writeRecord(folder, { ...record, pending: null });
}

/**
 * The pointers after a change of the current version.
 * @param pointers - before it
 * @param current - the new current version
 * @returns pointers of the next generation
 */
export function advance(pointers: Pointers, current: string): Pointers {
  return { current, previous: pointers.current, generation: pointers.generation + 1 };
}

async function writeFallback(folder: string, { pointers }: OpenedStore): Promise<void> {
  const { pointers: stored } = await readState(folder);
  if (stored === undefined || stored.current === pointers.current) return;
  pointers.generation = stored.generation + 1;
  await writePointers(folder, pointers);
}

async function removeLeftovers(folder: string, { record }: OpenedStore): Promise<void> {
  const staging = join(folder, PLACES.staging);
  try {
    for (const name of await readdir(staging)) if (name !== record.pending?.id) await removeTree(join(staging, name));
    for (const around of [folder, join(folder, PLACES.backups)]) await removeTemporaries(around);
  } catch (cause) {
    throwFileError('AdapterStore', folder, cause);
  }
}

async function removeTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => listNothingIfMissing(error));
  for (const name of names.filter((other) => other.endsWith(LEFTOVER))) await removeTree(join(folder, name));
}

function listNothingIfMissing(error: unknown): string[] {
  if ((error as { code?: unknown }).code === 'ENOENT') return [];
  throw error;
}
