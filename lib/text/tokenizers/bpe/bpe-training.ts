import { Turns, expectOneOf, expectPositiveInteger, expectString, raise, show } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { openTextAddon } from '../../../native/text.js';
import type { BpeTrained, NativeTexts, NativeWordCounts, PretokenPattern } from '../../../native/text.js';
import { appendDocument, runJob } from './bpe-engine.js';
import { createDecoding, formatFallbackToken } from './bpe-vocabulary.js';
import type { BpeSpelling, BpeVocabulary } from './bpe-vocabulary.js';
import { encodeBytes } from './byte-alphabet.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { normalizeSlices } from '../normalizers/slices.js';
import { getPartText, iterateParts } from '../text-parts.js';
import { expectWellFormed } from '../tokenizer.js';
import type { TextSource } from '../tokenizer.js';

const WHERE = 'BpeTokenizer.train';

/** Bytes of documents that are counted in one job. */
const BYTES_A_JOB = 1 << 20;

/** Regular expressions that cut text into pretokens, by the model they were made for. */
export const textPatterns = ['gpt-2', 'llama-3', 'qwen-2'] as const;

/** Options of `BpeTokenizer.train`. */
export interface BpeTrainOptions {
  /** Tokens in all: special ones, symbols and merged ones. Fewer when the text has no more to merge. Default: 10,000. */
  vocabSize?: number;
  /** A pair that occurs less often is not merged. Default: 2. */
  minFrequency?: number;
  /** Tokens that take the first ids and that no text is encoded as. Default: none. */
  specialTokens?: readonly string[];
  /** The symbols that merging starts from: the 256 bytes, which express every text, or the characters of the text. Default: byte. */
  base?: 'byte' | 'character';
  /** Tokens never reach from one pretoken into another. Default: gpt-2. */
  pattern?: (typeof textPatterns)[number];
  /** Changes made to every text first, for good. Default: none. */
  normalize?: readonly ('NFC' | 'NFD' | 'NFKC' | 'NFKD' | 'Lowercase')[];
  /** The suffix of the last token of a pretoken, when the base is characters; '' for none. Default: '</w>', '' with bytes. */
  endOfWord?: string;
  /**
   * Characters that the training text lacks, when the base is characters: an error, the token `<UNK>`, or their bytes,
   * which are 256 tokens more. Default: error.
   */
  unknown?: 'error' | 'token' | 'bytes';
  /** Stops the training. */
  signal?: AbortSignal;
}

/** The keys of {@link BpeTrainOptions}. */
export const bpeTrainKeys: OptionChecks<BpeTrainOptions> = {
  vocabSize: true,
  minFrequency: true,
  specialTokens: true,
  base: true,
  pattern: true,
  normalize: true,
  endOfWord: true,
  unknown: true,
  signal: true,
};

type Settings = Required<Omit<BpeTrainOptions, 'signal'>>;

/**
 * Learns the vocabulary of a text, off this thread.
 *
 * @throws ArgumentError when an option does not fit or the text is empty
 */
export async function trainBpe(source: TextSource, options: BpeTrainOptions): Promise<BpeVocabulary> {
  const settings = resolveSettings(options);
  const normalizers = settings.normalize.map((type): Normalizer => ({ type }));
  const special = listSpecialTokens(settings);
  const counts = await countPretokens(source, settings.pattern, normalizers, options.signal);
  const trained = await runJob<BpeTrained>(
    (addon, done) => addon.trainBpe(counts, { ...createNativeSettings(settings), specialTokens: special }, done),
    options.signal,
  );
  expectRoom(settings, trained.parts.length / 2);
  return createVocabulary(trained, settings, normalizers, special);
}

