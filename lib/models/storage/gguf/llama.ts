import { raise, show } from '../../../core/index.js';
import type { GgufReader } from '../../../tensor/index.js';
import type { GgufConvention, GgufTensorRule } from './convention.js';
import { findRopeScaling } from './rope.js';
import { readFloat, readSize } from './settings.js';

/** The keys that say something about the model, without `llama.`; any other is refused. */
const KNOWN: readonly string[] = [
  ...['block_count', 'context_length', 'embedding_length', 'feed_forward_length', 'vocab_size'],
  ...['attention.head_count', 'attention.head_count_kv', 'attention.key_length', 'attention.value_length'],
  ...['attention.layer_norm_rms_epsilon', 'rope.dimension_count', 'rope.freq_base', 'rope.scale_linear'],
  ...['rope.scaling.type', 'rope.scaling.factor', 'rope.scaling.original_context_length', 'rope.scaling.finetuned'],
  ...['expert_count', 'expert_used_count', 'attention.sliding_window'],
];

/**
 * LLaMA: the same computation as in Hugging Face's folders under other names; query and key rows in rotary pairs.
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export const llama: GgufConvention = {
  architecture: 'llama',
  toFields,
  rules: createRules,
  isComputed: (name) => name === 'rope_freqs.weight',
};

/** The sizes of a model. */
interface Sizes {
  vocabSize: number;
  width: number;
  hiddenWidth: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headWidth: number;
}

function readSizes(file: GgufReader): Sizes {
  const { metadata } = file;
  const size = (key: string) => metadata.required(`llama.${key}`, readSize(metadata, `llama.${key}`));
  const [width, heads, layers] = [size('embedding_length'), size('attention.head_count'), size('block_count')];
  if (layers > file.names.length) refuse(file, `at most ${file.names.length} layers`, String(layers));
  if (width % heads !== 0) refuse(file, `a width that ${heads} heads divide`, String(width));
  const kvHeads = readSize(metadata, 'llama.attention.head_count_kv') ?? heads;
  if (heads % kvHeads !== 0) refuse(file, `heads that ${kvHeads} key-value heads divide`, String(heads));
  if (!file.has('token_embd.weight')) refuse(file, 'a tensor token_embd.weight', 'none');
  return {
    ...{ vocabSize: file.shape('token_embd.weight')[0] ?? 1, width, hiddenWidth: size('feed_forward_length') },
    ...{ layers, heads, kvHeads, headWidth: width / heads },
  };
}

function toFields(file: GgufReader): Record<string, unknown> {
  const { metadata } = file;
  const sizes = readSizes(file);
  refuseOthers(file, sizes);
  const eps = readFloat(metadata, 'llama.attention.layer_norm_rms_epsilon');
  const base = readFloat(metadata, 'llama.rope.freq_base') ?? 10_000;
  const scaling = findRopeScaling(file, { base, width: sizes.headWidth });
  return {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    vocab_size: sizes.vocabSize,
    max_position_embeddings: metadata.required('llama.context_length', readSize(metadata, 'llama.context_length')),
    hidden_size: sizes.width,
    intermediate_size: sizes.hiddenWidth,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    num_key_value_heads: sizes.kvHeads,
    head_dim: sizes.headWidth,
    hidden_act: 'silu',
    rms_norm_eps: metadata.required('llama.attention.layer_norm_rms_epsilon', eps),
    rope_theta: base,
    ...(scaling && { rope_scaling: scaling }),
    attention_bias: file.has('blk.0.attn_q.bias'),
    mlp_bias: file.has('blk.0.ffn_up.bias'),
    tie_word_embeddings: !file.has('output.weight'),
  };
}

/** Requires what is not computed here to be absent, by the keys that would ask for it. */
function refuseOthers(file: GgufReader, { headWidth }: Sizes): void {
  const { metadata } = file;
  const unknown = [...metadata.values.keys()].filter(
    (key) => key.startsWith('llama.') && !KNOWN.includes(key.slice(6)),
  );
  if (unknown.length > 0) refuse(file, `keys llama.{${KNOWN.join(', ')}}`, unknown.join(', '));
  for (const key of ['attention.key_length', 'attention.value_length', 'rope.dimension_count']) {
    const found = readSize(metadata, `llama.${key}`) ?? headWidth;
    if (found !== headWidth) refuse(file, `llama.${key} of ${headWidth}, the width of a head`, String(found));
  }
  const experts = metadata.number('llama.expert_count') ?? 0;
  if (experts !== 0) refuse(file, 'llama.expert_count of 0', String(experts));
  const window = metadata.number('llama.attention.sliding_window') ?? 0;
  const context = metadata.number('llama.context_length') ?? 0;
  if (window !== 0 && window < context) refuse(file, 'attention to the whole context', `a window of ${window}`);
}

function createRules(file: GgufReader): GgufTensorRule[] {
  const sizes = readSizes(file);
  const { vocabSize, width, layers } = sizes;
  return [
    { name: 'token_embd.weight', theirs: 'model.embed_tokens.weight', shape: [vocabSize, width] },
    ...Array.from({ length: layers }, (_, i) => createBlockRules(i, sizes)).flat(),
    { name: 'output_norm.weight', theirs: 'model.norm.weight', shape: [width] },
    { name: 'output.weight', theirs: 'lm_head.weight', shape: [vocabSize, width] },
  ].filter(({ name }) => !isOptional(name) || file.has(name));
}

/** Biases come all or not at all, which the folder's layout requires; a tied head is not stored. */
function isOptional(name: string): boolean {
  return name === 'output.weight' || name.endsWith('.bias');
}

function createBlockRules(layer: number, sizes: Sizes): GgufTensorRule[] {
  const { width, hiddenWidth, heads, kvHeads, headWidth } = sizes;
  const maps: [name: string, theirs: string, out: number, from: number, rotaryHeads?: number][] = [
    ['attn_q', 'self_attn.q_proj', width, width, heads],
    ['attn_k', 'self_attn.k_proj', kvHeads * headWidth, width, kvHeads],
    ['attn_v', 'self_attn.v_proj', kvHeads * headWidth, width],
    ['attn_output', 'self_attn.o_proj', width, width],
    ['ffn_gate', 'mlp.gate_proj', hiddenWidth, width],
    ['ffn_up', 'mlp.up_proj', hiddenWidth, width],
    ['ffn_down', 'mlp.down_proj', width, hiddenWidth],
  ];
  const [ours, theirs] = [`blk.${layer}`, `model.layers.${layer}`];
  return [
    { name: `${ours}.attn_norm.weight`, theirs: `${theirs}.input_layernorm.weight`, shape: [width] },
    { name: `${ours}.ffn_norm.weight`, theirs: `${theirs}.post_attention_layernorm.weight`, shape: [width] },
    ...maps.flatMap(([from, to, rows, columns, rotaryHeads]): GgufTensorRule[] => {
      const common = rotaryHeads === undefined ? {} : { rotaryHeads };
      return [
        { name: `${ours}.${from}.weight`, theirs: `${theirs}.${to}.weight`, shape: [rows, columns], ...common },
        { name: `${ours}.${from}.bias`, theirs: `${theirs}.${to}.bias`, shape: [rows], ...common },
      ];
    }),
  ];
}

function refuse(file: GgufReader, expected: string, received: string): never {
  raise('PAL_CHECKPOINT', { where: file.path, expected, received: show(received), details: { path: file.path } });
}
