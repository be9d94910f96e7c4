import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import type { Zod } from '../../core/index.js';

/** The most that a rank can be: a larger one is a damaged number. */
const MAX_RANK = 1_000_000;

const namesSchema = (z: Zod) => z.array(z.string().min(1)).min(1);
const rankSchema = (z: Zod) => z.int().min(1).max(MAX_RANK);

/** The settings of a LoRA adapter; the names are those of PEFT. */
export const loraConfigSchema = deferSchema((z) =>
  z.strictObject({
    r: rankSchema(z).default(56).describe('Rank of the update, the rows of A.'),
    loraAlpha: z.number().gt(0).optional().describe('α: the update is scaled by α/r (default 2·r).'),
    loraDropout: z.number().min(0).lt(1).default(0.025).describe("Dropout of the adapter's input alone."),
    targetModules: z
      .union([z.literal('all-linear'), namesSchema(z)])
      .default('all-linear')
      .describe('Last parts of the paths to adapt, or all linear maps but the head.'),
    excludeModules: namesSchema(z).optional().describe('Last parts of the paths to leave out.'),
    layersToTransform: z
      .union([z.int().min(0), z.array(z.int().min(0)).min(1)])
      .optional()
      .describe('Indices of the layers to adapt (default: all).'),
    bias: z.enum(['none', 'all', 'loraOnly']).default('none').describe('Bias vectors trained along.'),
    modulesToSave: namesSchema(z).optional().describe('Modules that are trained whole and stored.'),
    useRslora: z.boolean().default(false).describe('Scales by α/√r.'),
    useDora: z.boolean().default(false).describe('Trains the magnitude of each output row apart.'),
    rankPattern: z.record(z.string(), rankSchema(z)).default({}).describe('Ranks of some modules, by name.'),
    alphaPattern: z.record(z.string(), z.number().gt(0)).default({}).describe('α of some modules, by name.'),
    loraPlusRatio: z.number().gt(0).default(1).describe('Factor on the learning rate of B (LoRA+).'),
  }),
);

/** A complete configuration of a LoRA adapter. */
export type LoraConfig = z.output<typeof loraConfigSchema>;

/** The options of {@link addAdapter}; each has a default. */
export type LoraOptions = z.input<typeof loraConfigSchema>;