function resolveSettings(options: BpeTrainOptions): Settings {
  const { base = 'byte', pattern = 'gpt-2', unknown = 'error' } = options;
  const { endOfWord = base === 'byte' || unknown === 'bytes' ? '' : '</w>' } = options;
  const { vocabSize = 10_000, minFrequency = 2, specialTokens = [], normalize: steps = [] } = options;
  expectPositiveInteger(WHERE, 'vocabSize', vocabSize);
  expectPositiveInteger(WHERE, 'minFrequency', minFrequency);
  expectOneOf(WHERE, 'base', base, ['byte', 'character']);
  expectOneOf(WHERE, 'pattern', pattern, textPatterns);
  expectOneOf(WHERE, 'unknown', unknown, ['error', 'token', 'bytes']);
  expectString(WHERE, 'endOfWord', endOfWord);
  expectSpecialTokens(specialTokens);
  for (const step of steps) expectOneOf(WHERE, 'normalize', step, ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase']);
  if (base === 'byte' && (endOfWord !== '' || unknown !== 'error'))
    refuse("endOfWord and unknown only with base: 'character'", "base: 'byte'");
  if (unknown === 'bytes' && endOfWord !== '') refuse("endOfWord: '' with unknown: 'bytes'", show(endOfWord));
  const settings = { vocabSize, minFrequency, specialTokens, base, pattern, normalize: steps, endOfWord, unknown };
  if (base === 'byte') expectRoom(settings, 256 + specialTokens.length);
  return settings;
}

function expectSpecialTokens(tokens: readonly string[]): void {
  for (const token of tokens) {
    expectString(WHERE, 'a special token', token);
    expectWellFormed(WHERE, token);
    if ([...token].length < 2) refuse('special tokens of two or more characters', show(token));
  }
  const twice = tokens.find((token, index) => tokens.indexOf(token) !== index);
  if (twice !== undefined) refuse('every special token once', `${show(twice)} twice`);
}

function expectRoom({ vocabSize, base }: Settings, least: number): void {
  if (vocabSize >= least) return;
  const taken = `which ${base === 'byte' ? 'bytes' : 'characters'} and special tokens take`;
  refuse(`vocabSize of at least ${least}, ${taken}`, show(vocabSize));
}

/** The special tokens with those that stand for unknown characters. */
function listSpecialTokens({ specialTokens, unknown }: Settings): string[] {
  const added =
    unknown === 'token'
      ? ['<UNK>']
      : unknown === 'bytes'
        ? Array.from({ length: 256 }, (_, byte) => formatFallbackToken(byte))
        : [];
  return [...specialTokens, ...added.filter((token) => !specialTokens.includes(token))];
}

function createNativeSettings({ vocabSize, minFrequency, base, endOfWord }: Settings) {
  return { vocabSize, minFrequency, characters: base === 'character', allBytes: true, ending: endOfWord };
}

/** Counts the pretokens of all documents, some megabytes at a time. */
async function countPretokens(
  source: TextSource,
  pattern: PretokenPattern,
  normalizers: readonly Normalizer[],
  signal: AbortSignal | undefined,
): Promise<NativeWordCounts> {
  const counts = openTextAddon().wordCounts(pattern);
  const texts = openTextAddon().texts();
  const turns = new Turns(WHERE, signal);
  let total = 0;
  let counting: Promise<undefined> | undefined;
  for await (const parts of iterateParts(source)) {
    for (const part of parts) {
      const text = getPartText(part);
      const waiting = await appendDocument(texts, normalizeSlices(WHERE, text, normalizers), signal);
      total += text.length;
      if (turns.over) await turns.next();
      if (waiting < BYTES_A_JOB) continue;
      await counting;
      counting = countWaiting(counts, texts, signal);
      counting.catch(() => {}); // It is awaited before the next one.
    }
  }
  await counting;
  if (total === 0) refuse('text to train on', 'none');
  await countWaiting(counts, texts, signal);
  return counts;
}

function countWaiting(
  counts: NativeWordCounts,
  texts: NativeTexts,
  signal: AbortSignal | undefined,
): Promise<undefined> {
  return runJob<undefined>((addon, done) => addon.countTexts(counts, texts, done), signal);
}

function createVocabulary(
  trained: BpeTrained,
  settings: Settings,
  normalizers: Normalizer[],
  special: string[],
): BpeVocabulary {
  const { base, endOfWord, unknown, pattern, specialTokens } = settings;
  const named = unknown === 'token' ? special : specialTokens;
  const spelling: BpeSpelling =
    base === 'byte' ? { type: 'bytes' } : { type: 'characters', byteFallback: unknown === 'bytes', endOfWord };
  return {
    tokens: writeTokens(trained, settings, special.length),
    merges: trained.merges,
    specialTokens: Object.fromEntries(named.map((token) => [token, special.indexOf(token)])),
    addedTokens: {},
    normalizedTokens: {},
    spelling,
    decoding: createDecoding(spelling),
    pattern,
    normalizers: normalizers,
    prefixSpace: false,
    unknownToken: unknown === 'token' ? '<UNK>' : undefined,
    fuseUnknown: false,
    ignoreMerges: false,
  };
}

/** Special tokens are written as they are, the others as the base has it. */
function writeTokens({ texts, parts }: BpeTrained, { base, endOfWord }: Settings, special: number): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const tokens: string[] = [];
  for (let at = 0, i = 0; i < parts.length; i += 2) {
    const bytes = texts.subarray(at, (at += parts[i]!));
    const inBytes = base === 'byte' && i / 2 >= special;
    tokens.push(inBytes ? encodeBytes(bytes) : decoder.decode(bytes) + (parts[i + 1] === 1 ? endOfWord : ''));
  }
  return tokens;
}

function refuse(expected: string, received: string): never {
  return raise('PAL_ARGUMENT', { where: WHERE, expected, received });
}
