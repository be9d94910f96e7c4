import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { getSystemErrorMap } from 'node:util';
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
  const fix = remedies[cause.code];
  raise('PAL_FILE', {
    where,
    expected: `${path} to be accessible`,
    received: `${cause.code}${reached}${fix === undefined ? describeCode(cause) : ''}`,
    fix,
    details: { path, code: cause.code, ...(bytes === undefined ? {} : { bytes }) },
    cause,
  });
}

/** The system's own words for a code without a remedy. */
function describeCode({ errno, message }: NodeJS.ErrnoException): string {
  const [, words] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? [];
  return ` (${words ?? message})`;
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
  EFBIG: 'A file may not be that large here: raise the limit with ulimit -f, or choose another file system.',
  EEXIST: 'Something is there already: remove it, or choose another path.',
  ENOTEMPTY: 'The directory holds files: remove them, or choose another path.',
  EBUSY: 'Another program uses it: wait for that program, or choose another path.',
  ETXTBSY: 'Another program runs it: wait for that program, or choose another path.',
  EMLINK: 'It has too many links: choose another directory.',
  ENODEV: 'The device is gone: mount it again, or choose another directory.',
  ENXIO: 'No program is at the other end: name a file, or start that program first.',
  ESTALE: 'The file server has lost it: mount the file system again.',
  ETIMEDOUT: 'The file server does not answer: try again when it does.',
  ENOTCONN: 'The file server is gone: mount the file system again.',
  ERR_FS_FILE_TOO_LARGE: 'It is larger than 2 GiB, more than can be read at once: check that it is the right file.',
  ERR_STRING_TOO_LONG: 'It is larger than a text may be: check that it is the right file.',
  ERR_INVALID_ARG_VALUE: 'A path holds no null bytes: check its spelling.',
};

/** Codes of Node's own for files that it can't read, beside those of the system. */
const OWN_CODES: ReadonlySet<unknown> = new Set([
  'ERR_FS_FILE_TOO_LARGE',
  'ERR_STRING_TOO_LONG',
  'ERR_INVALID_ARG_VALUE',
]);

/**
 * Makes a call of the system; its failure becomes the error of the file.
 *
 * @param where - the public function, named in the error
 * @param path - of the file
 * @param call - reads, writes or asks about it
 * @returns what the call gives
 * @throws PalabraError of code PAL_FILE when the system refuses
 */
export function accessFile<T>(where: string, path: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    return throwFileError(where, path, cause);
  }
}

/** True for a caught value that is an error of the operating system, with a code such as `ENOENT`. */
export function isSystemError(value: unknown): value is Error & { code: string } {
  if (typeof value !== 'object' || value === null || !('code' in value)) return false;
  return 'syscall' in value || OWN_CODES.has(value.code);
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

/**
 * Makes the directories above a file or folder that are missing.
 *
 * @param where - the public function or the option, named in the error
 * @param path - of the file or folder
 * @throws PalabraError of code PAL_FILE when the system refuses
 */
export async function createParent(where: string, path: string): Promise<void> {
  const parent = dirname(resolve(path));
  await createDirectory(parent).catch((cause: unknown) => throwFileError(where, parent, cause));
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

/**
 * Why a file or directory can't be made: where the one around it is missing, what the system says of making that one, as
 * EROFS on a disk that can only be read.
 *
 * @param path - what was to be made
 * @param cause - the failure
 * @returns the first cause; the failure itself where no directory is missing, or where it could be made
 */
export async function findFirstCause(path: string, cause: unknown): Promise<unknown> {
  if (!isSystemError(cause) || cause.code !== 'ENOENT') return cause;
  const parent = dirname(resolve(path));
  const around = await findExisting(parent);
  if (around === parent) return cause;
  return await access(around, constants.W_OK).then(
    () => cause,
    (first: unknown) => first,
  );
}

/** The nearest directory at or above a path that is there. */
async function findExisting(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined && dirname(path) !== path ? await findExisting(dirname(path)) : path;
}
