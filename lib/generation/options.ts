import type { GenerationConfig } from '../models/interface/index.js';
import type { LogitConstraint } from './sampling/constraint.js';
import type { SamplingOptions } from './sampling/sampling.js';

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

/** Settings of several texts side by side. */
export interface GenerateManyOptions extends GenerateOptions {
  /** Texts a prompt (default 1). */
  samples?: number;
}
