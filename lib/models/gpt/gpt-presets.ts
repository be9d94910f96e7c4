import type { GptOptions } from './gpt-config.js';
import { nanologicPresets } from './nanologic-presets.js';

/**
 * Architectures by name: `transformer` is the classic decoder of two layers, width 128 and four heads; `llama` has the
 * parts that a folder of LLaMA can hold; the `nanologic` sizes read sentences and write formulas. Without a preset a Gpt is a LLaMA whose queries and keys are normalised, which
 * lets it learn in fewer steps.
 *
 * @example const model = new Gpt({ vocabSize: 65, contextLength: 64, ...gptPresets.llama });
 */
export const gptPresets = {
  transformer: {
    width: 128,
    layers: 2,
    heads: 4,
    positions: { type: 'sinusoidal', base: 10_000 },
    queryKeyNorm: { type: 'none' },
    norm: { type: 'layer', eps: 1e-5 },
    mlp: { type: 'gelu', hiddenWidth: 512 },
    tied: false,
    bias: true,
    dropout: 0.1,
  },
  llama: {
    positions: { type: 'rotary', base: 10_000 },
    queryKeyNorm: { type: 'none' },
    norm: { type: 'rms', eps: 1e-5 },
    mlp: { type: 'swiglu' },
    tied: true,
    bias: false,
  },
  ...nanologicPresets,
} as const satisfies Record<string, Omit<GptOptions, 'vocabSize'>>;
