import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, throwFileError } from '../../core/index.js';
import { PLACES } from './store-state.js';
import { VERSION_ID } from './version-id.js';
import { describeDamage, readVersion } from './version.js';
import type { VersionRecord } from './version.js';

/** A version that cannot be used. */
export interface DamagedVersion {
  id: string;
  problem: string;
}

/** The versions of a store, by name. */
export interface Versions {
  /** Those whose manifests are whole, from the oldest to the newest. */
  readable: Map<string, VersionRecord>;
  damaged: DamagedVersion[];
}

/**
 * Reads what all versions of a store say of themselves.
 * @param folder - of the store
 * @returns the versions; links and names that are none of a version are passed over
 */
export async function readVersions(folder: string): Promise<Versions> {
  const found: VersionRecord[] = [];
  const damaged: DamagedVersion[] = [];
  for (const id of await listFolders(join(folder, PLACES.versions))) {
    if (!VERSION_ID.test(id)) continue;
    try {
      found.push(await readVersion(join(folder, PLACES.versions, id), id));
    } catch (error) {
      damaged.push({ id, problem: describeDamage(error) });
    }
  }
  found.sort((a, b) => a.manifest.sequence - b.manifest.sequence);
  return { readable: new Map(found.map((version) => [version.id, version])), damaged };
}

/**
 * The names of the folders in a folder.
 * @param path - of the folder; none is in one that is not there
 * @returns names without links and files
 */
export async function listFolders(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return [];
    return throwFileError('AdapterStore', path, error);
  }
}
