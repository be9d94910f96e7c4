import { Random, expectCount, expectPositiveInteger, expectRange, raise } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { addSpecialTokens, findEndTokens, findStartToken, findSuppressedTokens } from '../../text/index.js';
import type { Tokenizer } from '../../text/index.js';
import type { Decoder } from './decoder.js';
import { EagerDecoder } from './eager-decoder.js';
import type { GenerateOptions, Prompt } from '../options.js';
import { ReplayedDecoder } from './replayed-decoder.js';
import { resolveSampling } from '../sampling/sampling.js';
import { Sequence } from './sequence.js';

/** Tokens generated where nothing else is said. */
const DEFAULT_TOKENS = 256;

/**
 * A sequence for each sample of each prompt, with random numbers of its own, whatever the prompts are. Those of the
 * first sample of the first prompt are the seed's.
 * @param tokenizer - turns ids into text
 * @param prompts - the ids of each, as {@link encodePrompt} gives them
 * @param samples - texts a prompt, a positive integer
 * @param options - seed (default: another one each time), maxTokens (default 256), stop strings, end and forced tokens,
 *   constraint
 * @returns `prompts.length · samples` sequences, those of the first prompt first
 * @throws ArgumentError for a forced token outside the vocabulary or a negative maxTokens
 */
export function createSequences(
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
  samples: number,
  options: GenerateOptions,
): Sequence[] {
  const { stop = [], forcedTokens = [], endTokens = findEndTokens(tokenizer), constraint } = options;
  for (const id of options.endTokens ?? []) expectRange('generate', 'endTokens', id, { min: 0, below: tokenizer.size });
  for (const id of forcedTokens) expectRange('generate', 'forcedTokens', id, { min: 0, below: tokenizer.size });
  const maxTokens = resolveMaxTokens(options);
  const random = new Random(options.seed ?? Math.floor(Math.random() * Number.MAX_SAFE_INTEGER));
  return prompts.flatMap((prompt, index) =>
    Array.from({ length: samples }, (_, sample) => {
      const base = index === 0 ? random : random.split('prompt', index);
      const own = sample === 0 ? base : base.split('sample', sample);
      return new Sequence({ tokenizer, prompt, random: own, maxTokens, stop, forcedTokens, endTokens, constraint });
    }),
  );
}

/**
 * The decoder that steps all of them: replayed where the model's state allows it.
 * @param model - reads the tokens
 * @param tokenizer - names the tokens that end texts and those that are no text
 * @param prompts - the ids of each, at least one
 * @param copies - rows for each prompt, a positive integer
 * @param options - sampling, maxTokens (default 256), contextKeep (default half the context) and `eager` (default
 *   false)
 * @returns a decoder of `prompts.length · copies` rows; dispose of it
 * @throws ArgumentError for a setting out of range
 */
export function createDecoder(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
  copies: number,
  options: GenerateOptions,
): Decoder {
  const { endTokens = findEndTokens(tokenizer), suppressTokens: named, eager = false } = options;
  const suppressTokens = [...(named ?? findSuppressedTokens(tokenizer)), ...listRowsWithoutToken(model, tokenizer)];
  const sampling = resolveSampling('generate', { ...options, endTokens, suppressTokens });
  const maxLength = Math.max(...prompts.map((prompt) => prompt.length)) + resolveMaxTokens(options);
  const all = {
    model,
    prompts,
    copies,
    sampling,
    maxLength,
    contextKeep: resolveContextKeep(model, options),
    constrained: options.constraint !== undefined,
  };
  return !eager && model.stateTraits.replayable ? new ReplayedDecoder(all) : new EagerDecoder(all);
}

function resolveMaxTokens({ maxTokens = DEFAULT_TOKENS }: GenerateOptions): number {
  return expectCount('generate', 'maxTokens', maxTokens);
}

/** Tokens read again where the context is full. */
function resolveContextKeep(
  { config: { contextLength = Infinity } }: LanguageModel,
  { contextKeep }: GenerateOptions,
): number {
  if (contextKeep === undefined) return Math.ceil(contextLength / 2);
  expectPositiveInteger('generate', 'contextKeep', contextKeep);
  return expectRange('generate', 'contextKeep', contextKeep, { max: contextLength });
}

/** The ids of a model's rows that no token has, as where its table was padded. */
function listRowsWithoutToken({ config: { vocabSize } }: LanguageModel, { size }: Tokenizer): number[] {
  return Array.from({ length: vocabSize - size }, (_, i) => size + i);
}

/**
 * The ids of a prompt: with the special tokens that the tokenizer's template puts around a text, and only its end where
 * the context can't hold it, with room for one token, which a warning says.
 * @param model - its context length is the limit
 * @param tokenizer - the one the model was trained with
 * @param prompt - text, or ids that are taken as they are; empty only where the tokenizer has a token that texts start with
 * @param options - addSpecialTokens (default true); contextKeep is the number of ids that are kept of a prompt that is
 *   too long (default one less than the context)
 * @returns at least one id
 * @throws ArgumentError for an empty prompt without such a token, and a contextKeep out of range
 */
export function encodePrompt(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompt: Prompt,
  options: GenerateOptions,
): number[] {
  const given = typeof prompt !== 'string';
  const template = given || options.addSpecialTokens === false ? undefined : tokenizer.template;
  const { contextLength = Infinity } = model.config;
  const ids = Array.from(given ? expectIds(prompt, tokenizer) : tokenizer.encode(prompt));
  const whole = Array.from(addSpecialTokens({ template }, ids));
  if (whole.length === 0) return [requireStartToken(tokenizer)];
  if (whole.length <= contextLength) return whole;
  const kept = options.contextKeep === undefined ? Math.max(1, contextLength - 1) : resolveContextKeep(model, options);
  const room = kept - (whole.length - ids.length);
  warnOfCut(whole.length, kept, contextLength);
  return room < 1 ? whole.slice(-kept) : Array.from(addSpecialTokens({ template }, ids.slice(-room)));
}

function expectIds(ids: ArrayLike<number>, { size }: Tokenizer): ArrayLike<number> {
  for (let i = 0; i < ids.length; i++) {
    expectCount('generate', `prompt[${i}]`, ids[i]);
    expectRange('generate', `prompt[${i}]`, ids[i]!, { below: size });
  }
  return ids;
}

function warnOfCut(length: number, kept: number, contextLength: number): void {
  const text = `generate: a prompt of ${length} tokens was cut to its last ${kept}, as the context holds ${contextLength}.`;
  process.emitWarning(text, { type: 'PalabraPromptWarning', code: 'PAL_PROMPT' });
}

/** The token that an empty prompt starts with. */
function requireStartToken(tokenizer: Tokenizer): number {
  const start = findStartToken(tokenizer);
  if (start !== undefined) return start;
  return raise('PAL_ARGUMENT', {
    where: 'generate',
    expected: 'a prompt of at least one token, where the tokenizer has no <START>',
    received: 'an empty one',
  });
}
