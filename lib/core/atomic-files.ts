import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { raise } from './errors/errors.js';
import { findFirstCause, isSystemError, throwFileError } from './file-error.js';

/** One call of the system takes less than 2 GiB. */
const MAX_WRITE = 2 ** 30;

/** The content of a file: all at once or in chunks. */
export type FileContent = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file so that at any moment its path holds either all of the old content or all of the new.
 *
 * The content goes to a temporary file in the same directory, is flushed to the disk and renamed;
 * then the directory is flushed. When anything fails the old file stays as it was.
 *
 * @returns the number of bytes written
 * @throws PalabraError PAL_FILE, with `details.path`, `details.code` (e.g. `ENOSPC`) and `details.bytes` written so far
 */
export async function writeFileAtomic(path: string, content: FileContent): Promise<number> {
  const target = resolve(path);
  const temporary = createTemporaryName(target);
  const progress = { bytes: 0 };
  try {
    await writeAndFlush(temporary, content, progress);
    await rename(temporary, target);
    await flush(dirname(target));
  } catch (cause) {
    await removeQuietly(temporary);
    throwFileError('writeFileAtomic', target, await findFirstCause(target, cause), progress.bytes);
  } finally {
    finishTemporary(temporary);
  }
  return progress.bytes;
}

/**
 * Makes a directory that appears under its path only when it is complete.
 *
 * `fill` writes into a temporary directory beside it; its files are flushed, and it is renamed.
 *
 * @param path - the directory to appear; its parent must exist
 * @param fill - writes the files into the directory it is given
 * @param options - how to treat what is there
 * @param options.replace - `true` allows an existing directory: it is moved aside for the instant between two
 *   renames and put back when the second fails
 * @throws PalabraError PAL_FILE when the path exists and may not be replaced, or the disk refuses
 */
export async function writeDirectoryAtomic(
  path: string,
  fill: (temporary: string) => void | Promise<void>,
  options: { replace?: boolean } = {},
): Promise<void> {
  const target = resolve(path);
  const temporary = createTemporaryName(target);
  try {
    if (options.replace !== true && (await exists(target))) refuseExisting(target);
    await mkdir(temporary);
    await fill(temporary);
    await flushTree(temporary);
    await replaceDirectory(temporary, target);
    await flush(dirname(target));
  } catch (cause) {
    await removeQuietly(temporary);
    throwFileError('writeDirectoryAtomic', target, await findFirstCause(target, cause));
  } finally {
    finishTemporary(temporary);
  }
}

/**
 * Moves a folder of one file system to a path that does not exist: its files are flushed, it is renamed, and the folders
 * around both places are flushed.
 *
 * @param from - the folder
 * @param to - its path afterwards; the folder around it must exist
 * @throws PalabraError PAL_FILE when the disk refuses
 */
export async function moveDirectory(from: string, to: string): Promise<void> {
  try {
    if (await exists(to)) refuseExisting(to);
    await flushTree(from);
    await rename(from, to);
    await flush(dirname(to));
    await flush(dirname(from));
  } catch (cause) {
    throwFileError('moveDirectory', to, cause);
  }
}

/** Temporary files and folders of writes that go on; an end of the process takes them along. */
const unfinished = new Set<string>();

function nameTemporary(target: string): string {
  return join(dirname(target), `.${basename(target)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
}

function createTemporaryName(target: string): string {
  if (unfinished.size === 0) process.on('exit', removeUnfinished);
  const temporary = nameTemporary(target);
  unfinished.add(temporary);
  return temporary;
}

function finishTemporary(temporary: string): void {
  unfinished.delete(temporary);
  if (unfinished.size === 0) process.off('exit', removeUnfinished);
}

/** Removes what a failed write left; the error that is told is that of the write. */
async function removeQuietly(temporary: string): Promise<void> {
  await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
}

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { recursive: true, force: true });
}

async function writeAndFlush(path: string, content: FileContent, progress: { bytes: number }): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for await (const chunk of iterateChunks(content)) {
      await writeAll(file, chunk);
      progress.bytes += chunk.byteLength;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function iterateChunks(content: FileContent): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (typeof content === 'string') return [new TextEncoder().encode(content)];
  return ArrayBuffer.isView(content) ? [content] : content;
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let offset = 0;
  while (offset < chunk.byteLength) {
    const { bytesWritten } = await file.write(chunk, offset, Math.min(chunk.byteLength - offset, MAX_WRITE));
    offset += bytesWritten;
  }
}

async function replaceDirectory(temporary: string, target: string): Promise<void> {
  const aside = nameTemporary(target);
  const hadOld = await exists(target);
  if (hadOld) await rename(target, aside);
  try {
    await rename(temporary, target);
  } catch (error) {
    if (hadOld) await rename(aside, target);
    throw error;
  }
  if (hadOld) await rm(aside, { recursive: true, force: true });
}

async function flushTree(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    await (entry.isDirectory() ? flushTree(path) : flush(path));
  }
  await flush(directory);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return false;
    throw error;
  }
}

function refuseExisting(path: string): never {
  raise('PAL_FILE', {
    where: 'writeDirectoryAtomic',
    expected: 'a path that does not exist',
    received: path,
    fix: 'Choose another path, remove it, or pass replace: true.',
    details: { path, code: 'EEXIST' },
  });
}
