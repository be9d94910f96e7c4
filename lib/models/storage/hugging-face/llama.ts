import { createLlamaLayout } from './llama-layout.js';
import type { LayerWindow, LlamaFields } from './llama-layout.js';

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
  importWindow: ({ sliding_window: window = 4096 }) => (window === null ? undefined : { window }),
  exportWindow: (limits) => limits?.layers === undefined && { sliding_window: limits?.window ?? null },
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
  exportWindow: exportQwenWindow,
});

/** The window, and the layers that have it where the others see all. */
function importQwenWindow(theirs: LlamaFields): LayerWindow | undefined {
  const { num_hidden_layers: count, max_window_layers: first, max_position_embeddings: context } = theirs;
  const window = theirs.sliding_window === undefined ? 4096 : theirs.sliding_window;
  if (!theirs.use_sliding_window || window === null || window >= context) return undefined;
  const limited = Array.from({ length: count }, (_, layer) => layer).filter((layer) =>
    theirs.layer_types == null ? layer >= first : theirs.layer_types[layer] === 'sliding_attention',
  );
  if (limited.length === 0) return undefined;
  return limited.length === count ? { window } : { window, layers: limited };
}

function exportQwenWindow(limits: LayerWindow | undefined, count: number): object {
  if (limits === undefined) return { use_sliding_window: false };
  const has = (layer: number) => limits.layers === undefined || limits.layers.includes(layer);
  const types = Array.from({ length: count }, (_, layer) => (has(layer) ? 'sliding_attention' : 'full_attention'));
  const first = types.indexOf('sliding_attention');
  const fields = { sliding_window: limits.window, max_window_layers: first < 0 ? count : first, layer_types: types };
  return { use_sliding_window: true, ...fields };
}
