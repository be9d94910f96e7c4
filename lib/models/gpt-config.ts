import type { z } from 'zod';
import { deferSchema } from '../core/index.js';
import type { Zod } from '../core/index.js';

const size = (z: Zod) => z.int().min(1);
/** Tables of positions are computed for as many. */
const MOST_CONTEXT = 2 ** 22;
const chance = (z: Zod) => z.number().min(0).lt(1);

/** How a rotation is slowed down for a longer context than the first one. */
const scaling = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('linear'),
      factor: z.number().gt(0).describe('Divides every angle.'),
    }),
    z
      .strictObject({
        type: z.literal('llama3'),
        factor: z.number().gt(0).describe('Divides the angles that turn slowly.'),
        lowTurns: z.number().gt(0).default(1).describe('Turns over the first context below which angles are divided.'),
        highTurns: z.number().gt(0).default(4).describe('Turns above which angles stay as they are.'),
        firstContextLength: size(z).describe('Context length of the first training.'),
      })
      .refine(({ lowTurns, highTurns }) => lowTurns < highTurns, {
        path: ['highTurns'],
        message: 'Expected more than lowTurns',
      }),
  ]);

/** How a Gpt knows where a token stands. */
const positions = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('rotary'),
      base: z.number().gt(1).default(10_000).describe('Longest wavelength of the rotation, over 2π.'),
      scaling: scaling(z).exactOptional().describe('Slows the rotation down for a longer context; default: as it is.'),
    }),
    z.strictObject({ type: z.literal('learned') }),
    z.strictObject({
      type: z.literal('sinusoidal'),
      base: z.number().gt(1).default(10_000).describe('Longest wavelength, over 2π.'),
    }),
  ]);

/** How scores become a mixture of values. */
const attention = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('softmax') }),
    z.strictObject({
      type: z.literal('softCapped'),
      cap: z.number().gt(0).default(50).describe('Scores stay within ± this: cap · tanh(score / cap).'),
    }),
    z.strictObject({
      type: z.literal('slidingWindow'),
      window: size(z).describe('Tokens that a token sees, itself included.'),
    }),
    z.strictObject({
      type: z.literal('differential'),
      eps: z.number().gt(0).default(1e-5).describe("Added to the mean square of a head's output."),
    }),
  ]);

/** What is done to queries and keys before they meet. */
const queryKeyNorm = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('rms'),
      eps: z.number().gt(0).default(1e-6).describe('Added to the mean square.'),
    }),
  ]);

/** The normalisation before each block and at the end. */
const norm = (z: Zod) =>
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
const mlp = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('swiglu'),
      hiddenWidth: size(z).optional().describe('Default 8/3 width, rounded up to 8.'),
    }),
    z.strictObject({
      type: z.literal('gelu'),
      hiddenWidth: size(z).optional().describe('Default 4 width.'),
      approximate: z.enum(['none', 'tanh']).optional().describe('The exact GELU, or by a hyperbolic tangent.'),
    }),
    z.strictObject({ type: z.literal('relu2'), hiddenWidth: size(z).optional().describe('Default 4 width.') }),
  ]);

/** Dropout by place, or one number for all. */
const dropout = (z: Zod) =>
  z.union([
    chance(z),
    z.strictObject({
      embedding: chance(z).default(0).describe('After token vectors and positions are added.'),
      attention: chance(z).default(0).describe('Of the attention weights.'),
      residual: chance(z).default(0).describe('Of what a branch adds to the residual stream.'),
    }),
  ]);

/** What blocks see of the start besides the residual stream. */
const residual = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('plain') }),
    z.strictObject({ type: z.literal('input') }),
    z.strictObject({ type: z.literal('value') }),
    z.strictObject({ type: z.literal('inputAndValue') }),
  ]);

/** The configuration of a {@link Gpt}: types, defaults and their description in one place. */
export const gptConfigSchema = deferSchema((z) =>
  z
    .strictObject({
      vocabSize: size(z).describe('Token ids run from 0 to vocabSize − 1.'),
      contextLength: size(z).max(MOST_CONTEXT).default(256).describe('The most tokens the model can see at once.'),
      width: size(z).default(128).describe('Width of the residual stream.'),
      layers: size(z).default(4).describe('Number of blocks.'),
      heads: size(z).default(4).describe('Query heads; they divide the width.'),
      kvHeads: size(z).optional().describe('Key and value heads; they divide the heads. Default: as many as heads.'),
      positions: positions(z).default({ type: 'rotary', base: 10_000 }).describe('How positions are known.'),
      attention: attention(z).default({ type: 'softmax' }).describe('How scores become a mixture of values.'),
      queryKeyNorm: queryKeyNorm(z)
        .default({ type: 'rms', eps: 1e-6 })
        .describe('Normalisation of queries and keys by head.'),
      norm: norm(z).default({ type: 'rms', eps: 1e-6 }).describe('Normalisation before each block and at the end.'),
      mlp: mlp(z).default({ type: 'swiglu' }).describe('Feed-forward block.'),
      residual: residual(z)
        .default({ type: 'plain' })
        .describe("Learned shares of the first block's input, of its values, or of both in every later block."),
      tied: z.boolean().default(true).describe('The output shares the table of the input.'),
      bias: z.boolean().default(false).describe('Bias vectors in linear maps and layer norms.'),
      logitCap: z.number().gt(0).optional().describe('Logits stay within ± this: cap · tanh(logit / cap).'),
      dropout: dropout(z).default(0).describe('Dropout of embeddings, attention weights and branches.'),
      stochasticDepth: chance(z)
        .default(0)
        .describe("Chance that a sequence skips the last block's branches; earlier blocks have less, in line."),
      initialDeviation: z.number().gt(0).default(0.02).describe('Standard deviation of the first weights.'),
      initialOutput: z
        .enum(['scaled', 'zero'])
        .default('scaled')
        .describe('Maps back to the residual stream start smaller by √(2 layers), or at zero.'),
    })
    .superRefine((config, context) => {
      const { width, heads, kvHeads = heads, positions, attention } = config;
      const report = (path: string, message: string, input: number) =>
        void context.addIssue({ code: 'custom', path: [path], message, input });
      if (width % heads !== 0) report('heads', `Expected a divisor of width (${width})`, heads);
      if (heads % kvHeads !== 0) report('kvHeads', `Expected a divisor of heads (${heads})`, kvHeads);
      const halved = attention.type === 'differential';
      const scoreWidth = halved ? width / heads / 2 : width / heads;
      if (halved && !Number.isInteger(scoreWidth)) {
        report('heads', 'Differential attention needs an even width / heads', heads);
      }
      if (positions.type === 'rotary' && scoreWidth % 2 !== 0) {
        report('heads', `Rotary positions need an even width / heads${halved ? ' / 2' : ''}`, heads);
      }
      if (positions.type === 'sinusoidal' && width % 2 !== 0) {
        report('width', 'Sinusoidal positions need an even width', width);
      }
    }),
);

/** A complete configuration of a {@link Gpt}. */
export type GptConfig = z.output<typeof gptConfigSchema>;

/** What the constructor of {@link Gpt} takes; only `vocabSize` has no default. */
export type GptOptions = z.input<typeof gptConfigSchema>;
