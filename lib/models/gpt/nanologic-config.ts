import type { z } from 'zod';
import { deferSchema, parseConfig } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import type { GptOptions } from './gpt-config.js';
import { createNanologicPreset } from './nanologic-presets.js';

const countSchema = (z: Zod) => z.int().min(1);
const shareSchema = (z: Zod) => z.number().min(0).lt(1);
const switchSchema = (z: Zod) => z.boolean().default(true);

/** The configuration of a NanoLogic model by the names of its JSON; every key is honoured, others are refused. */
export const nanologicConfigSchema = deferSchema((z) =>
  z
    .strictObject({
      d_model: countSchema(z).default(512),
      n_layers: countSchema(z).default(8),
      n_heads: countSchema(z).default(8),
      head_dim: countSchema(z).exactOptional().describe('Default: d_model / n_heads.'),
      n_kv_heads: countSchema(z).default(2),
      d_ff: countSchema(z).exactOptional().describe('Default: ⌊8/3 · d_model⌋.'),
      vocab_size: countSchema(z).default(8000),
      max_seq_len: countSchema(z).default(1024),
      pad_id: z.int().min(0).default(0),
      eos_id: z.int().min(0).default(2),
      dropout: shareSchema(z).default(0.1),
      rope_theta: z.number().gt(1).default(10_000),
      attention_cap: z.number().min(0).exactOptional().describe('0 for none. Default: 0 with qk_norm, else 50.'),
      output_cap: z.number().min(0).default(30).describe('0 for none.'),
      z_loss_weight: z.number().min(0).default(1e-4),
      stochastic_depth_rate: shareSchema(z).default(0.1),
      norm_eps: z.number().gt(0).default(1e-6),
      weight_tying: switchSchema(z),
      qk_norm: switchSchema(z),
      embed_scale: switchSchema(z),
      gate_residual: switchSchema(z),
      head_scale: switchSchema(z),
      differential_attention: switchSchema(z),
      differential: z
        .strictObject({ variant: z.enum(['scalar', 'v1', 'v2', 'off']).default('v2') })
        .default({ variant: 'v2' }),
      pre_norm: z.boolean().exactOptional(),
      deep_norm: z.boolean().exactOptional(),
      residual: z.enum(['prenorm', 'deepnorm', 'prenorm-alpha']).exactOptional(),
    })
    .superRefine((config, context) => {
      const report = (path: string, message: string, input: unknown) =>
        void context.addIssue({ code: 'custom', path: [path], message, input });
      const { d_model, n_heads, n_kv_heads, head_dim, vocab_size } = config;
      if (head_dim === undefined && d_model % n_heads !== 0)
        report('n_heads', 'Expected a divisor of d_model', n_heads);
      if (n_heads % n_kv_heads !== 0) report('n_kv_heads', 'Expected a divisor of n_heads', n_kv_heads);
      for (const key of ['pad_id', 'eos_id'] as const)
        if (config[key] >= vocab_size) report(key, 'Expected an id below vocab_size', config[key]);
      if (isV1(config) && (n_heads % 2 !== 0 || n_kv_heads % 2 !== 0))
        report('differential', 'Variant v1 pairs heads: expected even n_heads and n_kv_heads', 'v1');
      checkResidual(config, report);
    }),
);

/** The names of NanoLogic's JSON; all have defaults. */
export type NanologicOptions = z.input<typeof nanologicConfigSchema>;

type NanologicConfig = z.output<typeof nanologicConfigSchema>;

/** What a NanoLogic configuration says, by this library's names. */
export interface NanologicModel {
  /** Of the {@link Gpt}. */
  model: GptOptions;
  /** Terms of the training loss. */
  loss: { zLoss: number };
  /** The token that ends a text. */
  eosId: number;
}

/**
 * Translates a NanoLogic configuration to that of a {@link Gpt}.
 *
 * @param options - the names of its JSON, as `d_model`; all have defaults
 * @returns the Gpt's options, the terms of the loss, and the id that ends a text
 * @throws ConfigError for unknown keys and for values that contradict each other
 * @remarks `pre_norm` and `deep_norm` mean the formula they stand for: both true `prenorm-alpha`, only `deep_norm`
 * `deepnorm`, only `pre_norm` or neither given `prenorm`.
 * @example const { model, loss } = parseNanologicConfig({ d_model: 128, n_layers: 4, n_heads: 4 });
 */
