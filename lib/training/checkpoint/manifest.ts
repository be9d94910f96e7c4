import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { hashFile, throwFileError, raise, show } from '../../core/index.js';
import type { FileRecord } from '../../core/index.js';

/** The name of the manifest in a checkpoint. */
export const MANIFEST = 'manifest.json';

/** The manifest of a checkpoint, which holds for every bit of every file listed. */
export interface Manifest {
  format: 'palabra checkpoint';
  formatVersion: 1;
  /** Updates made. */
  step: number;
  /** The validation loss at this step, where one was measured. */
  loss: number | null;
  /** The value that decides on the best model, lower is better; absent where that is the loss. */
  score?: number | undefined;
  /** By path within the checkpoint. */
  files: Record<string, FileRecord>;
  /** SHA-256 of the bytes of each tensor, by file and name, as `model/model.safetensors/head.weight`. */
  tensors: Record<string, string>;
}

/**
 * Lists and hashes the files below a directory and writes the manifest there.
 * @param directory - of the checkpoint, all its files written
 * @param facts - step, validation loss, score and hashes of tensors
 * @returns the manifest
 */
export async function writeManifest(
  directory: string,
  facts: Pick<Manifest, 'step' | 'loss' | 'score' | 'tensors'>,
): Promise<Manifest> {
  const files: Record<string, FileRecord> = {};
  for (const path of await listFiles(directory)) files[relative(directory, path)] = await hashFile(path);
  const manifest: Manifest = { format: 'palabra checkpoint', formatVersion: 1, ...facts, files };
  await writeFile(join(directory, MANIFEST), sealManifest(manifest));
  return manifest;
}

/**
 * Reads the manifest of a checkpoint; the files it lists are not looked at.
 * @param directory - of the checkpoint
 * @returns the manifest
 * @throws CheckpointError when there is none or a bit of it differs from what was written
 */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = join(directory, MANIFEST);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwMissing(path, cause));
  const manifest = parseManifest(path, text);
  if (sealManifest(manifest) !== text) throwDamaged(path, 'the text its hash was taken of', 'another');
  return manifest;
}

/**
 * Reads the manifest of a checkpoint and compares every file with it.
 * @param directory - of the checkpoint
 * @returns the manifest
 * @throws CheckpointError naming the first file that is missing or differs in a bit
 */
export async function verifyCheckpoint(directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory);
  for (const [name, expected] of Object.entries(manifest.files)) {
    const path = join(directory, name);
    const found = await hashFile(path).catch((cause: unknown) => throwMissing(path, cause));
    if (found.bytes !== expected.bytes) throwDamaged(path, `${expected.bytes} bytes`, String(found.bytes));
    if (found.sha256 !== expected.sha256) throwDamaged(path, `SHA-256 ${expected.sha256}`, found.sha256);
  }
  return manifest;
}

/** The manifest as text with the hash of itself. */
function sealManifest(manifest: Manifest): string {
  const { format, formatVersion, step, loss, score, files, tensors } = manifest;
  const body = { format, formatVersion, step, loss, ...(score !== undefined && { score }), files, tensors };
  const sha256 = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  return `${JSON.stringify({ ...body, sha256 }, null, 1)}\n`;
}

function parseManifest(path: string, text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return throwDamaged(path, 'JSON', (cause as Error).message);
  }
  const { format, formatVersion, step, files } = (value ?? {}) as Partial<Manifest>;
  if (format !== 'palabra checkpoint') throwDamaged(path, 'the manifest of a checkpoint', show(format));
  if (formatVersion !== 1) throwDamaged(path, 'format version 1', show(formatVersion));
  if (!Number.isSafeInteger(step) || typeof files !== 'object') throwDamaged(path, 'a step and files', show(value));
  return value as Manifest;
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function throwMissing(path: string, cause: unknown): never {
  const { code, details } = cause as { code?: unknown; details?: { code?: unknown } };
  if (code !== 'ENOENT' && details?.code !== 'ENOENT') throwFileError('checkpoint', path, cause);
  return throwDamaged(path, 'a file', 'none', cause);
}

function throwDamaged(path: string, expected: string, received: string, cause?: unknown): never {
  raise('PAL_CHECKPOINT', {
    where: path,
    expected,
    received,
    fix: 'The checkpoint is damaged: take another one.',
    details: { path },
    cause,
  });
}
