import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { raise } from './errors/errors.js';
import { throwFileError } from './file-error.js';

/** The size and SHA-256 of a file. */
export interface FileRecord {
  bytes: number;
  /** 64 hexadecimal digits. */
  sha256: string;
}

/**
 * Reads and hashes a file.
 *
 * @param path - of the file
 * @param check - called for each piece, to stop by throwing
 * @returns its size and hash
 * @throws PalabraError of code PAL_FILE when it cannot be read
 */
export async function hashFile(path: string, check: () => void = () => {}): Promise<FileRecord> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
      check();
      hash.update(piece);
      bytes += piece.length;
    }
  } catch (cause) {
    throwFileError('hashFile', path, cause);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/**
 * The files below a folder, of which each is a file or folder of its own.
 *
 * @param folder - where to look
 * @returns paths within the folder with `/`, sorted
 * @throws PalabraError of code PAL_FILE for a link or anything else that is neither file nor folder, or when the folder
 *   cannot be read
 */
export async function listOwnFiles(folder: string): Promise<string[]> {
  const reading = readdir(folder, { withFileTypes: true, recursive: true });
  const entries = await reading.catch((cause: unknown) => throwFileError('listOwnFiles', folder, cause));
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd !== undefined) refuseEntry(join(odd.parentPath, odd.name), odd.isSymbolicLink());
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function refuseEntry(path: string, isLink: boolean): never {
  raise('PAL_FILE', {
    where: 'listOwnFiles',
    expected: `${path} to be a file or folder`,
    received: isLink ? 'a symbolic link' : 'neither',
    fix: 'Put the file itself there.',
    details: { path, code: 'ELOOP' },
  });
}
