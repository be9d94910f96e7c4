import { Random, expectCount, expectPositiveInteger, expectRange, raise } from '../core/index.js';
import type { GenerationConfig, LanguageModel } from '../models/index.js';
import type { Tokenizer } from '../text/index.js';
import type { Decoder } from './decoder.js';
import { EagerDecoder } from './eager-decoder.js';
import { ReplayedDecoder, isReplayable } from './replayed-decoder.js';
import { samplingOf } from './sampling.js';
import type { SamplingOptions } from './sampling.js';
import { Sequence } from './sequence.js';
import type { FinishReason, GeneratedPiece } from './sequence.js';
import { bannedTokensOf, endTokensOf, startTokenOf } from './special-tokens.js';
import { expectSameVocabulary } from './vocabulary.js';

/** How text is generated. */
export interface GenerateOptions extends GenerationConfig, Pick<SamplingOptions, 'filters'> {
  /** The same seed gives the same text (default: another one each time). */
  seed?: number | bigint;
  /** Tokens read again where the context is full (default: half of it); all of it slides by one token. */
  keepContext?: number;
  /** Runs every pass here instead of replaying a recorded one; the text is the same (default false). */
  eager?: boolean;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal;
}

/** How several texts are generated side by side. */
export interface GenerateManyOptions extends GenerateOptions {
  /** Texts a prompt (default 1). */
  samples?: number;
}

/** A piece of one of several texts. */
export interface LabelledPiece extends GeneratedPiece {
  /** The place of its prompt. */
  prompt: number;
  /** The place among the texts of that prompt. */
  sample: number;
}

/** A whole generated text. */
export interface GeneratedText {
  /** The place of its prompt. */
  prompt: number;
  /** The place among the texts of that prompt. */
  sample: number;
  text: string;
  ids: number[];
  /** ln P of each token under the model, before any filter. */
  logProbabilities: number[];
  finish: FinishReason;
}

/** Tokens generated where nothing else is said. */
const DEFAULT_TOKENS = 256;

/**
 * Continues a prompt token by token.
 *
 * @param model - dropout is off whatever its mode
 * @param tokenizer - the one the model was trained with
 * @param prompt - text of at least one token; nothing stands for `<START>` where the tokenizer has it
 * @param options - by default 256 tokens at temperature 1
 * @throws ArgumentError for settings out of range, an empty prompt, and another vocabulary than the model's
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example
 * for await (const piece of generate(model, tokenizer, 'Once', { topP: 0.9 })) process.stdout.write(piece.text);
 */
export async function* generate(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompt: string,
  options: GenerateOptions = {},
): AsyncGenerator<GeneratedPiece, void, undefined> {
  for await (const { prompt: _, sample: __, ...piece } of generateMany(model, tokenizer, [prompt], options))
    yield piece;
}

/**
 * Continues several prompts side by side, each in as many ways as asked for. Every text is the one that its prompt
 * alone would give with the same seed; the pieces come as they are made.
 *
 * @throws ArgumentError and PalabraError as {@link generate}
 */
export async function* generateMany(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompts: readonly string[],
  options: GenerateManyOptions = {},
): AsyncGenerator<LabelledPiece, void, undefined> {
  expectSameVocabulary('generate', model, tokenizer);
  const samples = expectPositiveInteger('generate', 'samples', options.samples ?? 1);
  const texts = prompts.map((prompt) => promptIds(model, tokenizer, prompt, options));
  if (texts.length === 0) return;
  const sequences = newSequences(tokenizer, texts, samples, options);
  using decoder = newDecoder(model, tokenizer, texts, samples, options);
  while (sequences.some(({ finish }) => finish === undefined)) {
    expectRunning(options.signal);
    const { length } = decoder;
    const drawn = await decoder.step(
      sequences.map((sequence) => sequence.stepAt(length)),
      options.signal,
    );
    for (const [row, sequence] of sequences.entries()) {
      const piece = sequence.take(length, drawn[row]!);
      if (piece) yield { prompt: Math.floor(row / samples), sample: row % samples, ...piece };
    }
  }
}

/**
 * The texts of {@link generateMany}, whole, by prompt and sample.
 * @throws ArgumentError and PalabraError as {@link generate}
 */
