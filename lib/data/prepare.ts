import { mkdir, open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import {
  deferredSchema,
  fileFailure,
  parseConfig,
  raise,
  writeDirectoryAtomic,
  writeFileAtomic,
} from '../core/index.js';
import { learnedPreprocess, preprocessConfigSchema, preprocessed, saveTokenizer } from '../text/index.js';
import type { TextSource, Tokenizer } from '../text/index.js';
import { auditSplits } from './audit/index.js';
import type { SplitAudit } from './audit/index.js';
import { encodedDocuments } from './corpus.js';
import { openPrepared } from './open-prepared.js';
import { MANIFEST_FILE, fileHash } from './prepared-manifest.js';
import type { PreparedFile, PreparedManifest, PreparedPart } from './prepared-manifest.js';
import { splitConfigSchema } from './split-config.js';
import { SPLIT_PARTS, splitSpans } from './split.js';
import { openTokenFile } from './token-file.js';
import { tokenizerHash } from './tokenizer-hash.js';
import { writeTokenSpans } from './write-token-file.js';

/** How a text is prepared: types, defaults and their description in one place. */
export const prepareConfigSchema = deferredSchema((z) =>
  z.strictObject({
    split: splitConfigSchema.prefault({}).describe('How the documents are divided before any window is cut.'),
    preprocess: preprocessConfigSchema.optional().describe('How text is made uniform first. Default: not at all.'),
    separator: z.string().default('').describe('Text between two documents.'),
    startToken: z.string().nullable().optional().describe('Special token before each document; null for none.'),
    endToken: z.string().nullable().optional().describe('Special token behind each document; null for none.'),
    audit: z.boolean().default(true).describe('Looks for documents and passages that the parts share.'),
  }),
);

/** What may be configured of {@link prepare}. */
export type PrepareConfig = z.input<typeof prepareConfigSchema>;

type CheckedConfig = z.output<typeof prepareConfigSchema>;

/** What {@link prepare} needs. */
export interface PrepareOptions extends PrepareConfig {
  /** The folder to appear. */
  directory: string;
  tokenizer: Tokenizer;
  /** Allows a folder that exists. Default: false. */
  replace?: boolean;
  /** Called after each document. */
  onProgress?: (progress: { documents: number; bytes: number }) => void;
  /** Ends with an error of code PAL_ABORTED; no folder appears. */
  signal?: AbortSignal;
}

/** Tokens gathered before they are written to the temporary file. */
const CHUNK = 2 ** 18;

/** The tokens of a source in a file, and where its documents start. */
interface Spooled {
  starts: number[];
  bytes: number;
}

/**
 * Encodes a text once, for many trainings: a folder with `train.bin`, `validation.bin` and `test.bin`, the tokenizer
 * and `manifest.json` with everything that was chosen and the hash of each file. Texts larger than memory are fine.
 *
 * @throws ConfigError when an option does not fit {@link prepareConfigSchema}
 * @throws DataError when the source has no text or too few documents
 * @throws PalabraError PAL_FILE when the folder exists or the disk refuses; PAL_ABORTED when the signal fires
 * @example
 * await prepare(textFiles('corpus/*.txt'), { directory: 'data/corpus', tokenizer });
 * const { train, validation } = await openPrepared('data/corpus');
 */
export async function prepare(source: TextSource, options: PrepareOptions): Promise<PreparedManifest> {
  const { directory, tokenizer, replace = false, onProgress, signal, ...rest } = options;
  const config = await learnedConfig(parseConfig('prepare', prepareConfigSchema, rest), source);
  const target = resolve(directory);
  await mkdir(dirname(target), { recursive: true }).catch((error: unknown) => fileFailure('prepare', target, error));
  let manifest: PreparedManifest | undefined;
  const fill = async (folder: string): Promise<void> => {
    manifest = await fillFolder(folder, source, { tokenizer, config, onProgress, signal });
  };
  await writeDirectoryAtomic(target, fill, { replace });
  return manifest!;
}

/** With what has to be learned from the text first. */
async function learnedConfig(config: CheckedConfig, source: TextSource): Promise<CheckedConfig> {
  const { preprocess } = config;
  return preprocess === undefined ? config : { ...config, preprocess: await learnedPreprocess(source, preprocess) };
}

interface Work {
  tokenizer: Tokenizer;
  config: CheckedConfig;
  onProgress: PrepareOptions['onProgress'];
  signal: AbortSignal | undefined;
}

async function fillFolder(folder: string, source: TextSource, work: Work): Promise<PreparedManifest> {
  const { tokenizer, config } = work;
  const spool = join(folder, 'spool.bin');
  const { starts, bytes } = await spoolTokens(spool, source, work);
  const parts = await writeParts(folder, spool, starts, work);
  await rm(spool);
  await saveTokenizer(tokenizer, folder);
  const { preprocess, split, audit, ...boundaries } = config;
  const manifest = await writeManifest(folder, {
    version: 1,
    source: { documents: starts.length, bytes },
    tokenizer: { type: tokenizer.type, size: tokenizer.size, hash: tokenizerHash(tokenizer) },
    preprocess,
    split,
    boundaries,
    parts,
    files: await hashes(folder, [...Object.keys(parts).map((part) => `${part}.bin`), 'tokenizer.json']),
  });
  return audit ? await writeManifest(folder, { ...manifest, audit: await auditFolder(folder) }) : manifest;
}

async function writeParts(
  folder: string,
  spool: string,
  starts: readonly number[],
  { tokenizer, config }: Work,
): Promise<PreparedManifest['parts']> {
  using tokens = openTokenFile(spool, { raw: 4 });
  const spans = splitSpans(starts, tokens.length, config.split);
  const parts: PreparedManifest['parts'] = {};
  for (const part of SPLIT_PARTS) {
    if (spans[part].length === 0) continue;
    await writeTokenSpans(join(folder, `${part}.bin`), tokens, spans[part], tokenizer);
    const count = spans[part].reduce((sum, { start, end }) => sum + end - start, 0);
    parts[part] = { tokens: count, documents: spans[part].length } satisfies PreparedPart;
  }
  return parts;
}

async function writeManifest(folder: string, manifest: PreparedManifest): Promise<PreparedManifest> {
  await writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Reads the folder back, so that a tokenizer that cannot be stored is noticed here. */
async function auditFolder(folder: string): Promise<SplitAudit> {
  using prepared = await openPrepared(folder);
  return await auditSplits(prepared, { tokenizer: prepared.tokenizer });
}

/** Encodes document by document into a file of bare ids. */
async function spoolTokens(path: string, source: TextSource, work: Work): Promise<Spooled> {
  const { tokenizer, config, onProgress, signal } = work;
  const { preprocess, separator, startToken, endToken } = config;
  const read = { documents: 0, bytes: 0 };
  const watched = watch(preprocess === undefined ? source : preprocessed(source, preprocess), signal, (text) => {
    read.documents++;
    read.bytes += Buffer.byteLength(text);
    onProgress?.({ ...read });
  });
  const starts: number[] = [];
  let length = 0;
  await using file = await open(path, 'wx');
  const writer = new ChunkWriter(file);
  for await (const ids of encodedDocuments(watched, { tokenizer, separator, startToken, endToken })) {
    starts.push(length);
    length += ids.length;
    await writer.write(ids);
  }
  await writer.flush();
  return { starts, bytes: read.bytes };
}

async function* watch(
  source: TextSource,
  signal: AbortSignal | undefined,
  seen: (text: string) => void,
): AsyncGenerator<string> {
  for await (const text of typeof source === 'string' ? [source] : source) {
    if (signal?.aborted === true) raise('PAL_ABORTED', { where: 'prepare', expected: 'no abort', received: 'one' });
    yield text;
    seen(text);
  }
}

/** Gathers small pieces into large writes. */
class ChunkWriter {
  readonly #file: FileHandle;
  #held: Uint32Array[] = [];
  #count = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async write(ids: Uint32Array): Promise<void> {
    this.#held.push(ids);
    this.#count += ids.length;
    if (this.#count >= CHUNK) await this.flush();
  }

  async flush(): Promise<void> {
    const views = this.#held.map((ids) => new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
    [this.#held, this.#count] = [[], 0];
    await this.#file.appendFile(Buffer.concat(views));
  }
}

async function hashes(folder: string, names: readonly string[]): Promise<Record<string, PreparedFile>> {
  const entries = names.map(async (name) => [name, await fileHash(join(folder, name))] as const);
  return Object.fromEntries(await Promise.all(entries));
}
