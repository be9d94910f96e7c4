import type { GptOptions } from './gpt-config.js';

/**
 * Architectures by name, of width 128 with four heads: `transformer` is the classic decoder of two layers; `fast` has
 * four layers of the parts with which a small model learns in the fewest steps.
 * @see Jordan et al. 2024, https://github.com/KellerJordan/modded-nanogpt, for the parts of `fast`
 * @example const model = new Gpt({ vocabSize: 65, contextLength: 64, ...gptPresets.fast });
 */
export const gptPresets = {
  transformer: {
    width: 128,
    layers: 2,
    heads: 4,
    positions: { type: 'sinusoidal', base: 10_000 },
    norm: { type: 'layer', eps: 1e-5 },
    mlp: { type: 'gelu', hiddenWidth: 512 },
    tied: false,
    bias: true,
    dropout: 0.1,
  },
  fast: {
    width: 128,
    layers: 4,
    heads: 4,
    positions: { type: 'rotary', base: 10_000 },
    queryKeyNorm: { type: 'rms', eps: 1e-6 },
    norm: { type: 'rms', eps: 1e-6 },
    mlp: { type: 'relu2', hiddenWidth: 512 },
    tied: false,
    logitCap: 15,
    initialOutput: 'zero',
  },
} as const satisfies Record<string, Omit<GptOptions, 'vocabSize'>>;
