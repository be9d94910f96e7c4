import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import {
  deferredSchema,
  expectFunction,
  fileFailure,
  parseConfig,
  raise,
  writeDirectoryAtomic,
  writeFileAtomic,
} from '../core/index.js';
import { learnedPreprocess, preprocessRequestSchema, preprocessed, saveTokenizer } from '../text/index.js';
import type { PreprocessConfig, TextSource, Tokenizer } from '../text/index.js';
import { auditSplits } from './audit/index.js';
import type { SplitAudit } from './audit/index.js';
import { variantsOf } from './augmentation.js';
import type { Augmentation } from './augmentation.js';
import { encodedDocuments } from './corpus.js';
import type { CorpusOptions } from './corpus.js';
import { openPrepared } from './open-prepared.js';
import { MANIFEST_FILE, fileHash } from './prepared-manifest.js';
import type { PreparedFile, PreparedManifest, PreparedPart } from './prepared-manifest.js';
import { splitConfigSchema } from './split-config.js';
import { SPLIT_PARTS, splitSpans } from './split.js';
import type { Span, SplitPart } from './split.js';
import { spoolDocuments } from './spool.js';
import { openTokenFile } from './token-file.js';
import { tokenizerHash } from './tokenizer-hash.js';
import { writeTokenSpans } from './write-token-file.js';

/** How a text is prepared: types, defaults and their description in one place. */
export const prepareConfigSchema = deferredSchema((z) =>
  z.strictObject({
    split: splitConfigSchema.prefault({}).describe('How the documents are divided before any window is cut.'),
    preprocess: preprocessRequestSchema.optional().describe('How text is made uniform first. Default: not at all.'),
    separator: z.string().default('').describe('Text between two documents.'),
    startToken: z.string().nullable().optional().describe('Special token before each document; null for none.'),
    endToken: z.string().nullable().optional().describe('Special token behind each document; null for none.'),
    audit: z.boolean().default(true).describe('Looks for documents and passages that the parts share.'),
  }),
);

/** What may be configured of {@link prepare}. */
export type PrepareConfig = z.input<typeof prepareConfigSchema>;

type CheckedConfig = z.output<typeof prepareConfigSchema>;

/** With all that was to be learned from the text. */
type LearnedConfig = CheckedConfig & { preprocess?: PreprocessConfig | undefined };

/** What {@link prepare} needs. */
export interface PrepareOptions extends PrepareConfig {
  /** The folder to appear. */
  directory: string;
  tokenizer: Tokenizer;
  /** Allows a folder that exists. Default: false. */
  replace?: boolean;
  /**
   * Makes variants of the documents that lie wholly in the training part, which are added to it; held-out documents are
   * never seen by it. The source is read twice. Default: none.
   */
  augmentation?: Augmentation;
  /** Called after each document. */
  onProgress?: (progress: { documents: number; bytes: number }) => void;
  /** Ends with an error of code PAL_ABORTED; no folder appears. */
  signal?: AbortSignal;
}

/** Where the documents of a source stand in a file, and how much text they were. */
interface Spooled {
  spans: Span[];
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
  const { directory, tokenizer, replace = false, augmentation, onProgress, signal, ...rest } = options;
  if (augmentation !== undefined) expectFunction('prepare', 'augmentation', augmentation);
  const config = await learnedConfig(parseConfig('prepare', prepareConfigSchema, rest), source);
  const target = resolve(directory);
  await mkdir(dirname(target), { recursive: true }).catch((error: unknown) => fileFailure('prepare', target, error));
  let manifest: PreparedManifest | undefined;
  const fill = async (folder: string): Promise<void> => {
    manifest = await fillFolder(folder, source, { tokenizer, config, augmentation, onProgress, signal });
  };
  await writeDirectoryAtomic(target, fill, { replace });
  return manifest!;
}

async function learnedConfig(config: CheckedConfig, source: TextSource): Promise<LearnedConfig> {
  const { preprocess, ...others } = config;
  return preprocess === undefined ? others : { ...others, preprocess: await learnedPreprocess(source, preprocess) };
}

interface Work {
  tokenizer: Tokenizer;
  config: LearnedConfig;
  augmentation: Augmentation | undefined;
  onProgress: PrepareOptions['onProgress'];
  signal: AbortSignal | undefined;
}

