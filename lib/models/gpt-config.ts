import type { z } from 'zod';
import { deferredSchema } from '../core/index.js';
import type { Zod } from '../core/index.js';

const size = (z: Zod) => z.int().min(1);

/** How a Gpt knows where a token stands. */
const positions = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('rotary'),
      base: z.number().gt(1).default(10_000).describe('Longest wavelength of the rotation, over 2π.'),
    }),
    z.strictObject({ type: z.literal('learned') }),
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
    z.strictObject({ type: z.literal('gelu'), hiddenWidth: size(z).optional().describe('Default 4 width.') }),
    z.strictObject({ type: z.literal('relu2'), hiddenWidth: size(z).optional().describe('Default 4 width.') }),
  ]);

/** The configuration of a {@link Gpt}: types, defaults and their description in one place. */
export const gptConfigSchema = deferredSchema((z) =>
  z
    .strictObject({
      vocabSize: size(z).describe('Token ids run from 0 to vocabSize − 1.'),
      contextLength: size(z).default(256).describe('The most tokens the model can see at once.'),
      width: size(z).default(128).describe('Width of the residual stream.'),
      layers: size(z).default(4).describe('Number of blocks.'),
      heads: size(z).default(4).describe('Query heads; they divide the width.'),
      kvHeads: size(z).optional().describe('Key and value heads; they divide the heads. Default: as many as heads.'),
      positions: positions(z).default({ type: 'rotary', base: 10_000 }).describe('How positions are known.'),
      norm: norm(z).default({ type: 'rms', eps: 1e-6 }).describe('Normalisation before each block and at the end.'),
      mlp: mlp(z).default({ type: 'swiglu' }).describe('Feed-forward block.'),
      tied: z.boolean().default(true).describe('The output shares the table of the input.'),
      bias: z.boolean().default(false).describe('Bias vectors in linear maps and layer norms.'),
      dropout: z
        .number()
        .min(0)
        .lt(1)
        .default(0)
        .describe('Dropout of embeddings, attention weights and block outputs.'),
      initialDeviation: z.number().gt(0).default(0.02).describe('Standard deviation of the first weights.'),
    })
    .superRefine((config, context) => {
      const { width, heads, kvHeads = heads } = config;
      const expectMultiple = (key: string, value: number, of: string, divisor: number) => {
        if (value % divisor === 0) return;
        context.addIssue({ code: 'custom', path: [key], message: `Expected a divisor of ${of}`, input: divisor });
      };
      expectMultiple('heads', width, `width (${width})`, heads);
      expectMultiple('kvHeads', heads, `heads (${heads})`, kvHeads);
      if (config.positions.type === 'rotary' && (width / heads) % 2 !== 0) {
        context.addIssue({
          code: 'custom',
          path: ['heads'],
          message: 'Rotary positions need an even width / heads',
          input: heads,
        });
      }
    }),
);

/** A complete configuration of a {@link Gpt}. */
export type GptConfig = z.output<typeof gptConfigSchema>;

/** What the constructor of {@link Gpt} takes; only `vocabSize` has no default. */
export type GptOptions = z.input<typeof gptConfigSchema>;
