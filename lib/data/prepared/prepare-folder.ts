import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Turns, raise } from '../../core/index.js';
import { preprocessTexts, saveTokenizer } from '../../text/index.js';
import type { TextSource, Tokenizer } from '../../text/index.js';
import { checkContamination } from '../contamination/check-contamination.js';
import type { ContaminationReport } from '../contamination/check-contamination.js';
import { encodeDocuments } from '../corpus/encode-documents.js';
import type { CorpusOptions, EncodedBatch } from '../corpus/encode-documents.js';
import { concatenateSpans, countSpans } from '../corpus/spans.js';
import type { SpanList } from '../corpus/spans.js';
import { SPLIT_NAMES, clipBlocks, selectMembers, splitSpans } from '../corpus/split.js';
import type { SplitName } from '../corpus/split.js';
import { markCuts } from '../corpus/text-split.js';
import type { TextSplit } from '../corpus/text-split.js';
import { TokenSpill } from '../corpus/token-spill.js';
import { hashTokenizer } from '../corpus/tokenizer-hash.js';
import { generateVariants } from '../datasets/augmentation.js';
import { openTokenFile } from '../token-files/token-file.js';
import { writeTokenSpans } from '../token-files/write-token-file.js';
import { learnFromTraining } from './learn-from-training.js';
import type { LearnWork } from './learn-from-training.js';
import { openPrepared } from './open-prepared.js';
import type { LearnedPrepareConfig } from './prepare-config.js';
import type { PrepareOptions } from './prepare-options.js';
import { hashFiles, writeManifest } from './prepared-manifest.js';
import type { PreparedManifest } from './prepared-manifest.js';
import { watchSource } from './watch-source.js';

/** The settings of a preparation. */
export interface PrepareWork extends LearnWork {
  augmentation: PrepareOptions['augmentation'];
  onProgress: PrepareOptions['onProgress'];
}

/** The same when all that is to be learned is known. */
interface EncodeWork extends Omit<PrepareWork, 'tokenizer' | 'config'> {
  tokenizer: Tokenizer;
  config: LearnedPrepareConfig;
  /** Undefined where tokens are divided. */
  textSplit: TextSplit | undefined;
  turns: Turns;
  read: { documents: number; bytes: number };
}

/** The preparation in nine steps. */
export async function writeFolder(folder: string, source: TextSource, given: PrepareWork): Promise<PreparedManifest> {
  const turns = new Turns('prepare', given.signal);
  // 1. Learn from the training part.
  const learned = await learnFromTraining(source, given, turns);
  const work: EncodeWork = { ...given, ...learned, turns, read: { documents: 0, bytes: 0 } };
  const spill = new TokenSpill(join(folder, 'spill.bin'));
  // 2. Encode all documents, one after another, into a file.
  const cuts = work.textSplit?.cuts;
  const documents = await spill.append(encodeSource(cuts === undefined ? source : markCuts(source, cuts), work));
  // 3. Divide them into splits.
  const spans = await divide(documents, spill.length, work);
  // 4. Encode the splits that have texts of their own.
  for (const name of ['validation', 'test'] as const) {
    const own = work.heldOut[name];
    if (own !== undefined) spans[name] = await spill.append(encodeSource(own, work));
  }
  expectTargets(spans, work.config.split);
  // 5. Add variants of training documents.
  const variants = await appendVariants(spill, source, { documents, train: spans.train }, work);
  // 6. Write a token file for each split.
  const train = concatenateSpans([spans.train, ...(variants === undefined ? [] : [variants])]);
  const splits = await writeSplits(folder, spill, { ...spans, train }, work);
  await rm(spill.path);
  // 7. Save the tokenizer.
  await saveTokenizer(work.tokenizer, folder);
  // 8. Write the manifest with the hash of each file.
  const made = { source: work.read, splits, ...(variants && { augmented: countSpans(variants) }) };
  const manifest = await writeManifest(folder, await createManifest(folder, made, work));
  // 9. Look for contamination between the splits.
  const whole = work.config.contamination
    ? await writeManifest(folder, { ...manifest, contamination: await checkFolder(folder, work) })
    : manifest;
  // A stop that came after the last slice of a stage is heard before the folder appears.
  turns.check();
  return whole;
}

/** The spans of each split, by the text where it was divided, else by tokens. */
async function divide(
  documents: SpanList & { cuts: readonly number[] },
  length: number,
  { textSplit, config, turns }: EncodeWork,
): Promise<Record<SplitName, SpanList>> {
  if (textSplit === undefined) return await turns.run(splitSpans(documents, length, config.split));
  if (textSplit.membership !== undefined) return await turns.run(selectMembers(documents, textSplit.membership));
  const [validation = length, test = length] = documents.cuts;
  return await turns.run(clipBlocks(documents, { validation, test }, length));
}

