import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { attentionSchema, countSoftmaxMaps, measureAttentionHead } from '../../nn/index.js';
import { MAX_HEAD_WIDTH, MAX_LAYERS, MAX_WIDTH } from '../interface/limits.js';

const sizeSchema = (z: Zod) => z.int().min(1);
/** Tables of positions are computed for as many. */
const MAX_CONTEXT_LENGTH = 2 ** 22;
const probabilitySchema = (z: Zod) => z.number().min(0).lt(1);

/** The scaling of rotary frequencies for a longer context than the original one. */
const scalingSchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('linear'),
      factor: z.number().gt(0).describe('Divides every frequency.'),
    }),
    z
      .strictObject({
        type: z.literal('llama3'),
        factor: z.number().gt(0).describe('Divides the low frequencies.'),
        lowFreqFactor: z
          .number()
          .gt(0)
          .default(1)
          .describe('Turns over the original context below which frequencies are divided.'),
        highFreqFactor: z.number().gt(0).default(4).describe('Turns above which frequencies stay as they are.'),
        originalContextLength: sizeSchema(z).describe('Context length of the first training.'),
      })
      .refine(({ lowFreqFactor, highFreqFactor }) => lowFreqFactor < highFreqFactor, {
        path: ['highFreqFactor'],
        message: 'Expected more than lowFreqFactor',
      }),
  ]);

/**
 * The positions of a Gpt.
 * @param z - the builder of schemas
 * @returns variants by type
 */
export const positionsSchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('rotary'),
      base: z.number().gt(1).default(10_000).describe('Longest wavelength of the rotation, over 2π.'),
      scaling: scalingSchema(z).exactOptional().describe('Scales the frequencies for a longer context; default: none.'),
      pairs: z
        .enum(['halves', 'adjacent'])
        .exactOptional()
        .describe('Values that are rotated together: (i, i + half), the default, or neighbours.'),
    }),
    z.strictObject({ type: z.literal('learned') }),
    z.strictObject({
      type: z.literal('sinusoidal'),
      base: z.number().gt(1).default(10_000).describe('Longest wavelength, over 2π.'),
      rms: z
        .number()
        .gt(0)
        .exactOptional()
        .describe('Root mean square of a vector, √½ as published. Default: initStd, as that of token vectors.'),
    }),
  ]);

/** Normalisation of queries and keys. */
const queryKeyNormSchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('rms'),
      eps: z.number().gt(0).default(1e-6).describe('Added to the mean square.'),
    }),
  ]);

/** The normalisation before each block and at the end. */
const normSchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('rms'),
      eps: z.number().gt(0).default(1e-6).describe('Added to the mean square.'),
    }),
    z.strictObject({
      type: z.literal('layer'),
      eps: z.number().gt(0).default(1e-5).describe('Added to the variance.'),
    }),
  ]);

/** The feed-forward block. */
const mlpSchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('swiglu'),
      hiddenWidth: sizeSchema(z).optional().describe('Default 8/3 width, rounded up to 8.'),
      gateResidual: z
        .boolean()
        .exactOptional()
        .describe('Adds a learned share of what passes no gate, 0 at the start. Default: false.'),
    }),
    z.strictObject({
      type: z.literal('gelu'),
      hiddenWidth: sizeSchema(z).optional().describe('Default 4 width.'),
      approximate: z.enum(['none', 'tanh']).optional().describe('The exact GELU, or by a hyperbolic tangent.'),
    }),
    z.strictObject({ type: z.literal('relu2'), hiddenWidth: sizeSchema(z).optional().describe('Default 4 width.') }),
  ]);

/**
 * Dropout of three kinds, or one probability for all.
 * @param z - the builder of schemas
 * @returns a probability, or one for each place
 */
export const dropoutSchema = (z: Zod) =>
  z.union([
    probabilitySchema(z),
    z.strictObject({
      embedding: probabilitySchema(z).default(0).describe('After token vectors and positions are added.'),
      attention: probabilitySchema(z).default(0).describe('Of the attention weights.'),
      residual: probabilitySchema(z).default(0).describe('Of what a branch adds to the residual stream.'),
    }),
  ]);

/** What goes into the residual stream, by the way a branch is normalised and the stream is scaled. */
const residualSchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('prenorm') }),
    z.strictObject({ type: z.literal('deepnorm') }),
    z.strictObject({ type: z.literal('prenormAlpha') }),
  ]);

