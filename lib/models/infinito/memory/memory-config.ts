import type { z } from 'zod';
import type { Zod } from '../../../core/index.js';

const sizeSchema = (z: Zod) => z.int().min(1);

const prioritySchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('phi'),
      weights: z
        .enum(['learned', 'fixed'])
        .default('learned')
        .describe('Weights of the components of phi: trained, or 0.3, 0.3, 0.2 and 0.2.'),
      share: z
        .number()
        .min(0)
        .max(1)
        .default(0.8)
        .describe('Share of phi; the rest is what attention a chunk receives.'),
    }),
    z.strictObject({ type: z.literal('recency') }),
    z.strictObject({ type: z.literal('random') }),
  ]);

const gateSchema = (z: Zod) => {
  const bias = z.number().default(-5).describe('Logit of the gate at the start; −5 lets 0.7 % through.');
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('dynamic'), bias }),
    z.strictObject({ type: z.literal('static'), bias }),
  ]);
};

const objectiveSchema = (z: Zod) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('deltaPhi'),
      weight: z.number().gt(0).default(0.05).describe('Factor of ΔPhi in the loss, λ.'),
      margin: z.number().min(0).default(0.05).describe('By how much phi is to rise from token vectors to states.'),
      entropy: z.number().min(0).default(1e-3).describe('Factor of the entropy of the weights of phi, η.'),
    }),
  ]);

const slotsSchema = (z: Zod) =>
  z.strictObject({
    type: z.literal('slots'),
    slots: sizeSchema(z)
      .max(2 ** 16)
      .default(256)
      .describe('Entries that a stream keeps, N.'),
    chunkLength: sizeSchema(z).default(64).describe('Tokens of a chunk, one candidate each; it divides a segment.'),
    topK: sizeSchema(z).default(5).describe('Entries that a position reads beside the empty one.'),
    layer: sizeSchema(z).optional().describe('Blocks before the memory. Default: half of them, rounded up.'),
    priority: prioritySchema(z)
      .default({ type: 'phi', weights: 'learned', share: 0.8 })
      .describe('What decides which chunks are kept.'),
    gate: gateSchema(z)
      .default({ type: 'dynamic', bias: -5 })
      .describe('How much of what is read is added: by position, or one number.'),
    writeMode: z
      .enum(['straightThrough', 'soft', 'hard'])
      .default('straightThrough')
      .describe('Strength of an entry: 0 or 1 with the gradient of the gate, the gate itself, or 0 or 1 alone.'),
    writeTemperature: z.number().gt(0).default(0.1).describe('Width of the write gate in units of priority.'),
    threshold: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.5)
      .describe('Priority from which a chunk is kept, at the start; it is learned.'),
    decayChunks: z
      .number()
      .min(0)
      .default(1000)
      .describe('Chunks until priority has fallen to 1/e; 0: it never falls.'),
    objective: objectiveSchema(z)
      .default({ type: 'none' })
      .describe('What training asks of phi beside the loss; only where priority is phi.'),
    trackAccess: z.boolean().default(false).describe('Counts how often each entry is read.'),
  });

/**
 * The memory of an Infinito: none, or slots.
 * @param z - the builder of schemas
 * @returns variants by type
 */
export const memorySchema = (z: Zod) =>
  z.discriminatedUnion('type', [slotsSchema(z), z.strictObject({ type: z.literal('none') })]);

/** The settings of a memory that keeps slots. */
export type SlotsConfig = z.output<ReturnType<typeof slotsSchema>>;
