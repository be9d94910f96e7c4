import type { GenerationConfig } from '../models/interface/index.js';
import type { Tokenizer } from '../text/index.js';

/** Settings of generation by name. */
export const generationPresets = {
  /** A gentle penalty on the last 20 tokens. */
  standard: { maxTokens: 50, temperature: 1, repetitionPenalty: 1.2, repetitionWindow: 20 },
  /** All of the usual filters; the penalties leave a token's first return free. */
  advanced: {
    ...{ maxTokens: 100, minTokens: 20, temperature: 0.8, topP: 0.9, topK: 40 },
    ...{ repetitionPenalty: 1.1, frequencyPenalty: 0.1, presencePenalty: -0.1 },
  },
  /** Always the likeliest token. */
  greedy: { temperature: 0 },
  cool: { temperature: 0.7 },
  hot: { temperature: 1.2 },
  nucleusConservative: { temperature: 0.8, topP: 0.85, repetitionPenalty: 1.1 },
  nucleusAggressive: { temperature: 1, topP: 0.95, repetitionPenalty: 1.2 },
  optimised: {
    ...{ temperature: 0.85, topP: 0.9, repetitionPenalty: 1.15 },
    ...{ frequencyPenalty: 0.05, presencePenalty: -0.05 },
  },
  conservative: { temperature: 0.5, topK: 20 },
  balanced: { temperature: 0.8, topK: 40 },
  creative: { maxTokens: 100, temperature: 0.9, topK: 40 },
  documentation: { maxTokens: 80, temperature: 0.7 },
  summary: { maxTokens: 60, temperature: 0.6 },
  dialogue: { maxTokens: 50, temperature: 1 },
} as const satisfies Record<string, GenerationConfig>;

/** The name of a preset. */
export type GenerationPreset = keyof typeof generationPresets;

/**
 * The settings of a preset for a tokenizer: where its tokens are letters, penalties of tokens that came before are left
 * out, as every text repeats its letters.
 * @param name - of the preset
 * @param tokenizer - only its `type` is read
 * @returns the settings; those of the preset itself where tokens are words or parts of words
 */
export function resolvePreset(name: GenerationPreset, tokenizer: Tokenizer): GenerationConfig {
  const settings: GenerationConfig = generationPresets[name];
  if (tokenizer.type !== 'char' && tokenizer.type !== 'byte') return settings;
  const {
    repetitionPenalty: _,
    repetitionWindow: __,
    frequencyPenalty: ___,
    presencePenalty: ____,
    ...rest
  } = settings;
  return rest;
}

/** The presets that are worth seeing side by side on the same prompts. */
export const comparedPresets: readonly GenerationPreset[] = [
  'greedy',
  'cool',
  'hot',
  'nucleusConservative',
  'nucleusAggressive',
  'optimised',
];
