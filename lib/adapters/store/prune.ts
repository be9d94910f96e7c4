import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { throwFileError } from '../../core/index.js';
import type { OpenedStore } from './open-store.js';
import { PLACES } from './store-state.js';
import type { BackupRecord } from './store-state.js';
import type { VersionRecord } from './version.js';

/** What pruning removes. */
export interface PrunePlan {
  /** Backups beyond those that stay, from the oldest to the newest. */
  backups: string[];
  /** Versions that nothing refers to any more. */
  versions: string[];
  /** That the removal of the versions frees. */
  bytes: number;
}

/**
 * Says what pruning removes: of each kind of backup all but the newest, then versions that neither a pointer nor a backup
 * nor a pin refers to. Of rejected versions the newest stay too; damaged ones stay.
 * @param store - as it was opened
 * @param keepLast - backups of a kind, and rejected versions, that stay beside pinned ones
 * @returns the plan; nothing has been removed
 */
export function planPrune(store: Omit<OpenedStore, 'warnings'>, keepLast: number): PrunePlan {
  const { record, versions } = store;
  const pinned = new Set(record.pinned);
  const isPinned = ({ name, version }: BackupRecord): boolean => pinned.has(name) || pinned.has(version);
  const free = record.backups.filter((backup) => !isPinned(backup));
  const kinds = [...new Set(free.map(({ kind }) => kind))].map((kind) => free.filter((other) => other.kind === kind));
  const surplus = new Set(kinds.flatMap((all) => all.slice(0, -keepLast)).map(({ name }) => name));
  const staying = record.backups.filter(({ name }) => !surplus.has(name));
  const removed = listUnreferenced(store, new Set([...staying.map(({ version }) => version), ...pinned]), keepLast);
  return {
    backups: record.backups.map(({ name }) => name).filter((name) => surplus.has(name)),
    versions: removed.map(({ id }) => id),
    bytes: removed.reduce((sum, { id }) => sum + versions.readable.get(id)!.bytes, 0),
  };
}

function listUnreferenced(
  { pointers, record, versions }: Omit<OpenedStore, 'warnings'>,
  referenced: ReadonlySet<string>,
  keepLast: number,
): VersionRecord[] {
  const all = [...versions.readable.values()];
  const rejected = all.filter(({ status }) => status === 'rejected').slice(-keepLast);
  const staying = new Set([pointers.current, pointers.previous, record.pending?.id, ...rejected.map(({ id }) => id)]);
  return all.filter(({ id }) => !staying.has(id) && !referenced.has(id));
}

/**
 * Removes a version: first out of the list in one step, then from the disk.
 * @param folder - of the store
 * @param id - of the version, which nothing refers to
 */
export async function removeVersion(folder: string, id: string): Promise<void> {
  const aside = join(folder, PLACES.staging, id);
  try {
    await rename(join(folder, PLACES.versions, id), aside);
    await rm(aside, { recursive: true, force: true });
  } catch (cause) {
    throwFileError('AdapterStore', aside, cause);
  }
}