export function parseNanologicConfig(options: NanologicOptions = {}): NanologicModel {
  const config = parseConfig('parseNanologicConfig', nanologicConfigSchema, options);
  const { d_model: width, n_layers: layers, n_heads: heads } = config;
  const { d_ff: hiddenWidth = Math.floor((8 * width) / 3) } = config;
  const type = resolveResidual(config);
  if (type === 'prenorm-alpha') warnOfPrenormAlpha();
  return {
    model: {
      ...createNanologicPreset({ width, layers, heads, hiddenWidth }),
      vocabSize: config.vocab_size,
      contextLength: config.max_seq_len,
      ...translateAttention(config),
      positions: { type: 'rotary', base: config.rope_theta, pairs: 'adjacent' },
      norm: { type: 'rms', eps: config.norm_eps },
      mlp: { type: 'swiglu', hiddenWidth, gateResidual: config.gate_residual },
      residual: { type: type === 'prenorm-alpha' ? 'prenormAlpha' : type },
      embeddingScale: config.embed_scale ? 'sqrtWidth' : 1,
      headScale: config.head_scale,
      paddingToken: config.pad_id,
      logitSoftCap: config.output_cap === 0 ? undefined : config.output_cap,
      dropout: config.dropout,
      stochasticDepth: { probability: config.stochastic_depth_rate, ramp: 'fromZero' },
      tied: config.weight_tying,
    },
    loss: { zLoss: config.z_loss_weight },
    eosId: config.eos_id,
  };
}

function translateAttention(config: NanologicConfig): Partial<GptOptions> {
  const { n_heads, n_kv_heads, d_model, head_dim = d_model / n_heads, qk_norm, norm_eps } = config;
  const { attention_cap = qk_norm ? 0 : 50 } = config;
  const cap = attention_cap === 0 ? {} : { cap: attention_cap };
  const variant = config.differential_attention ? config.differential.variant : 'off';
  const queryKeyNorm = qk_norm ? ({ type: 'rms', eps: norm_eps } as const) : ({ type: 'none' } as const);
  const sizes = { heads: n_heads, kvHeads: n_kv_heads, headWidth: head_dim, queryKeyNorm };
  if (variant === 'scalar') return { ...sizes, attention: { type: 'differentialScalar', ...cap } };
  if (variant === 'v2') return { ...sizes, attention: { type: 'differentialV2', ...cap } };
  if (variant === 'off')
    return { ...sizes, attention: attention_cap === 0 ? { type: 'softmax' } : { type: 'logitSoftCap', ...cap } };
  // Two heads make one, whose values are twice as wide.
  const pairs = { heads: n_heads / 2, kvHeads: n_kv_heads / 2, headWidth: 2 * head_dim };
  return { ...sizes, ...pairs, attention: { type: 'differential', ...cap } };
}

function warnOfPrenormAlpha(): void {
  const text = 'prenorm-alpha scales an unnormalised stream in every block, so that late layers hardly count at first.';
  process.emitWarning(`${text} Prefer prenorm.`, { type: 'PalabraModelWarning', code: 'PAL_MODEL' });
}

function isV1({ differential_attention, differential }: NanologicConfig): boolean {
  return differential_attention && differential.variant === 'v1';
}

function resolveResidual({
  residual,
  pre_norm = true,
  deep_norm = false,
}: NanologicConfig): NonNullable<NanologicConfig['residual']> {
  if (residual !== undefined) return residual;
  if (!deep_norm) return 'prenorm';
  return pre_norm ? 'prenorm-alpha' : 'deepnorm';
}

function checkResidual(config: NanologicConfig, report: (path: string, message: string, input: unknown) => void): void {
  const { residual, pre_norm, deep_norm } = config;
  if (residual === undefined && pre_norm === false && deep_norm !== true)
    report('pre_norm', 'Norms after the sum need deep_norm', pre_norm);
  if (residual === undefined) return;
  const [isPre, isDeep] = [residual !== 'deepnorm', residual !== 'prenorm'];
  if ((pre_norm ?? isPre) !== isPre) report('pre_norm', `Expected ${isPre} as residual is ${residual}`, pre_norm);
  if ((deep_norm ?? isDeep) !== isDeep) report('deep_norm', `Expected ${isDeep} as residual is ${residual}`, deep_norm);
}