/** The ids of each document, which are counted as they pass. */
function encodeSource(source: TextSource, work: EncodeWork): AsyncGenerator<EncodedBatch> {
  const { read, onProgress, onStage, turns } = work;
  const watched = watchSource(preprocessSource(source, work.config), turns, ({ bytes, ends }) => {
    read.bytes += bytes;
    if (!ends) return;
    read.documents++;
    onProgress?.({ ...read });
    if (read.documents === 1 || turns.over) onStage?.({ stage: 'encode', done: read.bytes, total: undefined });
  });
  return encodeDocuments(watched, getCorpusOptions(work), work.augmentation !== undefined);
}

/** Adds variants of the documents that lie wholly in the training part, where they are asked for. */
async function appendVariants(
  spill: TokenSpill,
  source: TextSource,
  { documents, train }: { documents: SpanList; train: SpanList },
  work: EncodeWork,
): Promise<SpanList | undefined> {
  const { config, augmentation, turns } = work;
  if (augmentation === undefined) return undefined;
  const whole = findWhole(documents, train);
  if (whole.size === 0) refuseCut();
  const texts = generateVariants(preprocessSource(source, config), whole, augmentation, config.split.seed);
  const watched = watchSource(preprocessSource(texts, config), turns, () => {});
  return await spill.append(encodeDocuments(watched, getCorpusOptions(work)));
}

/** The documents that a part has from start to end, by number; both lists ascend. */
function findWhole(documents: SpanList, part: SpanList): Set<number> {
  const whole = new Set<number>();
  let at = 0;
  for (const [document, start] of documents.starts.entries()) {
    while (at < part.starts.length && part.starts[at]! < start) at++;
    const [from, to] = [part.starts[at], part.ends[at]];
    if (from === start && to === documents.ends[document]) whole.add(document);
  }
  return whole;
}

function preprocessSource(source: TextSource, { preprocess }: LearnedPrepareConfig): TextSource {
  return preprocess === undefined ? source : preprocessTexts(source, preprocess);
}

function getCorpusOptions({ tokenizer, config, signal }: EncodeWork): CorpusOptions {
  const { separator, startToken, endToken } = config;
  return { tokenizer, separator, startToken, endToken, signal };
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
  made: Pick<PreparedManifest, 'source' | 'splits' | 'augmented'>,
  { tokenizer, config: { preprocess, split, contamination: _, ...boundaries }, turns }: EncodeWork,
): Promise<PreparedManifest> {
  const { type, size } = tokenizer;
  const names = [...Object.keys(made.splits).map((part) => `${part}.bin`), 'tokenizer.json'];
  const kept = { preprocess, split, boundaries };
  const files = await hashFiles(folder, names, turns);
  return { version: 1, tokenizer: { type, size, hash: hashTokenizer(tokenizer) }, ...kept, ...made, files };
}

async function writeSplits(
  folder: string,
  spill: TokenSpill,
  spans: Record<SplitName, SpanList>,
  { tokenizer, turns, onStage }: EncodeWork,
): Promise<PreparedManifest['splits']> {
  using tokens = openTokenFile(spill.path, { raw: 4 });
  const splits: PreparedManifest['splits'] = {};
  let done = 0;
  for (const name of SPLIT_NAMES) {
    if (spans[name].starts.length === 0) continue;
    onStage?.({ stage: 'write', done, total: spill.length });
    await writeTokenSpans(join(folder, `${name}.bin`), tokens, spans[name], tokenizer, () => turns.check());
    splits[name] = countSpans(spans[name]);
    done += splits[name].tokens;
  }
  return splits;
}

/** Requires two tokens, an input and its target, in each part that is there or was asked for. */
function expectTargets(spans: Record<SplitName, SpanList>, split: PreparedManifest['split']): void {
  for (const part of SPLIT_NAMES) {
    const { tokens, documents } = countSpans(spans[part]);
    const wanted = documents > 0 || part === 'train' || split[part] > 0;
    if (wanted && tokens < 2) refuseShort(part, tokens);
  }
}

/** Reads the folder back, so that a tokenizer that cannot be stored is noticed here. */
async function checkFolder(folder: string, { onStage, signal }: EncodeWork): Promise<ContaminationReport> {
  using prepared = await openPrepared(folder);
  const { train, validation, test, tokenizer } = prepared;
  const onProgress = (done: number, total: number): void => onStage?.({ stage: 'compare', done, total });
  return await checkContamination({ train, validation, test }, { tokenizer, signal, onProgress });
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
