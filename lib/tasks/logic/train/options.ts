import type { z } from 'zod';
import { checkOptions, deferSchema, parseConfig, raise } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { logicModes } from '../sequence/encode-record.js';
import { parseCurriculum } from '../data/lay-out-passes.js';
import type { LogicStage } from '../data/lay-out-passes.js';
import { logicRecipes } from './recipes.js';
import type { LogicRecipe } from './recipes.js';

/** The settings of a training that are plain data; what is not given is the recipe's. */
export const trainLogicConfigSchema = deferSchema((z) => {
  const count = () => z.int().min(1);
  const share = () => z.number().min(0).max(1);
  return z.strictObject({
    recipe: z.enum(['xs', 'small', 'full']).exactOptional().describe('The budget. Default: small.'),
    mode: z.enum(logicModes).exactOptional().describe('The sections that are written.'),
    vocabSize: z.int().min(280).exactOptional().describe('Tokens of the tokenizer.'),
    records: count().exactOptional().describe('Sentences that are drawn to train on, where no files are given.'),
    held: count().exactOptional().describe('The most sentences of each kind that are held out and measured.'),
    validation: z.number().gt(0).lt(1).exactOptional().describe('The share of files that is held out.'),
    noise: share().exactOptional().describe('The share of drawn sentences with a flaw of typing.'),
    epochs: count().exactOptional().describe('Passes over the sentences.'),
    steps: count().exactOptional().describe('Updates after which it ends (default: those of all passes).'),
    curriculum: z.string().exactOptional().describe('Levels by pass, as 0:0,5:1,15:2 (default: all from the start).'),
    harder: share().exactOptional().describe('The chance of a harder sentence to come before its stage.'),
    batchSize: count().exactOptional().describe('Rows of an update.'),
    accumulation: count().exactOptional().describe('Micro-batches that an update is cut into.'),
    length: z.int().min(16).exactOptional().describe('Positions of a row; longer sequences are left out.'),
    optimizer: z.enum(['muon', 'adamw', 'schedule-free']).exactOptional().describe('The way weights are updated.'),
    learningRate: z.number().gt(0).exactOptional().describe('The peak of the learning rate.'),
    weightDecay: z.number().min(0).exactOptional().describe('Decay of matrices.'),
    labelSmoothing: z.number().min(0).lt(1).exactOptional().describe('ε of the training loss.'),
    smoothing: z
      .enum(['selective', 'uniform'])
      .exactOptional()
      .describe('Where smoothing acts: on words of reasoning and glosses (default), or on every token.'),
    contrast: z.number().min(0).exactOptional().describe('Weight of the contrast with a wrong formula, as 0.1.'),
    contrastFrom: z.int().min(0).exactOptional().describe('The pass from which on it acts. Default: 5.'),
    heads: z.number().min(0).exactOptional().describe('Weight of each auxiliary head, as 0.05.'),
    phases: z
      .enum(['one', 'distill', 'prune'])
      .exactOptional()
      .describe('One training; reasoning first, then without; or ever shorter outputs. Default: one.'),
    teacher: z
      .number()
      .min(0)
      .exactOptional()
      .describe('Weight of what the first phase of a distillation says, as 0.5.'),
    zLoss: z.number().min(0).exactOptional().describe('Factor of the squared log-partition in the training loss.'),
    maxGradNorm: z.number().gt(0).exactOptional().describe('The most that the norm of all gradients may be.'),
    ema: z.number().gt(0).lt(1).exactOptional().describe('Decay of an average of the weights (default: none).'),
    dropout: z.number().min(0).lt(1).exactOptional().describe('Of embeddings, attention and branches.'),
    stochasticDepth: z.number().min(0).lt(1).exactOptional().describe('The chance that the last block is skipped.'),
    precision: z
      .enum(['float32', 'bfloat16'])
      .exactOptional()
      .describe('The dtype of matrix products. Default: bfloat16 where the processor has it.'),
    seed: z.int().exactOptional().describe('Draws sentences, orders and first weights. Default: 0.'),
  });
});

/** Settings of a training that are plain data. */
export type TrainLogicConfig = z.input<typeof trainLogicConfigSchema>;

/** An update of a training, for displays. */
export interface TrainLogicStep {
  /** Updates made, from 1. */
  step: number;
  /** Updates of the whole training. */
  steps: number;
  /** Nats a token that the model writes, in the batch. */
  loss: number;
  /** Nats a token of held-out sentences, where they were measured. */
  validation: number | undefined;
  /** Tokens trained on so far. */
  tokens: number;
}

