import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { optimizerConfigSchema, parameterGroupConfigSchema, scheduleConfigSchema } from '../../optim/index.js';
import type { ScheduleConfig } from '../../optim/index.js';

const createCount = (z: Zod) => z.int().min(1);

const createLimits = (z: Zod) => ({
  steps: createCount(z).optional().describe('Updates of the weights.'),
  epochs: z.number().gt(0).optional().describe('Passes over the training data.'),
  tokens: createCount(z).optional().describe('Targets to train on, repeated ones counted again.'),
  minutes: z.number().gt(0).optional().describe('Time spent in steps and evaluations.'),
  expectedSteps: createCount(z)
    .optional()
    .describe(
      'Updates that `minutes` are expected to allow, by which recipe and schedule go; no bound. Default: 10,000.',
    ),
});

const createKeep = (z: Zod) =>
  z.strictObject({
    last: createCount(z).default(2).describe('The newest checkpoints that stay.'),
    best: z.int().min(0).default(1).describe('The checkpoints with the best evaluation that stay as well.'),
  });

const createGoal = (z: Zod) => z.enum(['lowest', 'highest']);

const createBest = (z: Zod) => ({
  bestMetric: z
    .string()
    .optional()
    .describe('What the best model is the best by: a figure of evaluations. Default: that of early stopping.'),
  bestGoal: createGoal(z).optional().describe('Whether the best is the lowest or the highest. Default: lowest.'),
  restoreBest: z
    .boolean()
    .optional()
    .describe('Leaves the best weights in the model when the run ends. Default: where there is validation data.'),
});

const createEarlyStopping = (z: Zod) =>
  z.strictObject({
    metric: z
      .string()
      .optional()
      .describe("loss, perplexity, or one of the trainer's own metrics. Default: `bestMetric`."),
    goal: createGoal(z).optional().describe('Whether it is to fall or to rise. Default: as the best metric.'),
    patience: createCount(z).default(3).describe('Evaluations without progress that end the run.'),
    minimumDelta: z.number().min(0).default(0).describe('The smallest change that counts as progress.'),
  });

const createHistograms = (z: Zod) =>
  z.strictObject({
    every: createCount(z).optional().describe('Updates between two of them. Default: as the evaluations.'),
  });

const createGradientNoise = (z: Zod) =>
  z.strictObject({
    variance: z.number().min(0).default(0.01).describe('Variance at the first step, η.'),
    decay: z.number().min(0).default(0.55).describe('The variance at step t is η / (1 + t)^decay.'),
  });

/** What holds for some of the parameters. */
const createParts = (z: Zod) => ({
  freeze: z
    .array(z.string().min(1))
    .optional()
    .describe('Parameters that are not trained, by names of them or of modules; * stands for any text.'),
  parameterGroups: z
    .array(parameterGroupConfigSchema)
    .optional()
    .describe('Other learning rates or weight decays, as {match: "blocks.*Norm", learningRateScale: 0.1}.'),
});

/** The configuration of a {@link Trainer}: types, defaults and their description in one place. */
export const trainerConfigSchema = deferSchema((z) =>
  z.strictObject({
    ...createLimits(z),
    batchSize: createCount(z).default(32).describe('Rows of one update.'),
    accumulation: createCount(z).default(1).describe('Micro-batches that a batch is cut into where memory is short.'),
    order: z
      .enum(['shuffled', 'random', 'sequential'])
      .default('shuffled')
      .describe('The order of the training examples.'),
    seed: z.int().default(0).describe('Draws the order of the examples, dropout and noise.'),
    optimizer: optimizerConfigSchema
      .optional()
      .describe('How weights are updated. Default: muon, its weight decay by the number of epochs.'),
    ...createParts(z),
    schedule: scheduleConfigSchema
      .optional()
      .describe('The course of the learning rate. Default: a rise over 5 % of the steps, then a cosine to a tenth.'),
    maxGradNorm: z.number().gt(0).nullable().default(1).describe('The most that the norm of all gradients may be.'),
    labelSmoothing: z.number().min(0).lt(1).default(0).describe('ε of the training loss; evaluations go without it.'),
    zLoss: z.number().min(0).default(0).describe('Factor of the squared log-partition in the training loss.'),
    precision: z
      .enum(['float32', 'bfloat16', 'float16'])
      .default('float32')
      .describe('The dtype of matrix products; weights, losses and norms stay in float32.'),
    checkpointing: z
      .boolean()
      .default(false)
      .describe('Holds the inside of one block, or chunk of time, at a time: less memory, about a quarter more time.'),
    mode: z.enum(['program', 'eager']).default('program').describe('Steps are replayed natively, or run one by one.'),
    deterministic: z
      .boolean()
      .default(false)
      .describe('Refuses operators, devices and resumes that would not give the same bits; a quarter more time.'),
    evaluateEvery: createCount(z)
      .optional()
      .describe('Updates between two evaluations. Default: ten evaluations in a run, by time where that is bounded.'),
    evaluateAt: z
      .array(createCount(z))
      .optional()
      .describe('Updates after which an evaluation is made as well, whatever evaluateEvery says.'),
    checkpointEvery: createCount(z)
      .optional()
      .describe('Updates between two checkpoints. Default: as the evaluations.'),
    keep: createKeep(z).prefault({}).describe('The numbers of checkpoints that stay.'),
    ema: z
      .strictObject({ decay: z.number().gt(0).lt(1).default(0.999).describe('Weight of the average before.') })
      .optional()
      .describe('Evaluates and publishes a running average of the weights.'),
    ...createBest(z),
    earlyStopping: createEarlyStopping(z).optional().describe('Ends the run when evaluations stop improving.'),
    histograms: createHistograms(z)
      .optional()
      .describe('Counts the values of weights and gradients, for TensorBoard and metrics.jsonl.'),
    gradientNoise: createGradientNoise(z).optional().describe('Adds normal noise to the gradients.'),
  }),
);

/** A complete configuration of a {@link Trainer}, as plain data. */
export type TrainerConfig = z.output<typeof trainerConfigSchema>;

/** A configuration with the defaults that depend on model and data. */
export interface ResolvedConfig extends TrainerConfig {
  /** Undefined where it is a function. */
  schedule: ScheduleConfig | undefined;
  /** Undefined where time is bounded: at each tenth of the run. */
  evaluateEvery: number | undefined;
  checkpointEvery: number | undefined;
  restoreBest: boolean;
}

/** The settings of a {@link Trainer}, of which all but the limit have defaults. */
export type TrainerConfigOptions = z.input<typeof trainerConfigSchema>;
