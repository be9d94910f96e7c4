import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { deferSchema, isSystemError, throwFileError, writeFileAtomic } from '../../core/index.js';
import { BACKUP_NAME, VERSION_ID } from './version-id.js';
import type { BackupKind } from './version-id.js';
import { parseStored } from './version.js';

/** What lies in the folder of a store. */
export const PLACES = {
  versions: 'versions',
  staging: 'staging',
  backups: 'backups',
  pointers: 'pointers.json',
  record: 'store.json',
  lock: 'store.lock',
} as const;

const pointersSchema = deferSchema((z) =>
  z.strictObject({
    current: z.string().regex(VERSION_ID).nullable(),
    previous: z.string().regex(VERSION_ID).nullable(),
    generation: z.int().min(0).describe('Grows with each change.'),
  }),
);

const recordSchema = deferSchema((z) =>
  z.strictObject({
    format: z.literal('palabra adapter store'),
    formatVersion: z.literal(1),
    pending: z
      .strictObject({ id: z.string().regex(VERSION_ID), key: z.string(), createdAt: z.string() })
      .nullable()
      .describe('The version that is being trained.'),
    backups: z
      .array(
        z.strictObject({
          name: z.string().regex(BACKUP_NAME),
          kind: z.enum(['current', 'previous']),
          version: z.string().regex(VERSION_ID),
          createdAt: z.string(),
        }),
      )
      .describe('From the oldest to the newest, whatever their times say.'),
    pinned: z.array(z.string()).describe('Versions and backups that are never removed.'),
  }),
);

/** Which versions are current and previous. */
export type Pointers = z.output<typeof pointersSchema>;

/** All else that a store knows. */
export type StoreRecord = z.output<typeof recordSchema>;

/** A reference to a version, made before what might replace it. */
export interface BackupRecord {
  /** As `backup_current_20261130_045000_123-89abcdef`. */
  name: string;
  kind: BackupKind;
  /** The version that it refers to. */
  version: string;
  /** ISO 8601. */
  createdAt: string;
}

/** What the files of a store say of it. */
export interface StoreState {
  pointers: Pointers;
  record: StoreRecord;
}

/**
 * The state of a store without versions.
 * @returns one of its own
 */
export function createState(): StoreState {
  return {
    pointers: { current: null, previous: null, generation: 0 },
    record: { format: 'palabra adapter store', formatVersion: 1, pending: null, backups: [], pinned: [] },
  };
}

/**
 * Reads the state of a store.
 * @param folder - of the store
 * @returns the state; a file that is not there counts as one without versions
 * @throws CheckpointError for files that the store did not write
 */
export async function readState(folder: string): Promise<Partial<StoreState>> {
  const pointers = await readJson(join(folder, PLACES.pointers), pointersSchema);
  const record = await readJson(join(folder, PLACES.record), recordSchema);
  return { ...(pointers && { pointers }), ...(record && { record }) };
}

/**
 * Replaces the pointers in one step.
 * @param folder - of the store
 * @param pointers - of the next generation
 */
export async function writePointers(folder: string, pointers: Pointers): Promise<void> {
  await writeFileAtomic(join(folder, PLACES.pointers), `${JSON.stringify(pointers, null, 2)}\n`);
}

/**
 * Replaces the record in one step.
 * @param folder - of the store
 * @param record - all of it
 */
export async function writeRecord(folder: string, record: StoreRecord): Promise<void> {
  await writeFileAtomic(join(folder, PLACES.record), `${JSON.stringify(record, null, 2)}\n`);
}

async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | undefined> {
  try {
    return parseStored(path, schema, await readFile(path, 'utf8'));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.code === 'ENOENT' ? undefined : throwFileError('AdapterStore', path, error);
  }
}
