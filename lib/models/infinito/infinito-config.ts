import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { dropoutSchema, positionsSchema } from '../gpt/gpt-config.js';
import type { GptConfig } from '../gpt/gpt-config.js';
import { memorySchema } from './memory/memory-config.js';
import { noiseSchema } from './noise-config.js';
import { MAX_LAYERS, MAX_WIDTH } from '../interface/limits.js';

const sizeSchema = (z: Zod) => z.int().min(1);
/** Masks are computed for as many. */
const MAX_SEGMENT_LENGTH = 2 ** 16;

/** The configuration of an {@link Infinito}: types, defaults and their description in one place. */
export const infinitoConfigSchema = deferSchema((z) =>
  z
    .strictObject({
      vocabSize: sizeSchema(z).describe('Token ids run from 0 to vocabSize − 1.'),
      segmentLength: sizeSchema(z)
        .max(MAX_SEGMENT_LENGTH)
        .default(256)
        .describe('Tokens of a segment, counted from the start of a stream; attention does not reach beyond its own.'),
      width: sizeSchema(z).max(MAX_WIDTH).default(256).describe('Width of the residual stream.'),
      layers: sizeSchema(z).max(MAX_LAYERS).default(2).describe('Number of blocks.'),
      heads: sizeSchema(z).default(4).describe('Attention heads; they divide the width.'),
      hiddenWidth: sizeSchema(z).optional().describe('Width inside the feed-forward blocks. Default: 4 width.'),
      positions: positionsSchema(z)
        .default({ type: 'rotary', base: 10_000 })
        .describe('Positions of tokens in their segment.'),
      tied: z.boolean().default(true).describe('The output shares the table of the input.'),
      dropout: dropoutSchema(z).default(0).describe('Dropout of embeddings, attention weights and branches.'),
      initStd: z.number().gt(0).default(0.02).describe('Standard deviation of the initial weights.'),
      memory: memorySchema(z)
        .default({
          ...{ type: 'slots', slots: 256, chunkLength: 64, topK: 5 },
          ...{ priority: { type: 'phi', weights: 'learned', share: 0.8 }, gate: { type: 'dynamic', bias: -5 } },
          ...{ writeMode: 'straightThrough', writeTemperature: 0.1, threshold: 0.5, decayChunks: 1000 },
          ...{ objective: { type: 'none' }, trackAccess: false },
        })
        .describe('What is remembered of the segments before the open one.'),
      memoryBptt: z
        .int()
        .min(0)
        .max(4)
        .default(1)
        .describe('Segments of a pass whose entries pass gradients on to where they were written.'),
      noise: noiseSchema(z).default({ type: 'none' }).describe('Noise after each block, in training alone.'),
    })
    .superRefine(({ width, heads, positions, layers, segmentLength, memory }, context) => {
      const complain = (path: (string | number)[], message: string, input: unknown) =>
        void context.addIssue({ code: 'custom', path, message, input });
      const report = (message: string) => complain(['heads'], message, heads);
      if (memory.type === 'slots') {
        const { chunkLength, layer = 1 } = memory;
        if (segmentLength % chunkLength !== 0)
          complain(['memory', 'chunkLength'], `Expected a divisor of segmentLength (${segmentLength})`, chunkLength);
        if (memory.objective.type !== 'none' && memory.priority.type !== 'phi')
          complain(['memory', 'objective'], 'Only priority by phi has one', memory.objective);
        if (layer > layers) complain(['memory', 'layer'], `Expected at most layers (${layers})`, layer);
      }
      if (width % heads !== 0) report(`Expected a divisor of width (${width})`);
      else if (positions.type === 'rotary' && (width / heads) % 2 !== 0)
        report('Rotary positions need an even width / heads');
      else if (positions.type === 'sinusoidal' && width % 2 !== 0) report('Sinusoidal positions need an even width');
    }),
);

/** A complete configuration of an {@link Infinito}. */
export type InfinitoConfig = z.output<typeof infinitoConfigSchema>;

/** The options of {@link Infinito}; only `vocabSize` has no default. */
export type InfinitoOptions = z.input<typeof infinitoConfigSchema>;

/**
 * The Gpt whose blocks are those of the backbone.
 * @param config - of the Infinito
 * @returns its configuration, whose context is a segment
 */
export function createBackboneConfig(config: InfinitoConfig): GptConfig {
  const { vocabSize, segmentLength: contextLength, width, layers, heads, tied, dropout, initStd } = config;
  return {
    ...{ vocabSize, contextLength, width, layers, heads, tied, dropout, initStd },
    positions: config.positions,
    attention: { type: 'softmax' },
    queryKeyNorm: { type: 'none' },
    norm: { type: 'layer', eps: 1e-5 },
    mlp: { type: 'gelu', hiddenWidth: config.hiddenWidth },
    valueResidual: { input: false, value: false },
    bias: true,
    stochasticDepth: 0,
    initOutput: 'scaled',
  };
}