export async function generateTexts(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompts: readonly string[],
  options: GenerateManyOptions = {},
): Promise<GeneratedText[]> {
  const { samples = 1 } = options;
  const texts = prompts.flatMap((_, prompt) =>
    Array.from({ length: samples }, (__, sample) => newText(prompt, sample)),
  );
  for await (const piece of generateMany(model, tokenizer, prompts, options)) {
    const text = texts[piece.prompt * samples + piece.sample]!;
    text.text += piece.text;
    text.ids.push(piece.id);
    text.logProbabilities.push(piece.logProbability);
    if (piece.finish) text.finish = piece.finish;
  }
  return texts;
}

function newText(prompt: number, sample: number): GeneratedText {
  return { prompt, sample, text: '', ids: [], logProbabilities: [], finish: 'length' };
}

function newSequences(
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
  samples: number,
  options: GenerateOptions,
): Sequence[] {
  const { stop = [], forcedTokens = [], endTokens = endTokensOf(tokenizer) } = options;
  for (const id of forcedTokens) expectRange('generate', 'forcedTokens', id, { min: 0, below: tokenizer.size });
  const maxTokens = maxTokensOf(options);
  const random = new Random(options.seed ?? Math.floor(Math.random() * Number.MAX_SAFE_INTEGER));
  return prompts.flatMap((prompt) =>
    Array.from({ length: samples }, (_, sample) => {
      const own = sample === 0 ? Random.restore(random.save()) : random.split('sample', sample);
      return new Sequence({ tokenizer, prompt, random: own, maxTokens, stop, forcedTokens, endTokens });
    }),
  );
}

function newDecoder(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
  copies: number,
  options: GenerateOptions,
): Decoder {
  const { endTokens = endTokensOf(tokenizer), bannedTokens = bannedTokensOf(tokenizer), eager = false } = options;
  const sampling = samplingOf('generate', { ...options, endTokens, bannedTokens });
  const shared = Math.min(...prompts.map((prompt) => prompt.length));
  const rows = prompts.map((prompt) => prompt.slice(0, shared));
  const longest = Math.max(...prompts.map((prompt) => prompt.length)) + maxTokensOf(options);
  const all = { model, rows, copies, sampling, longest, keep: keptContext(model, options) };
  return !eager && hasReplayableState(model) ? new ReplayedDecoder(all) : new EagerDecoder(all);
}

function hasReplayableState(model: LanguageModel): boolean {
  const probe = model.newState(1);
  const found = isReplayable(probe);
  probe.dispose();
  return found;
}

function maxTokensOf({ maxTokens = DEFAULT_TOKENS }: GenerateOptions): number {
  return expectCount('generate', 'maxTokens', maxTokens);
}

/** Tokens read again where the context is full. */
function keptContext(
  { config: { contextLength = Infinity } }: LanguageModel,
  { keepContext }: GenerateOptions,
): number {
  if (keepContext === undefined) return Math.ceil(contextLength / 2);
  expectPositiveInteger('generate', 'keepContext', keepContext);
  return expectRange('generate', 'keepContext', keepContext, { max: contextLength });
}

/** The ids of a prompt, or the end of it that is kept where the context can't hold it. */
function promptIds(model: LanguageModel, tokenizer: Tokenizer, prompt: string, options: GenerateOptions): number[] {
  const ids = Array.from(tokenizer.encode(prompt));
  if (ids.length === 0) return [startToken(tokenizer)];
  return ids.length <= (model.config.contextLength ?? Infinity) ? ids : ids.slice(-keptContext(model, options));
}

/** What an empty prompt starts with. */
function startToken(tokenizer: Tokenizer): number {
  const start = startTokenOf(tokenizer);
  if (start !== undefined) return start;
  return raise('PAL_ARGUMENT', {
    where: 'generate',
    expected: 'a prompt of at least one token, where the tokenizer has no <START>',
    received: 'an empty one',
  });
}

function expectRunning(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const cause: unknown = signal.reason;
  raise('PAL_ABORTED', { where: 'generate', expected: 'to reach the end of the text', received: 'an abort', cause });
}
