import { Random, expectCount, expectPositiveInteger, expectRange, raise } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import type { Tokenizer } from '../../text/index.js';
import type { Decoder } from './decoder.js';
import { EagerDecoder } from './eager-decoder.js';
import type { GenerateOptions } from '../options.js';
import { ReplayedDecoder } from './replayed-decoder.js';
import { resolveSampling } from '../sampling/sampling.js';
import { Sequence } from './sequence.js';
import { findSuppressedTokens, findEndTokens, findStartToken } from '../sampling/special-tokens.js';

/** Tokens generated where nothing else is said. */
const DEFAULT_TOKENS = 256;

/**
 * A sequence for each sample of each prompt, with random numbers of its own.
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
  for (const id of forcedTokens) expectRange('generate', 'forcedTokens', id, { min: 0, below: tokenizer.size });
  const maxTokens = resolveMaxTokens(options);
  const random = new Random(options.seed ?? Math.floor(Math.random() * Number.MAX_SAFE_INTEGER));
  return prompts.flatMap((prompt) =>
    Array.from({ length: samples }, (_, sample) => {
      const own = sample === 0 ? Random.restore(random.save()) : random.split('sample', sample);
      return new Sequence({ tokenizer, prompt, random: own, maxTokens, stop, forcedTokens, endTokens, constraint });
    }),
  );
}

/**
 * The decoder that steps all of them: replayed where the model's state allows it.
 * @param model - reads the tokens
 * @param tokenizer - names the tokens that end texts and those that are no text
 * @param prompts - the ids of each, at least one; the rows begin with as many as the shortest has
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
  const {
    endTokens = findEndTokens(tokenizer),
    suppressTokens = findSuppressedTokens(tokenizer),
    eager = false,
  } = options;
  const sampling = resolveSampling('generate', { ...options, endTokens, suppressTokens });
  const shared = Math.min(...prompts.map((prompt) => prompt.length));
  const rows = prompts.map((prompt) => prompt.slice(0, shared));
  const maxLength = Math.max(...prompts.map((prompt) => prompt.length)) + resolveMaxTokens(options);
  const all = {
    model,
    rows,
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

/**
 * The ids of a prompt, or the end of it that is kept where the context can't hold it.
 * @param model - its context length is the limit
 * @param tokenizer - the one the model was trained with
 * @param prompt - text; empty only where the tokenizer has a token that texts start with
 * @param options - contextKeep is the number of ids that are kept (default half the context)
 * @returns at least one id
 * @throws ArgumentError for an empty prompt without such a token, and a contextKeep out of range
 */
export function encodePrompt(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompt: string,
  options: GenerateOptions,
): number[] {
  const ids = Array.from(tokenizer.encode(prompt));
  if (ids.length === 0) return [requireStartToken(tokenizer)];
  return ids.length <= (model.config.contextLength ?? Infinity) ? ids : ids.slice(-resolveContextKeep(model, options));
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
