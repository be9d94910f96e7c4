import {
  checkNested,
  checkOptions,
  expectBoolean,
  expectCount,
  expectOneOf,
  expectPositiveInteger,
  expectRange,
  raise,
  show,
} from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import type { Tokenizer } from '../../../text/index.js';
import { glossWordsKinds } from '../decoding/gloss-words.js';
import { logicModes } from '../sequence/encode-record.js';
import type { LogicMode } from '../sequence/encode-record.js';
import { outputLimitKeys, outputLimits } from '../decoding/output-state.js';
import type { OutputLimits } from '../decoding/output-state.js';

/** A token that was written of one of several sentences. */
export interface FormalizedToken {
  /** The index of its sentence. */
  sentence: number;
  id: number;
  /** What it reads as; empty for a special token, and where a character may be unfinished. */
  text: string;
}

/** Settings of {@link formalize}. */
export interface FormalizeOptions {
  /** A model that was trained for it; dropout is off whatever its mode. */
  model: LanguageModel;
  /** The one that the model was trained with. */
  tokenizer: Tokenizer;
  /** The sections that are written (default `noThought`). */
  mode?: LogicMode | undefined;
  /** Tokens of an output, at most (default 256); fewer where the context ends before. */
  maxNewTokens?: number | undefined;
  /** 0, the default, takes the likeliest token each time. */
  temperature?: number | undefined;
  /** Samples among so many tokens (default 0: all). */
  topK?: number | undefined;
  /** Hypotheses that grow side by side (default 1); more need temperature 0. */
  beams?: number | undefined;
  /** Lets nothing but whole outputs with a formula be written (default true). */
  constrained?: boolean | undefined;
  /**
   * Words of the clauses of constrained outputs: those of the sentence, other forms of its verbs and the most common ones
   * (default), or any.
   */
  glossWords?: 'sentence' | 'any' | undefined;
  /** Bounds of constrained outputs. */
  limits?: Partial<OutputLimits> | undefined;
  /** Sentences side by side (default 32). */
  batchSize?: number | undefined;
  /** The same seed gives the same outputs (default: others each time, at a temperature). */
  seed?: number | undefined;
  /** Called with each token as it is written; without beams. */
  onToken?: ((token: FormalizedToken) => void) | undefined;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal | undefined;
}

/** The keys of {@link FormalizeOptions}. */
export const formalizeKeys: OptionChecks<FormalizeOptions> = {
  model: true,
  tokenizer: true,
  mode: true,
  maxNewTokens: true,
  temperature: true,
  topK: true,
  beams: true,
  constrained: true,
  glossWords: true,
  limits: checkNested(outputLimitKeys),
  batchSize: true,
  seed: true,
  onToken: true,
  signal: true,
};

/** What may be left out without a default. */
type Optional = 'seed' | 'onToken' | 'signal';

/** {@link FormalizeOptions} with what is left out filled in. */
export type FormalizeSettings = Pick<FormalizeOptions, Optional> & {
  [Key in Exclude<keyof FormalizeOptions, Optional | 'limits'>]-?: NonNullable<FormalizeOptions[Key]>;
} & { limits: OutputLimits };

/**
 * Checks settings and fills in the defaults.
 *
 * @param options - as they were given
 * @returns all of them
 * @throws ArgumentError for one out of range, and for two that exclude each other
 */
export function resolveFormalize(options: FormalizeOptions): FormalizeSettings {
  const where = 'formalize';
  const { model, tokenizer, seed, onToken, signal, ...others } = checkOptions(where, options, formalizeKeys);
  const { mode = 'noThought', maxNewTokens = 256, temperature = 0, topK = 0, beams = 1 } = others;
  const { constrained = true, glossWords = 'sentence', batchSize = 32, limits } = others;
  expectOneOf(where, 'mode', mode, logicModes);
  for (const [name, value] of Object.entries({ maxNewTokens, beams, batchSize }))
    expectPositiveInteger(where, name, value);
  expectRange(where, 'temperature', temperature, { min: 0 });
  expectCount(where, 'topK', topK);
  expectBoolean(where, 'constrained', constrained);
  expectOneOf(where, 'glossWords', glossWords, glossWordsKinds);
  if (beams > 1 && temperature > 0) refuseBoth('temperature 0 with several beams', temperature);
  if (beams > 1 && onToken !== undefined) refuseBoth('no onToken with several beams', 'a function');
  return {
    ...{
      model,
      tokenizer,
      mode,
      maxNewTokens,
      temperature,
      topK,
      beams,
      constrained,
      glossWords,
      batchSize,
      seed,
      onToken,
      signal,
    },
    limits: { ...outputLimits, ...limits },
  };
}

function refuseBoth(expected: string, received: unknown): never {
  raise('PAL_ARGUMENT', { where: 'formalize', expected, received: show(received) });
}
