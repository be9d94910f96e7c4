import { randomBytes } from 'node:crypto';
import { lstat, readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createDirectory, isSystemError, raise, throwFileError } from '../../core/index.js';
import { PLACES } from './store-state.js';
import type { StoreState } from './store-state.js';
import { BACKUP_NAME } from './version-id.js';

const POINTERS = ['current', 'previous'] as const;

/**
 * Makes `current/`, `previous/` and `backups/` show what the state says, for scripts that read them. They are links; nothing
 * here reads them.
 * @param folder - of the store
 * @param state - of the store
 * @throws PalabraError of code PAL_FILE where something else stands in the place of a link
 */
export async function exportLinks(folder: string, { pointers, record }: StoreState): Promise<void> {
  try {
    for (const name of POINTERS) await setLink(join(folder, name), pointers[name], PLACES.versions);
    const backups = join(folder, PLACES.backups);
    await createDirectory(backups);
    const known = new Set(record.backups.map(({ name }) => name));
    const found = await readdir(backups);
    for (const name of found.filter((other) => BACKUP_NAME.test(other) && !known.has(other)))
      await setLink(join(backups, name), null, '');
    for (const { name, version } of record.backups)
      await setLink(join(backups, name), version, `../${PLACES.versions}`);
  } catch (cause) {
    throwFileError('AdapterStore', folder, cause);
  }
}

/** Points a link at a version in one step, or removes it. */
async function setLink(path: string, version: string | null, around: string): Promise<void> {
  const found = await readLink(path);
  const target = version === null ? undefined : `${around}/${version}`;
  if (found === target) return;
  if (target === undefined) return await rm(path);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  await symlink(target, temporary, 'dir');
  await rename(temporary, path);
}

/** Where a link leads; undefined where there is none. */
async function readLink(path: string): Promise<string | undefined> {
  try {
    if ((await lstat(path)).isSymbolicLink()) return await readlink(path);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return raise('PAL_FILE', {
    where: 'AdapterStore',
    expected: `${path} to be a link of the store`,
    received: 'something else',
    fix: 'Move it away: the store keeps its versions in versions/.',
    details: { path, code: 'EEXIST' },
  });
}