/** The chance that a sequence skips branches, or how it grows over the layers too. */
const stochasticDepthSchema = (z: Zod) =>
  z.union([
    probabilitySchema(z),
    z.strictObject({
      probability: probabilitySchema(z).describe("The chance for the last block's branches."),
      ramp: z
        .enum(['fromShare', 'fromZero'])
        .default('fromShare')
        .describe('Layer l of L, from 0, has (l + 1)/L of it, or l/(L − 1), so that the first is never skipped.'),
    }),
  ]);

/** Bias vectors of some parts, or of all and none. */
const biasSchema = (z: Zod) =>
  z.union([
    z.boolean(),
    z.strictObject({
      queryKeyValue: z.boolean().default(false).describe('In the maps to queries, keys and values.'),
      attentionOutput: z.boolean().default(false).describe('In the map from the heads back to the residual stream.'),
      mlp: z.boolean().default(false).describe('In the feed-forward block.'),
      norm: z.boolean().default(false).describe('In layer norms.'),
    }),
  ]);

/** Learned mixtures with the first block in every later one. */
const valueResidualSchema = (z: Zod) =>
  z.strictObject({
    input: z.boolean().default(false).describe("Mixes the first block's input into the residual stream."),
    value: z.boolean().default(false).describe("Mixes the first block's values into those of the attention."),
  });

/** The configuration of a {@link Gpt}: types, defaults and their description in one place. */
export const gptConfigSchema = deferSchema((z) =>
  z
    .strictObject({
      vocabSize: sizeSchema(z).describe('Token ids run from 0 to vocabSize − 1.'),
      contextLength: sizeSchema(z)
        .max(MAX_CONTEXT_LENGTH)
        .default(256)
        .describe('The most tokens the model can see at once.'),
      width: sizeSchema(z).max(MAX_WIDTH).default(128).describe('Width of the residual stream.'),
      layers: sizeSchema(z).max(MAX_LAYERS).default(4).describe('Number of blocks.'),
      heads: sizeSchema(z).default(4).describe('Query heads; they divide the width where headWidth is not given.'),
      headWidth: sizeSchema(z).max(MAX_HEAD_WIDTH).optional().describe('Width of a head. Default: width / heads.'),
      kvHeads: sizeSchema(z)
        .optional()
        .describe('Key and value heads; they divide the heads. Default: as many as heads.'),
      positions: positionsSchema(z).default({ type: 'rotary', base: 10_000 }).describe('Positions of tokens.'),
      attention: attentionSchema(z).default({ type: 'softmax' }).describe('Attention kernel.'),
      queryKeyNorm: queryKeyNormSchema(z)
        .default({ type: 'rms', eps: 1e-6 })
        .describe('Normalisation of queries and keys by head.'),
      norm: normSchema(z)
        .default({ type: 'rms', eps: 1e-6 })
        .describe('Normalisation before each block and at the end.'),
      mlp: mlpSchema(z).default({ type: 'swiglu' }).describe('Feed-forward block.'),
      valueResidual: valueResidualSchema(z)
        .default({ input: false, value: false })
        .describe('Learned mixtures with the first block in every later one.'),
      tied: z.boolean().default(true).describe('The output shares the table of the input.'),
      bias: biasSchema(z).default(false).describe('Bias vectors in linear maps and layer norms.'),
      residual: residualSchema(z)
        .exactOptional()
        .describe(
          'Branches on the stream: x + f(norm x) by default; deepnorm is norm(α x + f x), prenormAlpha α x + f(norm x).',
        ),
      embeddingScale: z
        .union([z.number().gt(0), z.literal('sqrtWidth')])
        .exactOptional()
        .describe('Factor of token vectors. Default: 1.'),
      headScale: z
        .boolean()
        .exactOptional()
        .describe('A learned factor of all logits, 1 at the start. Default: false.'),
      paddingToken: z
        .int()
        .min(0)
        .exactOptional()
        .describe('The token whose vector stays zero and gets no gradient. Default: none.'),
      logitSoftCap: z.number().gt(0).optional().describe('Logits stay within ± this: cap · tanh(logit / cap).'),
      zLossLogits: z
        .enum(['capped', 'uncapped'])
        .exactOptional()
        .describe('Logits whose squared log-partition the loss may hold, where they are capped. Default: capped.'),
      dropout: dropoutSchema(z).default(0).describe('Dropout of embeddings, attention weights and branches.'),
      stochasticDepth: stochasticDepthSchema(z)
        .default(0)
        .describe("Chance that a sequence skips the last block's branches; earlier blocks have less, in line."),
      initStd: z.number().gt(0).default(0.02).describe('Standard deviation of the initial weights.'),
      initOutput: z
        .enum(['scaled', 'zero'])
        .default('scaled')
        .describe('Maps back to the residual stream start smaller by √(2 layers), or at zero.'),
      initLinear: z
        .enum(['normal', 'glorot'])
        .exactOptional()
        .describe('Linear maps start from N(0, initStd²), the default, or from U(±√(6 / (in + out))).'),
      initEmbeddingStd: z
        .number()
        .gt(0)
        .exactOptional()
        .describe(
          'Standard deviation of the initial token vectors. Default: initStd; with glorot maps 5 / width, at most √(1 / (8 width)).',
        ),
    })
    .superRefine((config, context) => {
      const { width, heads, kvHeads = heads, headWidth = width / heads, positions, attention } = config;
      const report = (path: string, message: string, input: number) =>
        void context.addIssue({ code: 'custom', path: [path], message, input });
      if (config.headWidth === undefined && width % heads !== 0)
        report('heads', `Expected a divisor of width (${width})`, heads);
      if (heads % kvHeads !== 0) report('kvHeads', `Expected a divisor of heads (${heads})`, kvHeads);
      const scoreWidth = measureAttentionHead(attention, headWidth).width;
      const maps = scoreWidth === headWidth ? 1 : countSoftmaxMaps(attention);
      const [path, name] = config.headWidth === undefined ? ['heads', 'width / heads'] : ['headWidth', 'headWidth'];
      const received = config.headWidth ?? heads;
      if (maps > 1 && !Number.isInteger(scoreWidth)) {
        report(path, `Attention of type ${attention.type} needs ${name} to be a multiple of ${maps}`, received);
      }
      if (positions.type === 'rotary' && scoreWidth % 2 !== 0) {
        report(path, `Rotary positions need an even ${name}${maps > 1 ? ` / ${maps}` : ''}`, received);
      }
      if (config.paddingToken !== undefined && config.paddingToken >= config.vocabSize) {
        report('paddingToken', `Expected an id below vocabSize (${config.vocabSize})`, config.paddingToken);
      }
      if (positions.type === 'sinusoidal' && width % 2 !== 0) {
        report('width', 'Sinusoidal positions need an even width', width);
      }
    }),
);

