import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import {
  deferSchema,
  hashFile,
  isPalabraError,
  listOwnFiles,
  parseConfig,
  raise,
  throwFileError,
  writeFileAtomic,
} from '../../core/index.js';
import { openSafetensors } from '../../tensor/index.js';
import { FILES } from '../files/keys.js';
import { trainingMetadataSchema } from './metadata.js';
import type { TrainingMetadata } from './metadata.js';
import { VERSION_ID } from './version-id.js';

/** The names of the files that the store adds to those of an adapter. */
export const STORE_FILES = { manifest: 'manifest.json', metadata: 'training_metadata.json' } as const;

const manifestSchema = deferSchema((z) =>
  z.strictObject({
    format: z.literal('palabra adapter version'),
    formatVersion: z.literal(1),
    id: z.string().regex(VERSION_ID),
    sequence: z.int().min(1).describe('Counts the versions of a store, whatever its clock says.'),
    key: z.string(),
    createdAt: z.string(),
    status: z.enum(['accepted', 'rejected']),
    reasons: z.array(z.string()),
    promotedAnyway: z.boolean(),
    files: z.record(z.string(), z.strictObject({ bytes: z.int().min(0), sha256: z.string() })),
    sha256: z.string().optional().describe('Of the text without it.'),
  }),
);

/** The manifest of a version, which holds for every bit of every file listed. */
export type VersionManifest = Omit<z.output<typeof manifestSchema>, 'sha256'>;

/** A version of an adapter on the disk, which is never changed. */
export interface VersionRecord {
  id: string;
  /** With the adapter's files, `training_metadata.json` and `manifest.json`. */
  folder: string;
  /** ISO 8601. */
  createdAt: string;
  status: 'accepted' | 'rejected';
  /** What it was staged by. */
  key: string;
  /** Of all files. */
  bytes: number;
  manifest: VersionManifest;
  metadata: TrainingMetadata;
}

/** What a version is sealed with. */
export type VersionSeal = Pick<
  VersionManifest,
  'id' | 'sequence' | 'key' | 'createdAt' | 'status' | 'reasons' | 'promotedAnyway'
>;

/**
 * Writes metadata and manifest into a folder that holds an adapter.
 * @param folder - with the adapter's files
 * @param seal - facts of the version
 * @param metadata - of the training
 * @throws CheckpointError where the adapter's files are missing or cut
 */
export async function sealVersion(folder: string, seal: VersionSeal, metadata: TrainingMetadata): Promise<void> {
  await writeFileAtomic(join(folder, STORE_FILES.metadata), `${JSON.stringify(metadata, null, 2)}\n`);
  await expectAdapterFiles(folder);
  const names = (await listOwnFiles(folder)).filter((name) => name !== STORE_FILES.manifest);
  const files: VersionManifest['files'] = {};
  for (const name of names) files[name] = await hashFile(join(folder, name));
  const manifest = manifestSchema.parse({ format: 'palabra adapter version', formatVersion: 1, ...seal, files });
  await writeFileAtomic(join(folder, STORE_FILES.manifest), sealManifest(manifest));
}

/**
 * Reads what a version says of itself; its weights are not looked at.
 * @param folder - of the version
 * @param id - its name
 * @returns the record
 * @throws CheckpointError where the manifest or the metadata is missing or differs in a bit
 */
export async function readVersion(folder: string, id: string): Promise<VersionRecord> {
  const manifest = await readManifest(folder, id);
  const metadata = await readMetadata(folder, manifest);
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  const { createdAt, status, key } = manifest;
  return { id, folder, createdAt, status, key, bytes, manifest, metadata };
}

/**
 * Compares every file of a version with its manifest.
 * @param version - as it was read
 * @returns a sentence for each file that is missing, differs or is none of it; empty for a whole version
 */
export async function findDamage({ folder, manifest }: VersionRecord): Promise<string[]> {
  const found = await listOwnFiles(folder).catch(describeDamage);
  if (typeof found === 'string') return [found];
  const known = new Set([...Object.keys(manifest.files), STORE_FILES.manifest]);
  const problems = found.filter((name) => !known.has(name)).map((name) => `${name} is none of its files`);
  for (const [name, expected] of Object.entries(manifest.files)) {
    if (!found.includes(name)) problems.push(`${name} is missing`);
    else problems.push(...(await compareFile(join(folder, name), name, expected)));
  }
  return problems;
}

