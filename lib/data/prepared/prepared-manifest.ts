import { join } from 'node:path';
import type { z } from 'zod';
import { deferSchema, hashFile, writeFileAtomic } from '../../core/index.js';
import type { Turns, Zod } from '../../core/index.js';
import { preprocessConfigSchema } from '../../text/index.js';
import { SPLIT_NAMES } from '../corpus/split.js';
import { splitConfigSchema } from '../corpus/split-config.js';

/** The file that tells what a prepared folder holds. */
export const MANIFEST_FILE = 'manifest.json';

const defineContamination = (z: Zod) => {
  const count = z.int().min(0);
  const example = { start: count, end: count, document: count, similarity: z.number(), text: z.string() };
  const pair = z.strictObject({
    heldOut: z.enum(SPLIT_NAMES),
    reference: z.enum(SPLIT_NAMES),
    compared: count,
    exact: count,
    near: count,
    windows: z.strictObject({ length: count, count, duplicates: count }),
    examples: z.array(z.strictObject(example)),
  });
  return z.strictObject({ shingle: count, threshold: z.number(), pairs: z.array(pair) });
};

/** `manifest.json` of a prepared folder. */
export const manifestSchema = deferSchema((z) => {
  const count = z.int().min(0);
  const part = z.strictObject({ tokens: count, documents: count });
  return z.strictObject({
    version: z.literal(1),
    source: z.strictObject({ documents: count, bytes: count.describe('UTF-8 bytes after preprocessing.') }),
    tokenizer: z.strictObject({ type: z.string(), size: count, hash: z.string() }),
    preprocess: preprocessConfigSchema.optional(),
    split: splitConfigSchema,
    boundaries: z.strictObject({
      separator: z.string(),
      startToken: z.string().nullable().optional(),
      endToken: z.string().nullable().optional(),
    }),
    splits: z.strictObject({ train: part.optional(), validation: part.optional(), test: part.optional() }),
    augmented: part.optional().describe('The variants in the training split.'),
    contamination: defineContamination(z).optional().describe('What the splits share.'),
    files: z.record(z.string(), z.strictObject({ bytes: count, sha256: z.string() })),
  });
});

/** The content of a prepared folder and its settings. */
export type PreparedManifest = z.output<typeof manifestSchema>;

/** A split of a prepared folder. */
export type PreparedSplit = NonNullable<PreparedManifest['splits']['train']>;

/** Size and SHA-256 of a file. */
export type PreparedFile = PreparedManifest['files'][string];

/** Writes the manifest into a folder and returns it. */
export async function writeManifest(folder: string, manifest: PreparedManifest): Promise<PreparedManifest> {
  await writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Hashes files of a folder, by name. */
export async function hashFiles(
  folder: string,
  names: readonly string[],
  turns: Turns,
): Promise<Record<string, PreparedFile>> {
  const check = (): void => turns.check();
  const entries = names.map(async (name) => [name, await hashFile(join(folder, name), check)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
