import type { z } from 'zod';
import { deferSchema, omitType, parseConfig } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { constantSchedule } from './constant.js';
import { cosineSchedule } from './cosine.js';
import { linearSchedule } from './linear.js';
import { PlateauSchedule } from './plateau.js';
import { restartSchedule } from './restarts.js';
import type { LearningRateSchedule, Schedule } from './schedule.js';
import { decayShapes, warmupStableDecaySchedule } from './warmup-stable-decay.js';

const warmupSchema = (z: Zod) => z.int().min(0).default(0).describe('Steps of linear rise at the start.');
const minimumSchema = (z: Zod) => z.number().min(0).default(0).describe('The learning rate at the end of the fall.');

const plateauSchema = (z: Zod) =>
  z.strictObject({
    type: z.literal('plateau').describe('Falls by a factor when evaluations stop improving.'),
    warmup: warmupSchema(z),
    factor: z.number().gt(0).lt(1).default(0.5).describe('What the rate is multiplied by.'),
    patience: z.int().min(0).default(1).describe('Evaluations without progress that are let pass.'),
    minimum: z.number().min(0).default(1e-6).describe('The rate never falls below.'),
    threshold: z.number().min(0).lt(1).default(1e-4).describe('The smallest relative progress that counts.'),
  });

/** The configuration of a learning-rate schedule, by `type`. */
export const scheduleConfigSchema = deferSchema((z) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('constant').describe('Stays.'), warmup: warmupSchema(z) }),
    z.strictObject({
      type: z.literal('linear').describe('Falls linearly to the last step.'),
      warmup: warmupSchema(z),
      minimum: minimumSchema(z),
    }),
    z.strictObject({
      type: z.literal('cosine').describe('Falls along half a cosine to the last step.'),
      warmup: warmupSchema(z),
      minimum: minimumSchema(z),
    }),
    z.strictObject({
      type: z.literal('wsd').describe('Stays, then falls over the last steps.'),
      warmup: warmupSchema(z),
      minimum: minimumSchema(z),
      decayShare: z.number().gt(0).max(1).default(0.2).describe('The last share of all steps, in which it falls.'),
      shape: z.enum(decayShapes).default('linear').describe('How it falls: linearly, or as 1 − √progress.'),
    }),
    plateauSchema(z),
    z.strictObject({
      type: z.literal('restarts').describe('Falls along half a cosine again and again.'),
      warmup: warmupSchema(z),
      minimum: minimumSchema(z),
      period: z.int().min(1).describe('Steps of the first cycle.'),
      growth: z.int().min(1).default(1).describe('Each cycle is this many times as long as the one before.'),
    }),
  ]),
);

/** A complete configuration of a schedule. */
export type ScheduleConfig = z.output<typeof scheduleConfigSchema>;

/** The options of {@link buildSchedule}; only `type`, and the period of `restarts`, have no default. */
export type ScheduleConfigOptions = z.input<typeof scheduleConfigSchema>;

/** The length and peak of a run. */
export interface ScheduleRun {
  /** Steps in all. */
  steps: number;
  /** The highest rate. */
  learningRate: number;
}

/**
 * Builds a learning-rate schedule for a run.
 * @throws ConfigError when the configuration does not fit its schema; ArgumentError when it does not fit the run,
 * as a warm-up that is longer
 * @example
 * const schedule = buildSchedule({ type: 'cosine', warmup: 100 }, { steps: 2000, learningRate: 1e-3 });
 * optimizer.learningRate = schedule.rate(step);
 */
export function buildSchedule(config: ScheduleConfigOptions, run: ScheduleRun): LearningRateSchedule {
  const settings = parseConfig('buildSchedule', scheduleConfigSchema, config);
  const { learningRate } = run;
  switch (settings.type) {
    case 'constant':
      return createFixedSchedule(constantSchedule({ ...omitType(settings), learningRate }));
    case 'linear':
      return createFixedSchedule(linearSchedule({ ...omitType(settings), ...run }));
    case 'cosine':
      return createFixedSchedule(cosineSchedule({ ...omitType(settings), ...run }));
    case 'wsd':
      return createFixedSchedule(warmupStableDecaySchedule({ ...omitType(settings), ...run }));
    case 'plateau':
      return new PlateauSchedule({ ...omitType(settings), learningRate });
    case 'restarts':
      return createFixedSchedule(restartSchedule({ ...omitType(settings), learningRate }));
  }
}

/** A pure schedule, which hears no evaluations and remembers nothing. */
function createFixedSchedule(rate: Schedule): LearningRateSchedule {
  return { rate, onEvaluation: () => undefined, save: () => ({}), load: () => undefined };
}
