import { Random, expectCount, expectPositiveInteger, expectRange, raise } from '../core/index.js';
import type { LanguageModel } from '../models/index.js';
import type { Tokenizer } from '../text/index.js';
import type { Decoder } from './decoder.js';
import { EagerDecoder } from './eager-decoder.js';
import type { GenerateOptions } from './options.js';
import { ReplayedDecoder, isReplayable } from './replayed-decoder.js';
import { samplingOf } from './sampling.js';
import { Sequence } from './sequence.js';
import { bannedTokensOf, endTokensOf, startTokenOf } from './special-tokens.js';

/** Tokens generated where nothing else is said. */
const DEFAULT_TOKENS = 256;

/** A sequence for each sample of each prompt, with random numbers of its own. */
export function newSequences(
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

/** What steps all of them: replayed where the model's state allows it. */
export function newDecoder(
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
export function promptIds(
  model: LanguageModel,
  tokenizer: Tokenizer,
  prompt: string,
  options: GenerateOptions,
): number[] {
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