async function fillFolder(folder: string, source: TextSource, work: Work): Promise<PreparedManifest> {
  const { tokenizer, config, augmentation } = work;
  const spool = join(folder, 'spool.bin');
  const { spans, bytes } = await spoolTokens(spool, source, work); // 1. text to ids
  const starts = spans.map(({ start }) => start);
  const { train, ...heldOut } = splitSpans(starts, spans.at(-1)!.end, config.split); // 2. the parts
  const variants = // 3. more to train on
    augmentation && (await spoolVariants(spool, source, { spans, train, augmentation }, work));
  const all = { train: [...train, ...(variants ?? [])], ...heldOut };
  const parts = await writeParts(folder, spool, all, tokenizer); // 4. a file each
  expectRunning(work.signal);
  await rm(spool);
  await saveTokenizer(tokenizer, folder);
  const augmented = variants && { augmented: partOf(variants) };
  const made = { source: { documents: spans.length, bytes }, parts, ...augmented };
  const manifest = await writeManifest(folder, await manifestOf(folder, made, work));
  return config.audit ? await writeManifest(folder, { ...manifest, audit: await auditFolder(folder) }) : manifest;
}

async function manifestOf(
  folder: string,
  made: Pick<PreparedManifest, 'source' | 'parts' | 'augmented'>,
  { tokenizer, config: { preprocess, split, audit: _, ...boundaries } }: Work,
): Promise<PreparedManifest> {
  const { type, size } = tokenizer;
  const names = [...Object.keys(made.parts).map((part) => `${part}.bin`), 'tokenizer.json'];
  const kept = { preprocess, split, boundaries };
  const files = await hashes(folder, names);
  return { version: 1, tokenizer: { type, size, hash: tokenizerHash(tokenizer) }, ...kept, ...made, files };
}

async function writeParts(
  folder: string,
  spool: string,
  spans: Record<SplitPart, readonly Span[]>,
  tokenizer: Tokenizer,
): Promise<PreparedManifest['parts']> {
  using tokens = openTokenFile(spool, { raw: 4 });
  const parts: PreparedManifest['parts'] = {};
  for (const part of SPLIT_PARTS) {
    if (spans[part].length === 0) continue;
    await writeTokenSpans(join(folder, `${part}.bin`), tokens, spans[part], tokenizer);
    parts[part] = partOf(spans[part]);
  }
  return parts;
}

function partOf(spans: readonly Span[]): PreparedPart {
  return { tokens: spans.reduce((sum, { start, end }) => sum + end - start, 0), documents: spans.length };
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
  const { config, onProgress, signal, augmentation } = work;
  const read = { documents: 0, bytes: 0 };
  const watched = watch(uniform(source, config), signal, (text) => {
    read.documents++;
    read.bytes += Buffer.byteLength(text);
    onProgress?.({ ...read });
  });
  const followed = augmentation !== undefined;
  const spans = await spoolDocuments(path, encodedDocuments(watched, corpusOptions(work), followed));
  return { spans, bytes: read.bytes };
}

/** Adds to the file variants of the documents that lie wholly in the training part, and returns where they stand. */
async function spoolVariants(
  path: string,
  source: TextSource,
  { spans, train, augmentation }: { spans: readonly Span[]; train: readonly Span[]; augmentation: Augmentation },
  work: Work,
): Promise<Span[]> {
  const { config, signal } = work;
  const ends = new Map(train.map(({ start, end }) => [start, end]));
  const whole = spans.flatMap(({ start, end }, document) => (ends.get(start) === end ? [document] : []));
  if (whole.length === 0) refuseCut();
  const texts = variantsOf(uniform(source, config), new Set(whole), augmentation, config.split.seed);
  const watched = watch(uniform(texts, config), signal, () => {});
  return await spoolDocuments(path, encodedDocuments(watched, corpusOptions(work)), spans.at(-1)!.end);
}

function uniform(source: TextSource, { preprocess }: LearnedConfig): TextSource {
  return preprocess === undefined ? source : preprocessed(source, preprocess);
}

function corpusOptions({ tokenizer, config: { separator, startToken, endToken } }: Work): CorpusOptions {
  return { tokenizer, separator, startToken, endToken };
}

function expectRunning(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  raise('PAL_ABORTED', { where: 'prepare', expected: 'to finish', received: 'a signal to stop', cause: signal.reason });
}

async function* watch(
  source: TextSource,
  signal: AbortSignal | undefined,
  seen: (text: string) => void,
): AsyncGenerator<string> {
  for await (const text of typeof source === 'string' ? [source] : source) {
    expectRunning(signal);
    yield text;
    seen(text);
  }
}

async function hashes(folder: string, names: readonly string[]): Promise<Record<string, PreparedFile>> {
  const entries = names.map(async (name) => [name, await fileHash(join(folder, name))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function refuseCut(): never {
  raise('PAL_DATA', {
    where: 'prepare',
    expected: 'documents that lie wholly in the training part, to make variants of',
    received: 'none',
    fix: "Read the text in smaller documents, such as lines, or split by: 'document'.",
  });
}
