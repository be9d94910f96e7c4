import { existsSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { createDirectory, formatBytes, raise, throwFileError } from '../../core/index.js';

/** Room for the version in the making and for what its training keeps. */
const TIMES = 2;

/**
 * Requires room for a version on the disk.
 * @param folder - of the store
 * @param bytes - of an adapter
 * @throws PalabraError of code PAL_FILE, with the bytes needed, when less than twice the bytes are free
 */
export async function expectFreeDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder).catch((cause: unknown) =>
    throwFileError('AdapterStore.stage', folder, cause),
  );
  const [needed, free] = [TIMES * bytes, bavail * bsize];
  if (free >= needed) return;
  raise('PAL_FILE', {
    where: 'AdapterStore.stage',
    expected: `${formatBytes(needed)} free in ${folder}, twice the adapter`,
    received: `${formatBytes(free)} free`,
    fix: 'Free some space, or remove old versions by `palabra lora prune`.',
    details: { path: folder, code: 'ENOSPC', bytes: needed, free },
  });
}

/**
 * Removes a folder with all in it; one that is not there is fine.
 * @param path - of the folder
 */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((cause: unknown) =>
    throwFileError('AdapterStore', path, cause),
  );
}

/**
 * Makes a folder.
 * @param path - of the folder
 * @returns true where it was there already
 */
export async function createFolder(path: string): Promise<boolean> {
  const resumed = existsSync(path);
  await createDirectory(path).catch((cause: unknown) => throwFileError('AdapterStore', path, cause));
  return resumed;
}
