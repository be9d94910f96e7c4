import { deferSchema, parseConfig, raise } from '../../../core/index.js';
import type { GptConfig, GptOptions } from '../../gpt/gpt-config.js';
import { createAffineRules, createDescribingFields, listDiffering } from './convention.js';
import type { Convention, TensorRule } from './convention.js';
import { importPositions, ropeSchema, exportScaling } from './rope.js';

/** The fields of LLaMA's `config.json`; a value that we don't compute is refused by name. */
const llamaSchema = deferSchema((z) =>
  z.strictObject({
    ...createDescribingFields(z),
    model_type: z.literal('llama'),
    vocab_size: z.int().min(1),
    max_position_embeddings: z.int().min(1).default(2048),
    hidden_size: z.int().min(1).default(4096),
    intermediate_size: z.int().min(1).default(11_008),
    num_hidden_layers: z.int().min(1).default(32),
    num_attention_heads: z.int().min(1).default(32),
    num_key_value_heads: z.int().min(1).nullish(),
    head_dim: z.int().min(1).nullish(),
    hidden_act: z.enum(['silu', 'swish']).default('silu'),
    rms_norm_eps: z.number().default(1e-6),
    rope_theta: z.number().optional(),
    rope_scaling: ropeSchema(z).nullish(),
    rope_parameters: ropeSchema(z).nullish(),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
    attention_dropout: z.number().default(0),
    initializer_range: z.number().default(0.02),
    tie_word_embeddings: z.boolean().default(false),
    pretraining_tp: z.literal(1).default(1),
    is_llama_config: z.unknown().optional(),
    rope_interleaved: z.literal(false).optional(),
  }),
);

/**
 * LLaMA: rotary positions, RMS norms, SwiGLU, grouped heads, no biases.
 * @see Touvron et al. 2023, https://arxiv.org/abs/2302.13971
 */
export const llama: Convention<GptConfig, GptOptions> = {
  modelType: 'llama',
  toConfig,
  fromConfig,
  rules: createRules,
  isCopy: (name, { tied }) => tied && name === 'lm_head.weight',
  canonical: (name) => (name.endsWith('.rotary_emb.inv_freq') ? undefined : name),
};

function toConfig(fields: unknown): GptOptions {
  const theirs = parseConfig('LLaMA config.json', llamaSchema, fields);
  const { hidden_size: width, num_attention_heads: heads, head_dim: headWidth } = theirs;
  if (theirs.attention_bias !== theirs.mlp_bias) {
    const received = `attention_bias ${String(theirs.attention_bias)}`;
    raise('PAL_CONFIG', {
      where: 'LLaMA config.json',
      expected: 'mlp_bias and attention_bias to be the same',
      received,
    });
  }
  if (headWidth && headWidth * heads !== width) {
    const expected = `head_dim to be hidden_size / num_attention_heads (${width / heads})`;
    raise('PAL_CONFIG', { where: 'LLaMA config.json', expected, received: String(headWidth) });
  }
  return {
    vocabSize: theirs.vocab_size,
    contextLength: theirs.max_position_embeddings,
    width,
    layers: theirs.num_hidden_layers,
    heads,
    kvHeads: theirs.num_key_value_heads ?? heads,
    positions: importPositions(theirs),
    queryKeyNorm: { type: 'none' },
    norm: { type: 'rms', eps: theirs.rms_norm_eps },
    mlp: { type: 'swiglu', hiddenWidth: theirs.intermediate_size },
    tied: theirs.tie_word_embeddings,
    bias: theirs.mlp_bias,
    dropout: { attention: theirs.attention_dropout },
    initStd: theirs.initializer_range,
  };
}

function fromConfig(config: GptConfig): ReturnType<Convention<GptConfig, GptOptions>['fromConfig']> {
  const { positions, mlp, norm, heads, width } = config;
  const unsupported = listDiffering({
    positions: positions.type === 'rotary',
    norm: norm.type === 'rms',
    mlp: mlp.type === 'swiglu',
    attention: config.attention.type === 'softmax',
    queryKeyNorm: config.queryKeyNorm.type === 'none',
    valueResidual: !config.valueResidual.input && !config.valueResidual.value,
    logitSoftCap: config.logitSoftCap === undefined,
  });
  if (unsupported.length > 0 || positions.type !== 'rotary') return { unsupported };
  return {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    vocab_size: config.vocabSize,
    max_position_embeddings: config.contextLength,
    hidden_size: width,
    intermediate_size: mlp.hiddenWidth ?? 8 * Math.ceil(width / 3),
    num_hidden_layers: config.layers,
    num_attention_heads: heads,
    num_key_value_heads: config.kvHeads ?? heads,
    head_dim: width / heads,
    hidden_act: 'silu',
    rms_norm_eps: norm.eps,
    rope_theta: positions.base,
    ...(positions.scaling && { rope_scaling: exportScaling(positions.scaling) }),
    attention_bias: config.bias,
    mlp_bias: config.bias,
    attention_dropout: typeof config.dropout === 'number' ? config.dropout : config.dropout.attention,
    initializer_range: config.initStd,
    tie_word_embeddings: config.tied,
  };
}

function createRules({ layers, tied, bias }: GptConfig): TensorRule[] {
  return [
    createRule('model.embed_tokens', 'embedding'),
    ...Array.from({ length: layers }, (_, i) => createBlockRules(i, bias)).flat(),
    createRule('model.norm', 'norm'),
    ...(tied ? [] : [createRule('lm_head', 'head')]),
  ];
}

function createBlockRules(layer: number, bias: boolean): TensorRule[] {
  const names: Record<string, string> = {
    input_layernorm: 'attentionNorm',
    'self_attn.q_proj': 'attention.query',
    'self_attn.k_proj': 'attention.key',
    'self_attn.v_proj': 'attention.value',
    'self_attn.o_proj': 'attention.output',
    post_attention_layernorm: 'mlpNorm',
    'mlp.gate_proj': 'mlp.gate',
    'mlp.up_proj': 'mlp.up',
    'mlp.down_proj': 'mlp.down',
  };
  return Object.entries(names).flatMap(([theirs, ours]) =>
    createAffineRules(`model.layers.${layer}.${theirs}`, `blocks.${layer}.${ours}`, bias && !ours.endsWith('Norm')),
  );
}

function createRule(theirs: string, ours: string): TensorRule {
  return { theirs: `${theirs}.weight`, ours: [`${ours}.weight`] };
}
