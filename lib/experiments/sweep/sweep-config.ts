import type { z } from 'zod';
import { deferSchema, parseConfig, raise } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { parameterSchema } from './space.js';

const createCount = (z: Zod) => z.int().min(1);

/** Words for the direction that mean the same as those of the trainer. */
const goals = { minimize: 'lowest', maximize: 'highest', lowest: 'lowest', highest: 'highest' } as const;

const createMetric = (z: Zod) =>
  z.strictObject({
    name: z
      .string()
      .regex(/^validation\/./, 'expected a figure of the validation data, as validation/loss')
      .default('validation/loss')
      .describe('A figure of evaluations: validation/loss, validation/perplexity or a metric of the model.'),
    goal: z
      .enum(Object.keys(goals) as (keyof typeof goals)[])
      .default('minimize')
      .transform((goal) => goals[goal])
      .describe('minimize or maximize.'),
  });

const createBudget = (z: Zod) =>
  z.strictObject({
    tokens: createCount(z).describe('Training tokens of all trials together.'),
    trials: createCount(z).exactOptional().describe('Points of a random search, or of the first rung.'),
  });

const createHalving = (z: Zod) =>
  z.strictObject({
    factor: z
      .int()
      .min(2)
      .default(3)
      .describe('One point in so many goes on to the next rung, which is so much longer.'),
    rungs: createCount(z).default(3),
    minTokens: createCount(z).exactOptional().describe('Tokens of the first rung. Default: what the budget allows.'),
  });

const createSeeds = (z: Zod) =>
  z
    .array(z.int().min(0))
    .min(1)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'expected different seeds');

/** The content of a `sweep.yaml`. */
export const sweepConfigSchema = deferSchema((z) =>
  z.strictObject({
    name: z.string().min(1).default('sweep'),
    method: z.enum(['grid', 'random', 'halving']).describe('How the points are chosen.'),
    base: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .describe('A configuration of `palabra train`: its file, or the settings themselves.'),
    data: z.array(z.string().min(1)).min(1).describe('Text files or patterns, or one prepared folder.'),
    metric: createMetric(z).prefault({}),
    parameters: z
      .record(z.string(), parameterSchema)
      .refine((parameters) => Object.keys(parameters).length > 0, 'expected at least one parameter')
      .describe('What is searched, by paths as trainer.optimizer.learningRate.'),
    seed: z.int().min(0).default(0).describe('Draws the points.'),
    budget: createBudget(z),
    halving: createHalving(z).exactOptional(),
    seeds: createSeeds(z).default([0]).describe('Each point is trained with each of these seeds.'),
    confirm: z
      .strictObject({
        top: createCount(z).default(1).describe('How many of the best points are trained again.'),
        seeds: createCount(z).default(5).describe('Fresh seeds of each of them.'),
      })
      .exactOptional()
      .describe('Trains the best anew, and measures them once on the test data.'),
  }),
);

/** A sweep, its defaults filled in. */
export type SweepConfig = z.output<typeof sweepConfigSchema>;

/**
 * Checks the content of a `sweep.yaml`.
 * @param value - plain data
 * @returns it with its defaults
 * @throws ConfigError naming everything that does not fit
 */
export function parseSweep(value: unknown): SweepConfig {
  const config = parseConfig('sweep', sweepConfigSchema, value);
  const continuous = Object.entries(config.parameters).find(([, parameter]) => !('values' in parameter));
  const problems = [
    ...(config.method === 'grid' && continuous ? [`a grid takes values, and ${continuous[0]} has a distribution`] : []),
    ...(config.method !== 'halving' && config.halving
      ? [`halving belongs to method halving, not ${config.method}`]
      : []),
    ...(config.method === 'random' && config.budget.trials === undefined ? ['budget.trials is missing'] : []),
  ];
  return problems.length === 0 ? config : refuse(problems);
}

function refuse(problems: readonly string[]): never {
  raise('PAL_CONFIG', {
    where: 'sweep',
    expected: 'settings that go together',
    received: problems.join('; '),
    details: { problems },
  });
}
