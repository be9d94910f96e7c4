import { deferSchema, parseConfig } from '../../../core/index.js';
import { resolveBias } from '../../gpt/gpt-config.js';
import type { GptConfig, GptOptions } from '../../gpt/gpt-config.js';
import { createAffineRules, createRefusedFields, listDiffering } from './convention.js';
import type { Convention, TensorRule } from './convention.js';
import { comparePlainFields } from './plain-fields.js';

/** The fields of GPT-2's `config.json` that are computed by; a value that we don't compute is refused by name. */
const gpt2Schema = deferSchema((z) =>
  z.object({
    ...createRefusedFields(z),
    model_type: z.literal('gpt2'),
    vocab_size: z.int().min(1),
    n_positions: z.int().min(1).default(1024),
    n_embd: z.int().min(1).default(768),
    n_layer: z.int().min(1).default(12),
    n_head: z.int().min(1).default(12),
    n_inner: z.int().min(1).nullish(),
    activation_function: z.enum(['gelu_new', 'gelu_pytorch_tanh', 'gelu']).default('gelu_new'),
    resid_pdrop: z.number().default(0.1),
    embd_pdrop: z.number().default(0.1),
    attn_pdrop: z.number().default(0.1),
    layer_norm_epsilon: z.number().default(1e-5),
    initializer_range: z.number().default(0.02),
    tie_word_embeddings: z.boolean().default(true),
    scale_attn_weights: z.literal(true).default(true),
    scale_attn_by_inverse_layer_idx: z.literal(false).default(false),
    reorder_and_upcast_attn: z.literal(false).default(false),
    add_cross_attention: z.literal(false).default(false),
  }),
);

/**
 * GPT-2: learned positions, layer norms, GELU, biases; maps stored as `[in, out]`, queries, keys and values in one.
 * @see Radford et al. 2019
 */
export const gpt2: Convention<GptConfig, GptOptions> = {
  modelType: 'gpt2',
  schema: gpt2Schema,
  tokenIds: { bos_token_id: 50_256, eos_token_id: 50_256 },
  toConfig,
  fromConfig,
  rules: createRules,
  isCopy: (name, { tied }) => tied && name === 'lm_head.weight',
  canonical: (name) => {
    if (/\.attn\.(?:masked_)?bias$/.test(name)) return undefined;
    return name === 'lm_head.weight' ? name : `transformer.${name.replace(/^transformer\./, '')}`;
  },
};

function toConfig(fields: unknown): GptOptions {
  const theirs = parseConfig('GPT-2 config.json', gpt2Schema, fields);
  return {
    vocabSize: theirs.vocab_size,
    contextLength: theirs.n_positions,
    width: theirs.n_embd,
    layers: theirs.n_layer,
    heads: theirs.n_head,
    positions: { type: 'learned' },
    queryKeyNorm: { type: 'none' },
    norm: { type: 'layer', eps: theirs.layer_norm_epsilon },
    mlp: {
      type: 'gelu',
      approximate: theirs.activation_function === 'gelu' ? 'none' : 'tanh',
      ...(theirs.n_inner && { hiddenWidth: theirs.n_inner }),
    },
    tied: theirs.tie_word_embeddings,
    bias: true,
    dropout: { embedding: theirs.embd_pdrop, attention: theirs.attn_pdrop, residual: theirs.resid_pdrop },
    initStd: theirs.initializer_range,
  };
}

function fromConfig(config: GptConfig): ReturnType<Convention<GptConfig, GptOptions>['fromConfig']> {
  const { mlp, norm, dropout, kvHeads = config.heads, headWidth = config.width / config.heads } = config;
  const unsupported = listDiffering({
    positions: config.positions.type === 'learned',
    norm: norm.type === 'layer',
    mlp: mlp.type === 'gelu',
    bias: Object.values(resolveBias(config)).every(Boolean),
    headWidth: headWidth * config.heads === config.width,
    kvHeads: kvHeads === config.heads,
    attention: config.attention.type === 'softmax',
    ...comparePlainFields(config),
  });
  if (unsupported.length > 0 || mlp.type !== 'gelu') return { unsupported };
  const probabilities =
    typeof dropout === 'number' ? { embedding: dropout, attention: dropout, residual: dropout } : dropout;
  return {
    model_type: 'gpt2',
    architectures: ['GPT2LMHeadModel'],
    vocab_size: config.vocabSize,
    n_positions: config.contextLength,
    n_embd: config.width,
    n_layer: config.layers,
    n_head: config.heads,
    n_inner: mlp.hiddenWidth ?? null,
    activation_function: mlp.approximate === 'tanh' ? 'gelu_new' : 'gelu',
    embd_pdrop: probabilities.embedding,
    attn_pdrop: probabilities.attention,
    resid_pdrop: probabilities.residual,
    layer_norm_epsilon: norm.eps,
    initializer_range: config.initStd,
    tie_word_embeddings: config.tied,
  };
}

function createRules({ layers, tied }: GptConfig): TensorRule[] {
  return [
    { theirs: 'transformer.wte.weight', ours: ['embedding.weight'] },
    { theirs: 'transformer.wpe.weight', ours: ['positions.weight'] },
    ...Array.from({ length: layers }, (_, i) => createBlockRules(i)).flat(),
    ...createAffineRules('transformer.ln_f', 'norm', true),
    ...(tied ? [] : [{ theirs: 'lm_head.weight', ours: ['head.weight'] }]),
  ];
}

function createBlockRules(layer: number): TensorRule[] {
  const [theirs, ours] = [`transformer.h.${layer}`, `blocks.${layer}`];
  const heads = ['query', 'key', 'value'].map((name) => `${ours}.attention.${name}`);
  return [
    ...createAffineRules(`${theirs}.ln_1`, `${ours}.attentionNorm`, true),
    ...createAffineRules(`${theirs}.attn.c_attn`, heads, true, true),
    ...createAffineRules(`${theirs}.attn.c_proj`, `${ours}.attention.output`, true, true),
    ...createAffineRules(`${theirs}.ln_2`, `${ours}.mlpNorm`, true),
    ...createAffineRules(`${theirs}.mlp.c_fc`, `${ours}.mlp.up`, true, true),
    ...createAffineRules(`${theirs}.mlp.c_proj`, `${ours}.mlp.down`, true, true),
  ];
}
