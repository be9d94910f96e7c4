import { expectCount, raise, show } from '../core/index.js';
import type { OptionChecks } from '../core/index.js';
import type { GenerationConfig } from '../models/interface/index.js';
import type { LogitConstraint } from './sampling/constraint.js';
import { samplingKeys } from './sampling/sampling.js';
import type { SamplingOptions } from './sampling/sampling.js';

/** A text to continue, or the ids of one, which are taken as they are. */
export type Prompt = string | ArrayLike<number>;

/** Settings of generation. */
export interface GenerateOptions extends GenerationConfig, Pick<SamplingOptions, 'filters'> {
  /** The same seed gives the same text (default: another one each time). */
  seed?: number | bigint;
  /** Puts the special tokens around a prompt that the tokenizer's template says (default true). */
  addSpecialTokens?: boolean;
  /** Tokens read again where the context is full (default: half of it); all of it slides by one token. */
  contextKeep?: number;
  /** Allows some tokens only, worked out before each: a grammar, an automaton. */
  constraint?: LogitConstraint;
  /** Runs every pass here instead of replaying a recorded one; the text is the same (default false). */
  eager?: boolean;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal;
}

/** The keys of {@link GenerateOptions}. */
export const generateKeys: OptionChecks<GenerateOptions> = {
  ...samplingKeys,
  minTokens: expectCount,
  addSpecialTokens: true,
  forcedTokens: true,
  maxTokens: true,
  stop: expectStops,
  seed: true,
  contextKeep: true,
  constraint: true,
  eager: true,
  signal: true,
};

/** Settings of several texts side by side. */
export interface GenerateManyOptions extends GenerateOptions {
  /** Texts a prompt (default 1). */
  samples?: number;
}

/** The keys of {@link GenerateManyOptions}. @internal */
export const generateManyKeys: OptionChecks<GenerateManyOptions> = { ...generateKeys, samples: true };

/** Requires texts of at least one character. */
function expectStops(where: string, name: string, value: unknown): void {
  if (Array.isArray(value) && value.every((text) => typeof text === 'string' && text !== '')) return;
  raise('PAL_ARGUMENT', {
    where,
    expected: `${name} to be a list of texts, none of them empty`,
    received: show(value),
    fix: 'An empty text would end every generation before its first token.',
    details: { name },
  });
}
