import type { z } from 'zod';
import { deferSchema, omitType, parseConfig } from '../core/index.js';
import type { Zod } from '../core/index.js';
import type { Module } from '../nn/index.js';
import { AdamW } from './adamw.js';
import { Muon, muonPrecisions, muonScales } from './muon.js';
import type { Optimizer } from './interface/optimizer.js';
import type { ParameterGroup } from './interface/parameter-group.js';
import { createDecayGroups, createMuonGroups } from './parameter-groups.js';
import { divideGroups, parameterGroupConfigSchema } from './parameter-group-config.js';
import type { ParameterGroupConfig } from './parameter-group-config.js';
import { ScheduleFreeAdamW } from './schedule-free.js';
import { SGD } from './sgd.js';

const learningRateSchema = (z: Zod, value: number) =>
  z.number().min(0).default(value).describe('The highest learning rate; a schedule lowers it.');
const weightDecaySchema = (z: Zod, value: number) =>
  z.number().min(0).default(value).describe('Decay of matrices and tables; vectors have none.');
const epsSchema = (z: Zod) => z.number().min(0).default(1e-8).describe('Added to the root of the second moment.');
const fractionSchema = (z: Zod) => z.number().min(0).lt(1);
const betasSchema = (z: Zod, second = 0.999) =>
  z
    .tuple([fractionSchema(z), fractionSchema(z)])
    .default([0.9, second])
    .describe('Decay of the two moments.');

const muonSchema = (z: Zod) =>
  z.strictObject({
    type: z.literal('muon').describe('Orthogonal updates of hidden matrices, AdamW for all else.'),
    learningRate: learningRateSchema(z, 5e-3),
    weightDecay: weightDecaySchema(z, 0.1),
    momentum: fractionSchema(z).default(0.95).describe('Decay of the momentum.'),
    nesterov: z.boolean().default(true).describe('Looks ahead along the momentum.'),
    iterations: z.int().min(1).default(5).describe('Newton–Schulz iterations.'),
    scale: z.enum(muonScales).default('adamw').describe("Updates as large as AdamW's, or as first published."),
    precision: z
      .enum(muonPrecisions)
      .optional()
      .describe('Default: bfloat16 where the device multiplies it faster, else float32.'),
    adamwScale: z.number().gt(0).default(1).describe('Factor on the learning rate of what AdamW updates.'),
    betas: betasSchema(z),
    eps: epsSchema(z),
  });

/** The configuration of an optimizer, by `type`. */
export const optimizerConfigSchema = deferSchema((z) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('adamw').describe('Adam with decoupled weight decay.'),
      learningRate: learningRateSchema(z, 1e-3),
      weightDecay: weightDecaySchema(z, 0.1),
      betas: betasSchema(z, 0.95),
      eps: epsSchema(z),
    }),
    z.strictObject({
      type: z.literal('sgd').describe('Stochastic gradient descent.'),
      learningRate: learningRateSchema(z, 0.1),
      weightDecay: weightDecaySchema(z, 0),
      momentum: fractionSchema(z).default(0.9).describe('Decay of the momentum.'),
      nesterov: z.boolean().default(false).describe('Looks ahead along the momentum.'),
    }),
    muonSchema(z),
    z.strictObject({
      type: z.literal('schedule-free').describe('AdamW on an average, which needs no falling learning rate.'),
      learningRate: learningRateSchema(z, 2.5e-3),
      weightDecay: weightDecaySchema(z, 0),
      betas: betasSchema(z),
      eps: epsSchema(z),
    }),
  ]),
);

/** A complete configuration of an optimizer. */
export type OptimizerConfig = z.output<typeof optimizerConfigSchema>;

/** The options of {@link buildOptimizer}; only `type` has no default. */
export type OptimizerConfigOptions = z.input<typeof optimizerConfigSchema>;

/** The settings of a configuration without its tag. */
type Settings<Type extends OptimizerConfig['type']> = Omit<Extract<OptimizerConfig, { type: Type }>, 'type'>;

/**
 * Builds an optimizer of a model's trainable parameters; vectors (biases, norms) have no weight decay.
 * @param config - by `type`, which alone has no default
 * @param model - its frozen parameters are left out
 * @param parameterGroups - other learning rates or weight decays for parameters by their names (default: none)
 * @returns the optimizer, which owns its state; dispose of it
 * @throws ConfigError when the configuration does not fit its schema, or a pattern names no trainable parameter
 * @example
 * const rates = [{ match: ['embedding', 'blocks.0'], learningRateScale: 0.1 }];
 * const optimizer = buildOptimizer({ type: 'muon', learningRate: 2e-3 }, model, rates);
 */
export function buildOptimizer(
  config: OptimizerConfigOptions,
  model: Module,
  parameterGroups: readonly ParameterGroupConfig[] = [],
): Optimizer {
  const settings = parseConfig('buildOptimizer', optimizerConfigSchema, config);
  const entries = parameterGroups.map((entry, i) =>
    parseConfig('buildOptimizer', parameterGroupConfigSchema, entry, `parameterGroups[${i}]`),
  );
  const groups = divideGroups(createGroups(settings, model), entries, 'buildOptimizer');
  switch (settings.type) {
    case 'adamw':
      return new AdamW(groups, omitType(settings));
    case 'sgd':
      return new SGD(groups, omitType(settings));
    case 'muon':
      return buildMuon(groups, omitType(settings));
    case 'schedule-free':
      return new ScheduleFreeAdamW(groups, omitType(settings));
  }
}

function createGroups(settings: OptimizerConfig, model: Module): ParameterGroup[] {
  const { type, weightDecay } = settings;
  if (type === 'muon') return createMuonGroups(model, { adamwScale: settings.adamwScale, weightDecay });
  return createDecayGroups(model.namedParameters(), weightDecay);
}

function buildMuon(groups: ParameterGroup[], { adamwScale: _, ...options }: Settings<'muon'>): Muon {
  return new Muon(groups, options);
}
