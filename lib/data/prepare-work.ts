import { raise } from '../core/index.js';
import { preprocessTexts } from '../text/index.js';
import type { TextSource, Tokenizer } from '../text/index.js';
import { generateVariants } from './augmentation.js';
import type { Augmentation } from './augmentation.js';
import { encodeDocuments } from './corpus.js';
import type { CorpusOptions } from './corpus.js';
import type { HeldOutTexts, LearnedPrepareConfig } from './prepare-config.js';
import type { Span } from './split.js';
import type { TokenSpill } from './spool.js';

/** The settings of a preparation. */
export interface PrepareWork {
  tokenizer: Tokenizer;
  config: LearnedPrepareConfig;
  heldOut: HeldOutTexts;
  augmentation: Augmentation | undefined;
  onProgress: ((progress: { documents: number; bytes: number }) => void) | undefined;
  signal: AbortSignal | undefined;
}

/** The ids of each document, which are counted as they pass. */
export function encodeSource(
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
export async function appendVariants(
  spool: TokenSpill,
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
  return await spool.append(encodeDocuments(watched, getCorpusOptions(work)));
}

function preprocessSource(source: TextSource, { preprocess }: LearnedPrepareConfig): TextSource {
  return preprocess === undefined ? source : preprocessTexts(source, preprocess);
}

function getCorpusOptions({ tokenizer, config: { separator, startToken, endToken } }: PrepareWork): CorpusOptions {
  return { tokenizer, separator, startToken, endToken };
}

/** Ends the preparation where it is to stop. @throws PalabraError of code PAL_ABORTED when the signal says so */
export function throwIfAborted(signal: AbortSignal | undefined): void {
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
