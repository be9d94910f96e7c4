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
};

/** True for a caught value that is an error of the operating system, with a code such as `ENOENT`. */
export function isSystemError(value: unknown): value is Error & { code: string } {
  return typeof value === 'object' && value !== null && 'syscall' in value && 'code' in value;
}
