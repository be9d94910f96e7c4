import { raise } from '../../../core/index.js';
import { createLlamaLayout } from './llama-layout.js';
import type { LlamaFields } from './llama-layout.js';

/**
 * LLaMA: rotary positions, RMS norms, SwiGLU, grouped heads, biases where its fields say so.
 * @see Touvron et al. 2023, https://arxiv.org/abs/2302.13971
 */
export const llama = createLlamaLayout({
  modelType: 'llama',
  architecture: 'LlamaForCausalLM',
  kvHeads: undefined,
  tokenIds: { bos_token_id: 1, eos_token_id: 2 },
  importBias: ({ attention_bias: attention, mlp_bias: mlp }) => ({ queryKeyValue: attention, output: attention, mlp }),
  exportBias: ({ queryKeyValue, attentionOutput, mlp }) =>
    queryKeyValue === attentionOutput && { attention_bias: queryKeyValue, mlp_bias: mlp },
  importWindow: () => undefined,
  exportWindow: (window) => window === undefined && {},
});

/**
 * Mistral: LLaMA without biases, whose tokens see a window.
 * @see Jiang et al. 2023, https://arxiv.org/abs/2310.06825
 */
export const mistral = createLlamaLayout({
  modelType: 'mistral',
  architecture: 'MistralForCausalLM',
  kvHeads: 8,
  tokenIds: { bos_token_id: 1, eos_token_id: 2 },
  importBias: () => ({ queryKeyValue: false, output: false, mlp: false }),
  exportBias: ({ queryKeyValue, attentionOutput, mlp }) => !queryKeyValue && !attentionOutput && !mlp && {},
  importWindow: ({ sliding_window: window = 4096 }) => window ?? undefined,
  exportWindow: (window) => ({ sliding_window: window ?? null }),
});

/**
 * Qwen 2: LLaMA with biases of queries, keys and values alone.
 * @see Yang et al. 2024, https://arxiv.org/abs/2407.10671
 */
export const qwen2 = createLlamaLayout({
  modelType: 'qwen2',
  architecture: 'Qwen2ForCausalLM',
  kvHeads: 32,
  tokenIds: {},
  importBias: () => ({ queryKeyValue: true, output: false, mlp: false }),
  exportBias: ({ queryKeyValue, attentionOutput, mlp }) => queryKeyValue && !attentionOutput && !mlp && {},
  importWindow: importQwenWindow,
  exportWindow: (window, layers) =>
    window === undefined
      ? { use_sliding_window: false }
      : {
          use_sliding_window: true,
          sliding_window: window,
          max_window_layers: 0,
          layer_types: Array<string>(layers).fill('sliding_attention'),
        },
});

/** The window of all layers; some layers alone with one are refused, as a model here has one kind of attention. */
function importQwenWindow(theirs: LlamaFields): number | undefined {
  const { num_hidden_layers: layers, max_window_layers: first, max_position_embeddings: context } = theirs;
  const window = theirs.sliding_window === undefined ? 4096 : theirs.sliding_window;
  if (!theirs.use_sliding_window || window === null || window >= context) return undefined;
  const types =
    theirs.layer_types ??
    Array.from({ length: layers }, (_, i) => (i >= first ? 'sliding_attention' : 'full_attention'));
  const limited = types.filter((type) => type === 'sliding_attention').length;
  if (limited === 0) return undefined;
  if (limited === layers) return window;
  return raise('PAL_CONFIG', {
    where: 'qwen2 config.json',
    expected: 'a sliding window in all layers or in none',
    received: `one in ${limited} of ${layers}`,
  });
}
