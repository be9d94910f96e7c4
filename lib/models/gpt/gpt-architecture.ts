import { parseConfig } from '../../core/index.js';
import type { Architecture, LeastSize } from '../interface/architecture.js';
import { gpt2 } from '../storage/hugging-face/gpt2.js';
import { llama, mistral, qwen2 } from '../storage/hugging-face/llama.js';
import { Gpt } from './gpt.js';
import { gptConfigSchema } from './gpt-config.js';
import type { GptOptions } from './gpt-config.js';
import { gptPresets } from './gpt-presets.js';

/** The {@link Gpt} in the registry. */
export const gptArchitecture: Architecture = {
  kind: 'gpt',
  schema: gptConfigSchema,
  build: (config) => new Gpt(config as GptOptions),
  measureLeastSize,
  // Dropout of attention weights doubles the time of a step, and gains nothing.
  toDropout: (share) => (share === 0 ? share : { embedding: share, residual: share }),
  presets: gptPresets,
  huggingFace: [gpt2, llama, qwen2, mistral],
};

function measureLeastSize(config: unknown): LeastSize {
  const { vocabSize, width, layers, heads, mlp, positions, contextLength, ...rest } = parseConfig(
    'Gpt',
    gptConfigSchema,
    config,
  );
  const attended = rest.headWidth === undefined ? width : heads * rest.headWidth;
  const block = 2 * width * (attended + (mlp.hiddenWidth ?? width));
  const table = (vocabSize + (positions.type === 'learned' ? contextLength : 0)) * width;
  return { layers, numbers: table + layers * block };
}
