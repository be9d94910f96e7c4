import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { expectFunction, throwFileError, parseConfig, raise, writeDirectoryAtomic } from '../../core/index.js';
import { preprocessTexts, saveTokenizer } from '../../text/index.js';
import type { TextSource, Tokenizer } from '../../text/index.js';
import { checkContamination } from '../contamination/check-contamination.js';
import type { ContaminationReport } from '../contamination/check-contamination.js';
import { generateVariants } from '../datasets/augmentation.js';
import type { Augmentation } from '../datasets/augmentation.js';
import { encodeDocuments } from '../corpus/corpus.js';
import type { CorpusOptions } from '../corpus/corpus.js';
import { openPrepared } from './open-prepared.js';
import { learnConfig, prepareConfigSchema } from './prepare-config.js';
import type { HeldOutTexts, LearnedPrepareConfig, PrepareConfig } from './prepare-config.js';
import { countTokens, hashFiles, writeManifest } from './prepared-manifest.js';
import type { PreparedManifest } from './prepared-manifest.js';
import { SPLIT_NAMES, splitSpans } from '../corpus/split.js';
import type { Span, SplitName } from '../corpus/split.js';
import { TokenSpill } from '../corpus/token-spill.js';
import { openTokenFile } from '../token-files/token-file.js';
import { hashTokenizer } from '../corpus/tokenizer-hash.js';
import { writeTokenSpans } from '../token-files/write-token-file.js';

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

/** The settings of a preparation. */
interface PrepareWork {
  tokenizer: Tokenizer;
  config: LearnedPrepareConfig;
  heldOut: HeldOutTexts;
  augmentation: Augmentation | undefined;
  onProgress: ((progress: { documents: number; bytes: number }) => void) | undefined;
  signal: AbortSignal | undefined;
}

/** The preparation in eight steps. */
async function writeFolder(folder: string, source: TextSource, work: PrepareWork): Promise<PreparedManifest> {
  const { tokenizer, config, heldOut } = work;
  const spill = new TokenSpill(join(folder, 'spill.bin'));
  const read = { documents: 0, bytes: 0 };
  // 1. Encode all documents, one after another, into a file.
  const documents = await spill.append(encodeSource(source, work, read));
  // 2. Divide them into splits.
  const starts = documents.map(({ start }) => start);
  const spans = splitSpans(starts, spill.length, config.split);
  // 3. Encode the splits that have texts of their own.
  for (const name of ['validation', 'test'] as const) {
    const own = heldOut[name];
    if (own !== undefined) spans[name] = await spill.append(encodeSource(own, work, read));
  }
  expectTargets(spans, config.split);
  // 4. Add variants of training documents.
  const variants = await appendVariants(spill, source, { documents, train: spans.train }, work);
  // 5. Write a token file for each split.
  const train = [...spans.train, ...(variants ?? [])];
  const parts = await writeSplits(folder, spill, { ...spans, train }, tokenizer);
  throwIfAborted(work.signal);
  await rm(spill.path);
  // 6. Save the tokenizer.
  await saveTokenizer(tokenizer, folder);
  // 7. Write the manifest with the hash of each file.
  const made = { source: read, parts, ...(variants && { augmented: countTokens(variants) }) };
  const manifest = await writeManifest(folder, await createManifest(folder, made, work));
  // 8. Look for contamination between the splits.
  return config.audit ? await writeManifest(folder, { ...manifest, audit: await checkFolder(folder) }) : manifest;
}

/** The ids of each document, which are counted as they pass. */
function encodeSource(
  source: TextSource,
  work: PrepareWork,
  read: { documents: number; bytes: number },
): AsyncGenerator<Uint32Array> {
  const { config, onProgress, signal, augmentation } = work;
  const watched = watchDocuments(preprocessSource(source, config), signal, (text) => {
    read.documents++;
    read.bytes += Buffer.byteLength(text);
    onProgress?.({ ...read });
  });
  return encodeDocuments(watched, getCorpusOptions(work), augmentation !== undefined);
}

/** Adds variants of the documents that lie wholly in the training part, where they are asked for. */
async function appendVariants(
  spill: TokenSpill,
  source: TextSource,
  { documents, train }: { documents: readonly Span[]; train: readonly Span[] },
  work: PrepareWork,
): Promise<Span[] | undefined> {
  const { config, signal, augmentation } = work;
  if (augmentation === undefined) return undefined;
  const ends = new Map(train.map(({ start, end }) => [start, end]));
  const whole = documents.flatMap(({ start, end }, document) => (ends.get(start) === end ? [document] : []));
  if (whole.length === 0) refuseCut();
  const texts = generateVariants(preprocessSource(source, config), new Set(whole), augmentation, config.split.seed);
  const watched = watchDocuments(preprocessSource(texts, config), signal, () => {});
  return await spill.append(encodeDocuments(watched, getCorpusOptions(work)));
}

function preprocessSource(source: TextSource, { preprocess }: LearnedPrepareConfig): TextSource {
  return preprocess === undefined ? source : preprocessTexts(source, preprocess);
}

function getCorpusOptions({ tokenizer, config: { separator, startToken, endToken } }: PrepareWork): CorpusOptions {
  return { tokenizer, separator, startToken, endToken };
}

/** Ends the preparation where it is to stop. @throws PalabraError of code PAL_ABORTED when the signal says so */
function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  raise('PAL_ABORTED', { where: 'prepare', expected: 'to finish', received: 'a signal to stop', cause: signal.reason });
}

async function* watchDocuments(
  source: TextSource,
  signal: AbortSignal | undefined,
  seen: (text: string) => void,
): AsyncGenerator<string> {
  for await (const text of typeof source === 'string' ? [source] : source) {
    throwIfAborted(signal);
    yield text;
    seen(text);
  }
}

function refuseCut(): never {
  raise('PAL_DATA', {
    where: 'prepare',
    expected: 'documents that lie wholly in the training part, to make variants of',
    received: 'none',
    fix: "Read the text in smaller documents, such as lines, or split by: 'document'.",
  });
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
  spill: TokenSpill,
  spans: Record<SplitName, readonly Span[]>,
  tokenizer: Tokenizer,
): Promise<PreparedManifest['parts']> {
  using tokens = openTokenFile(spill.path, { raw: 4 });
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

/** Reads the folder back, so that a tokenizer that cannot be stored is noticed here. */
async function checkFolder(folder: string): Promise<ContaminationReport> {
  using prepared = await openPrepared(folder);
  return await checkContamination(prepared, { tokenizer: prepared.tokenizer });
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
