import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { raise } from './errors/errors.js';
import { formatBytes } from './format.js';

/**
 * Throws the error of a failed file operation.
 *
 * @throws PalabraError PAL_FILE always
 */
export function throwFileError(where: string, path: string, cause: unknown, bytes?: number): never {
  if (!isSystemError(cause)) throw cause;
  const reached = bytes === undefined ? '' : ` after ${formatBytes(bytes)}`;
  raise('PAL_FILE', {
    where,
    expected: `${path} to be accessible`,
    received: `${cause.code}${reached}`,
    fix: remedies[cause.code],
    details: { path, code: cause.code, ...(bytes === undefined ? {} : { bytes }) },
    cause,
  });
}

const remedies: Partial<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space or choose another directory.',
  EDQUOT: 'The quota is used up: free some space or choose another directory.',
  EROFS: 'The file system is read-only: choose another directory.',
  EACCES: 'Permission was denied: check the owner and mode of the path.',
  ENOENT: 'The path does not exist: check its spelling or create the directory.',
  EISDIR: 'The path is a directory: name a file.',
  ENOTDIR: 'A part of the path is a file: check its spelling.',
  EPERM: 'The system does not permit it: check the owner, the mode and the attributes of the path.',
  EMFILE: 'Too many files are open: close some, or raise the limit with ulimit -n.',
  ENFILE: 'Too many files are open on this machine: close some programs.',
  ELOOP: 'Links lead in a circle: check where they point to.',
  EXDEV: 'The paths lie on different file systems: choose a directory on the same one.',
  ENAMETOOLONG: 'The name is too long: choose a shorter one.',
  EIO: 'The disk failed: check it, or choose another directory.',
};

/** True for a caught value that is an error of the operating system, with a code such as `ENOENT`. */
export function isSystemError(value: unknown): value is Error & { code: string } {
  return typeof value === 'object' && value !== null && 'syscall' in value && 'code' in value;
}

/**
 * Makes a directory and those above it that are missing. Unlike Node's own way it fails with the system's first cause, as
 * EROFS on a disk that can only be read.
 *
 * @param path - the directory; it may be there
 */
export async function createDirectory(path: string): Promise<void> {
  const missing = await makeDirectory(path);
  if (missing === undefined) return;
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent?.isDirectory() !== true && dirname(path) !== path) await createDirectory(dirname(path));
  // Another work may have made the parent meanwhile.
  const cause = await makeDirectory(path);
  if (cause !== undefined) throw cause;
}

/** Makes one directory, unless it is there; the error where a parent is missing. */
async function makeDirectory(path: string): Promise<Error | undefined> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'ENOENT') return error;
    if (error.code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  }
  return undefined;
}