async function compareFile(path: string, name: string, expected: { bytes: number; sha256: string }): Promise<string[]> {
  const { size } = await lstat(path).catch((cause: unknown) => throwFileError('AdapterStore', path, cause));
  if (size !== expected.bytes) return [`${name} has ${size} bytes instead of ${expected.bytes}`];
  const found = await hashFile(path).catch(describeDamage);
  if (typeof found === 'string') return [found];
  const { sha256 } = found;
  return sha256 === expected.sha256 ? [] : [`${name} has SHA-256 ${sha256} instead of ${expected.sha256}`];
}

async function readManifest(folder: string, id: string): Promise<VersionManifest> {
  const path = join(folder, STORE_FILES.manifest);
  const text = await readText(path);
  const { sha256: _, ...manifest } = parseStored(path, manifestSchema, text);
  if (sealManifest(manifest) !== text) throwDamaged(path, 'the text that its hash was taken of', 'another');
  if (manifest.id !== id) throwDamaged(path, `the manifest of ${id}`, `that of ${manifest.id}`);
  return manifest;
}

async function readMetadata(folder: string, { files }: VersionManifest): Promise<TrainingMetadata> {
  const path = join(folder, STORE_FILES.metadata);
  const text = await readText(path);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const expected = files[STORE_FILES.metadata]?.sha256;
  if (sha256 !== expected) throwDamaged(path, `SHA-256 ${expected}`, sha256);
  return parseStored(path, trainingMetadataSchema, text);
}

/** The manifest as text with the hash of itself. */
function sealManifest(manifest: VersionManifest): string {
  const sha256 = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
  return `${JSON.stringify({ ...manifest, sha256 }, null, 1)}\n`;
}

/**
 * Reads JSON of a store.
 * @param path - named in the error
 * @param schema - what it must fit
 * @param text - of the file
 * @returns its content
 * @throws CheckpointError for anything else
 */
export function parseStored<S extends z.ZodType>(path: string, schema: S, text: string): z.output<S> {
  try {
    return parseConfig(path, schema, JSON.parse(text));
  } catch (cause) {
    return throwDamaged(path, 'what the store wrote', describe(cause), cause);
  }
}

/** An adapter of PEFT's layout, all of its weights there. */
async function expectAdapterFiles(folder: string): Promise<void> {
  for (const name of Object.values(FILES)) await readKind(join(folder, name));
  using file = openSafetensors(join(folder, FILES.weights));
  if (file.names.length === 0) throwDamaged(join(folder, FILES.weights), 'tensors', 'none');
}

async function readKind(path: string): Promise<void> {
  const found = await lstat(path).catch((cause: unknown) => throwUnreadable(path, cause));
  if (!found.isFile()) throwDamaged(path, 'a file', found.isSymbolicLink() ? 'a symbolic link' : 'a folder');
}

async function readText(path: string): Promise<string> {
  await readKind(path);
  return await readFile(path, 'utf8').catch((cause: unknown) => throwUnreadable(path, cause));
}

function throwUnreadable(path: string, cause: unknown): never {
  const code = (cause as { code?: unknown }).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') throwDamaged(path, 'a file', 'none', cause);
  return throwFileError('AdapterStore', path, cause);
}

function throwDamaged(path: string, expected: string, received: string, cause?: unknown): never {
  raise('PAL_CHECKPOINT', {
    where: path,
    expected,
    received,
    fix: 'Take another version: `palabra lora validate` tells which are whole.',
    details: { path },
    cause,
  });
}

/** Refusals of the system that tell of a damaged version; others, as of a limit, say nothing about it. */
const DAMAGES: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EIO']);

/**
 * What an error tells of a version.
 * @param error - of reading it
 * @returns the damage
 * @throws the error where it tells of no damage, as of too many open files
 */
export function describeDamage(error: unknown): string {
  if (!isPalabraError(error)) throw error;
  if (error.code === 'PAL_FILE' && !DAMAGES.has(error.details.code)) throw error;
  return error.message;
}

function describe(error: unknown): string {
  return isPalabraError(error) || error instanceof Error ? error.message : String(error);
}
