import type { z } from 'zod';
import { deferSchema, parseConfig } from '../../../core/index.js';
import type { Zod } from '../../../core/index.js';
import { resolveBias } from '../../gpt/gpt-config.js';
import type { GptBias, GptConfig, GptOptions } from '../../gpt/gpt-config.js';
import { createAffineRules, createRefusedFields, listDiffering } from './convention.js';
import type { Convention, TensorRule } from './convention.js';
import { comparePlainFields } from './plain-fields.js';
import { importPositions, ropeSchema, exportScaling } from './rope.js';

/** The fields of `config.json` that are computed by; a value that we don't compute is refused by name. */
const createSchema = (z: Zod) =>
  z.object({
    ...createRefusedFields(z),
    model_type: z.string(),
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
    partial_rotary_factor: z.literal(1).optional(),
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
    attention_dropout: z.number().default(0),
    initializer_range: z.number().default(0.02),
    tie_word_embeddings: z.boolean().default(false),
    pretraining_tp: z.literal(1).nullish(),
    rope_interleaved: z.literal(false).optional(),
    use_sliding_window: z.boolean().default(false),
    sliding_window: z.int().min(1).nullish(),
    max_window_layers: z.int().min(0).default(28),
    layer_types: z.array(z.enum(['full_attention', 'sliding_attention'])).nullish(),
  });

const schema = deferSchema(createSchema);

/** The fields of a folder, with their defaults. */
export type LlamaFields = z.output<ReturnType<typeof createSchema>>;

/** A window of attention. */
export interface LayerWindow {
  /** Tokens that a token sees, itself included. */
  window: number;
  /** The layers that have it, from 0 (default all). */
  layers?: number[];
}

/** What sets a family apart from the others that are built as LLaMA is. */
export interface LlamaFamily {
  /** `model_type` of its `config.json`. */
  modelType: string;
  /** The class that the folder names. */
  architecture: string;
  /** Key and value heads where the field is absent; undefined for as many as heads. */
  kvHeads: number | undefined;
  /** The ids that the folder means where it has no such field. */
  tokenIds: Convention<GptConfig, GptOptions>['tokenIds'];
  /** Which parts have bias vectors. */
  importBias: (theirs: LlamaFields) => { queryKeyValue: boolean; output: boolean; mlp: boolean };
  /** Fields that say which parts have them; false where none can. */
  exportBias: (bias: GptBias) => object | false;
  /** Tokens that a token sees, itself included, and in which layers; undefined for all tokens. */
  importWindow: (theirs: LlamaFields) => LayerWindow | undefined;
  /** Fields for a window over all layers or some of so many; false where none can say it. */
  exportWindow: (window: LayerWindow | undefined, layers: number) => object | false;
}

/**
 * The layout of a family that is built as LLaMA is: rotary positions, RMS norms, SwiGLU, grouped heads.
 * @param family - its names and what sets it apart
 * @returns the layout
 */
export function createLlamaLayout(family: LlamaFamily): Convention<GptConfig, GptOptions> {
  return {
    modelType: family.modelType,
    schema,
    tokenIds: family.tokenIds,
    toConfig: (fields) => toConfig(fields, family),
    fromConfig: (config) => fromConfig(config, family),
    rules: createRules,
    isCopy: (name, { tied }) => tied && name === 'lm_head.weight',
    canonical: (name) => (name.endsWith('.rotary_emb.inv_freq') ? undefined : name),
  };
}