/** What a training does. */
export type TrainLogicStage = 'drawing' | 'encoding' | 'training' | 'measuring';

/** What a training works with. */
export interface TrainLogicInputs {
  /** The folder of the run; the model lies in its `model/`. */
  folder: string;
  /** Files of records in JSON Lines (default: sentences are drawn from the grammar). */
  data?: string | readonly string[] | undefined;
  /** Goes on from the newest checkpoint of the folder (default false). */
  resume?: boolean | undefined;
  /** Hears of what begins. */
  onStage?: ((stage: TrainLogicStage, text: string) => void) | undefined;
  /** Hears of each update. */
  onStep?: ((step: TrainLogicStep) => void) | undefined;
  /** Ends the run with an error of code PAL_ABORTED; a checkpoint is saved. */
  signal?: AbortSignal | undefined;
}

/** What {@link trainLogic} works with. */
export interface TrainFormalizerInputs extends TrainLogicInputs {
  /** Files of records in JSON Lines whose sentences are never trained on, in no spelling. */
  avoid?: string | readonly string[] | undefined;
}

/** Options of {@link trainLogic}. */
export interface TrainLogicOptions extends TrainFormalizerInputs, TrainLogicConfig {}

const inputKeys: OptionChecks<TrainFormalizerInputs> = {
  ...{ folder: true, data: true, avoid: true, resume: true, onStage: true, onStep: true, signal: true },
};

const configKeys: OptionChecks<TrainLogicConfig> = {
  ...{ recipe: true, mode: true, vocabSize: true, records: true, held: true, validation: true, noise: true },
  ...{ epochs: true, steps: true, curriculum: true, harder: true, batchSize: true, accumulation: true, length: true },
  ...{ optimizer: true, learningRate: true, weightDecay: true, labelSmoothing: true, zLoss: true, maxGradNorm: true },
  ...{ smoothing: true, contrast: true, contrastFrom: true, heads: true, phases: true, teacher: true },
  ...{ ema: true, dropout: true, stochasticDepth: true, precision: true, seed: true },
};

/** {@link TrainLogicOptions}, the recipe's settings filled in. */
export interface LogicSettings extends TrainFormalizerInputs, LogicRecipe {
  seed: number;
  steps: number | undefined;
  ema: number | undefined;
  precision: 'float32' | 'bfloat16' | undefined;
  curriculum: readonly LogicStage[] | undefined;
}

/**
 * Checks options and fills in what the recipe decides.
 *
 * @param options - as they are given
 * @returns all settings
 * @throws ConfigError for settings that do not fit; ArgumentError for options that are not known
 */
export function resolveLogicSettings(options: TrainLogicOptions): LogicSettings {
  checkOptions('trainLogic', options, { ...inputKeys, ...configKeys });
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const isInput = ([key]: [string, unknown]): boolean => Object.hasOwn(inputKeys, key);
  const plain = Object.fromEntries(given.filter((entry) => !isInput(entry)));
  const { recipe = 'small', curriculum, ...config } = parseConfig('trainLogic', trainLogicConfigSchema, plain);
  const settings: LogicSettings = {
    ...(Object.fromEntries(given.filter(isInput)) as unknown as TrainFormalizerInputs),
    ...logicRecipes[recipe],
    ...{ seed: 0, steps: undefined, ema: undefined, precision: undefined },
    ...config,
    curriculum: curriculum === undefined ? undefined : parseCurriculum(curriculum),
  };
  expectContrast(settings);
  expectTeacher(settings);
  return settings;
}

/** Requires a pass in which a contrast that is asked for acts. */
function expectContrast({ contrast, contrastFrom, epochs }: LogicSettings): void {
  if (contrast === 0 || contrastFrom < epochs) return;
  raise('PAL_CONFIG', {
    where: 'trainLogic',
    expected: `more than ${contrastFrom} passes, as the contrast acts from pass ${contrastFrom} on`,
    received: `epochs: ${epochs}`,
    fix: 'Give more epochs, or a smaller contrastFrom.',
  });
}

/** Requires a phase that a teacher is asked for. */
function expectTeacher({ teacher, phases }: LogicSettings): void {
  if (teacher === 0 || phases === 'distill') return;
  raise('PAL_CONFIG', {
    where: 'trainLogic',
    expected: 'a distillation, as the teacher is its first phase',
    received: `teacher: ${teacher}, phases: ${phases}`,
    fix: "Give phases: 'distill', or no teacher.",
  });
}