/** A complete configuration of a {@link Gpt}. */
export type GptConfig = z.output<typeof gptConfigSchema>;

/** The options of {@link Gpt}; only `vocabSize` has no default. */
export type GptOptions = z.input<typeof gptConfigSchema>;

/** The parts of a model that have bias vectors. */
export type GptBias = Exclude<GptConfig['bias'], boolean>;

/**
 * Resolves bias vectors to a choice for each part.
 * @param config - only its `bias` is read
 * @returns true where a part has them
 */
export function resolveBias({ bias }: GptConfig): GptBias {
  return typeof bias === 'boolean' ? { queryKeyValue: bias, attentionOutput: bias, mlp: bias, norm: bias } : bias;
}

/**
 * Resolves stochastic depth to the probability of a layer.
 * @param config - its `stochasticDepth` and `layers` are read
 * @param layer - its index, from 0
 * @returns the chance that a sequence skips a branch of it, 0 to below 1
 */
export function resolveStochasticDepth({ stochasticDepth, layers }: GptConfig, layer: number): number {
  if (typeof stochasticDepth === 'number') return (stochasticDepth * (layer + 1)) / layers;
  const { probability, ramp } = stochasticDepth;
  return ramp === 'fromShare' ? (probability * (layer + 1)) / layers : (probability * layer) / Math.max(1, layers - 1);
}

/**
 * Resolves the hidden width of the feed-forward block.
 * @param config - its `mlp` and `width` are read
 * @returns the one given, else 8/3 of the width rounded up to 8 for swiglu and four times the width for others
 */
export function resolveHiddenWidth({ mlp, width }: GptConfig): number {
  if (mlp.hiddenWidth !== undefined) return mlp.hiddenWidth;
  return mlp.type === 'swiglu' ? 8 * Math.ceil(width / 3) : 4 * width;
}