function toConfig(fields: unknown, family: LlamaFamily): GptOptions {
  const theirs = parseConfig(`${family.modelType} config.json`, schema, fields);
  const { hidden_size: width, num_attention_heads: heads, head_dim: headWidth } = theirs;
  const { queryKeyValue, output, mlp } = family.importBias(theirs);
  const window = family.importWindow(theirs);
  return {
    vocabSize: theirs.vocab_size,
    contextLength: theirs.max_position_embeddings,
    width,
    layers: theirs.num_hidden_layers,
    heads,
    kvHeads: theirs.num_key_value_heads ?? family.kvHeads ?? heads,
    ...(headWidth && headWidth * heads !== width && { headWidth }),
    positions: importPositions(theirs),
    ...(window !== undefined && { attention: { type: 'slidingWindow', ...window } }),
    queryKeyNorm: { type: 'none' },
    norm: { type: 'rms', eps: theirs.rms_norm_eps },
    mlp: { type: 'swiglu', hiddenWidth: theirs.intermediate_size },
    tied: theirs.tie_word_embeddings,
    bias: queryKeyValue === output && output === mlp ? mlp : { queryKeyValue, attentionOutput: output, mlp },
    dropout: { attention: theirs.attention_dropout },
    initStd: theirs.initializer_range,
  };
}

function fromConfig(
  config: GptConfig,
  family: LlamaFamily,
): ReturnType<Convention<GptConfig, GptOptions>['fromConfig']> {
  const { positions, mlp, norm, heads, width, attention, layers } = config;
  const window = attention.type === 'slidingWindow' ? attention : undefined;
  const [biasFields, windowFields] = [family.exportBias(resolveBias(config)), family.exportWindow(window, layers)];
  const unsupported = listDiffering({
    positions: positions.type === 'rotary' && positions.pairs !== 'adjacent',
    norm: norm.type === 'rms',
    mlp: mlp.type === 'swiglu' && mlp.gateResidual !== true,
    attention: (attention.type === 'softmax' || attention.type === 'slidingWindow') && windowFields !== false,
    bias: biasFields !== false,
    ...comparePlainFields(config),
  });
  if (unsupported.length > 0 || positions.type !== 'rotary') return { unsupported };
  return {
    model_type: family.modelType,
    architectures: [family.architecture],
    vocab_size: config.vocabSize,
    max_position_embeddings: config.contextLength,
    hidden_size: width,
    intermediate_size: mlp.hiddenWidth ?? 8 * Math.ceil(width / 3),
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: config.kvHeads ?? heads,
    head_dim: config.headWidth ?? width / heads,
    hidden_act: 'silu',
    rms_norm_eps: norm.eps,
    rope_theta: positions.base,
    ...(positions.scaling && { rope_scaling: exportScaling(positions.scaling) }),
    ...biasFields,
    ...windowFields,
    attention_dropout: typeof config.dropout === 'number' ? config.dropout : config.dropout.attention,
    initializer_range: config.initStd,
    tie_word_embeddings: config.tied,
  };
}

function createRules(config: GptConfig): TensorRule[] {
  const bias = resolveBias(config);
  return [
    createRule('model.embed_tokens', 'embedding'),
    ...Array.from({ length: config.layers }, (_, i) => createBlockRules(i, bias)).flat(),
    createRule('model.norm', 'norm'),
    ...(config.tied ? [] : [createRule('lm_head', 'head')]),
  ];
}

function createBlockRules(layer: number, { queryKeyValue, attentionOutput, mlp }: GptBias): TensorRule[] {
  const names: [theirs: string, ours: string, bias: boolean][] = [
    ['input_layernorm', 'attentionNorm', false],
    ['self_attn.q_proj', 'attention.query', queryKeyValue],
    ['self_attn.k_proj', 'attention.key', queryKeyValue],
    ['self_attn.v_proj', 'attention.value', queryKeyValue],
    ['self_attn.o_proj', 'attention.output', attentionOutput],
    ['post_attention_layernorm', 'mlpNorm', false],
    ['mlp.gate_proj', 'mlp.gate', mlp],
    ['mlp.up_proj', 'mlp.up', mlp],
    ['mlp.down_proj', 'mlp.down', mlp],
  ];
  return names.flatMap(([theirs, ours, bias]) =>
    createAffineRules(`model.layers.${layer}.${theirs}`, `blocks.${layer}.${ours}`, bias),
  );
}

function createRule(theirs: string, ours: string): TensorRule {
  return { theirs: `${theirs}.weight`, ours: [`${ours}.weight`] };
}
