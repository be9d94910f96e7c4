import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  expectFunction,
  throwFileError,
  parseConfig,
  raise,
  writeDirectoryAtomic,
  writeFileAtomic,
} from '../core/index.js';
import { saveTokenizer } from '../text/index.js';
import type { TextSource, Tokenizer } from '../text/index.js';
import { checkContamination } from './audit/index.js';
import type { ContaminationReport } from './audit/index.js';
import type { Augmentation } from './augmentation.js';
import { openPrepared } from './open-prepared.js';
import { learnConfig, prepareConfigSchema } from './prepare-config.js';
import type { HeldOutTexts, PrepareConfig } from './prepare-config.js';
import { encodeSource, throwIfAborted, appendVariants } from './prepare-work.js';
import type { PrepareWork } from './prepare-work.js';
import { MANIFEST_FILE, hashPreparedFile } from './prepared-manifest.js';
import type { PreparedFile, PreparedManifest, PreparedSplit } from './prepared-manifest.js';
import { SPLIT_NAMES, splitSpans } from './split.js';
import type { Span, SplitName } from './split.js';
import { TokenSpill } from './spool.js';
import { openTokenFile } from './token-file.js';
import { hashTokenizer } from './tokenizer-hash.js';
import { writeTokenSpans } from './write-token-file.js';

/** Options of {@link prepare}. */
export interface PrepareOptions extends PrepareConfig {
  /** The folder to appear. */
  directory: string;
  tokenizer: Tokenizer;
  /** Allows a folder that exists. Default: false. */
  replace?: boolean;
  /** Texts that are a held-out part as they are; the shares of the split are for parts without one. Default: none. */
  heldOut?: HeldOutTexts;
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

/**
 * Encodes a text once, for many trainings: a folder with `train.bin`, `validation.bin` and `test.bin`, the tokenizer
 * and `manifest.json` with everything that was chosen and the hash of each file. Texts larger than memory are fine.
 *
 * @throws ConfigError when an option does not fit {@link prepareConfigSchema}
 * @throws DataError when the source has no text, too few documents, or too little for a part
 * @throws PalabraError PAL_FILE when the folder exists or the disk refuses; PAL_ABORTED when the signal fires
 * @example
 * await prepare(textFiles('corpus/*.txt'), { directory: 'data/corpus', tokenizer });
 * const { train, validation } = await openPrepared('data/corpus');
 */
export async function prepare(source: TextSource, options: PrepareOptions): Promise<PreparedManifest> {
  const { directory, tokenizer, replace = false, heldOut = {}, augmentation, onProgress, signal, ...rest } = options;
  if (augmentation !== undefined) expectFunction('prepare', 'augmentation', augmentation);
  const checked = parseConfig('prepare', prepareConfigSchema, rest);
  const target = resolve(directory);
  await mkdir(dirname(target), { recursive: true }).catch((error: unknown) => throwFileError('prepare', target, error));
  let manifest: PreparedManifest | undefined;
  const fill = async (folder: string): Promise<void> => {
    const config = await learnConfig(checked, source, heldOut);
    manifest = await writeFolder(folder, source, { tokenizer, config, heldOut, augmentation, onProgress, signal });
  };
  await writeDirectoryAtomic(target, fill, { replace });
  return manifest!;
}

async function writeFolder(folder: string, source: TextSource, work: PrepareWork): Promise<PreparedManifest> {
  const { tokenizer, config, heldOut } = work;
  const spool = new TokenSpill(join(folder, 'spool.bin'));
  const read = { documents: 0, bytes: 0 };
  const documents = await spool.append(encodeSource(source, work, read)); // 1. text to ids
  const starts = documents.map(({ start }) => start);
  const spans = splitSpans(starts, spool.length, config.split); // 2. the parts
  for (const part of ['validation', 'test'] as const) {
    const own = heldOut[part];
    if (own !== undefined) spans[part] = await spool.append(encodeSource(own, work, read));
  }
  expectTargets(spans, config.split);
  const variants = await appendVariants(spool, source, { documents, train: spans.train }, work); // 3. more to train on
  const all = { ...spans, train: [...spans.train, ...(variants ?? [])] };
  const parts = await writeSplits(folder, spool, all, tokenizer); // 4. a file each
  throwIfAborted(work.signal);
  await rm(spool.path);
  await saveTokenizer(tokenizer, folder);
  const made = { source: read, parts, ...(variants && { augmented: countTokens(variants) }) };
  const manifest = await writeManifest(folder, await createManifest(folder, made, work));
  return config.audit ? await writeManifest(folder, { ...manifest, audit: await checkFolder(folder) }) : manifest;
}

async function createManifest(
  folder: string,
  made: Pick<PreparedManifest, 'source' | 'parts' | 'augmented'>,
  { tokenizer, config: { preprocess, split, audit: _, ...boundaries } }: PrepareWork,
): Promise<PreparedManifest> {
  const { type, size } = tokenizer;
  const names = [...Object.keys(made.parts).map((part) => `${part}.bin`), 'tokenizer.json'];
  const kept = { preprocess, split, boundaries };
  const files = await hashFiles(folder, names);
  return { version: 1, tokenizer: { type, size, hash: hashTokenizer(tokenizer) }, ...kept, ...made, files };
}

async function writeSplits(
  folder: string,
  spool: TokenSpill,
  spans: Record<SplitName, readonly Span[]>,
  tokenizer: Tokenizer,
): Promise<PreparedManifest['parts']> {
  using tokens = openTokenFile(spool.path, { raw: 4 });
  const parts: PreparedManifest['parts'] = {};
  for (const part of SPLIT_NAMES) {
    if (spans[part].length === 0) continue;
    await writeTokenSpans(join(folder, `${part}.bin`), tokens, spans[part], tokenizer);
    parts[part] = countTokens(spans[part]);
  }
  return parts;
}

/** Requires two tokens, an input and its target, in each part that is there or was asked for. */
function expectTargets(spans: Record<SplitName, readonly Span[]>, split: PreparedManifest['split']): void {
  for (const part of SPLIT_NAMES) {
    const { tokens, documents } = countTokens(spans[part]);
    const wanted = documents > 0 || part === 'train' || split[part] > 0;
    if (wanted && tokens < 2) refuseShort(part, tokens);
  }
}

function countTokens(spans: readonly Span[]): PreparedSplit {
  return { tokens: spans.reduce((sum, { start, end }) => sum + end - start, 0), documents: spans.length };
}

async function writeManifest(folder: string, manifest: PreparedManifest): Promise<PreparedManifest> {
  await writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Reads the folder back, so that a tokenizer that cannot be stored is noticed here. */
async function checkFolder(folder: string): Promise<ContaminationReport> {
  using prepared = await openPrepared(folder);
  return await checkContamination(prepared, { tokenizer: prepared.tokenizer });
}

async function hashFiles(folder: string, names: readonly string[]): Promise<Record<string, PreparedFile>> {
  const entries = names.map(async (name) => [name, await hashPreparedFile(join(folder, name))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function refuseShort(part: SplitName, tokens: number): never {
  raise('PAL_DATA', {
    where: 'prepare',
    expected: `at least 2 tokens in the ${part} part`,
    received: String(tokens),
    fix: part === 'train' ? 'Use more text.' : `Use more text, a larger share, or split.${part}: 0 for none.`,
    details: { part, tokens },
  });
}
