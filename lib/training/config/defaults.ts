import type { OptimizerConfigOptions, ScheduleConfigOptions } from '../../optim/index.js';
import type { TrainerConfigOptions } from './trainer-config.js';

/** Settings that suit the number of times each token is seen. */
export interface TrainingDefaults {
  /** `single-epoch` where every token is new, `multi-epoch` where they come again. */
  name: 'single-epoch' | 'multi-epoch';
  /** The dropout to build the model with; of a Gpt, that of token vectors and branches. */
  dropout: number;
  /** Decay of matrices and tables. */
  weightDecay: number;
}

/** Passes over the data up to which repeated tokens are worth nearly as much as new ones. */
const REPEATED = 4;

/**
 * The settings for a run by its epochs, tokens trained over tokens at hand: above four passes a model begins to
 * memorize its text, which dropout and a strong decay hold off.
 *
 * @param epochs - above 0
 * @returns dropout 0 and weight decay 0.1 up to four epochs, else 0.2 and 0.3
 * @see Muennighoff et al. 2023, https://arxiv.org/abs/2305.16264, for the value of repeated tokens
 */
export function chooseDefaults(epochs: number): TrainingDefaults {
  if (epochs <= REPEATED) return { name: 'single-epoch', dropout: 0, weightDecay: 0.1 };
  return { name: 'multi-epoch', dropout: 0.2, weightDecay: 0.3 };
}

/**
 * The optimizer of a run that names none: Muon, with which decoders and LSTMs alike learn in the fewest steps.
 * @param epochs - above 0; decides on the weight decay
 * @returns the configuration of the optimizer
 */
export function createDefaultOptimizer(epochs: number): OptimizerConfigOptions {
  return { type: 'muon', weightDecay: chooseDefaults(epochs).weightDecay };
}

/**
 * The schedule of a run that names none: a rise over 5 % of the steps, then half a cosine to a tenth; with an optimizer
 * that keeps an average of its own, no fall.
 * @param steps - of the run, a positive integer
 * @param optimizer - the highest learning rate, and whether the optimizer keeps an average of its own
 * @returns the configuration of the schedule
 */
export function createDefaultSchedule(
  steps: number,
  { learningRate, averages }: { learningRate: number; averages: boolean },
): ScheduleConfigOptions {
  const warmup = Math.floor(steps / 20);
  if (averages) return { type: 'constant', warmup };
  return { type: 'cosine', warmup, minimum: learningRate / 10 };
}

/**
 * Settings of a {@link Trainer} by the kind of text generator; `lstm` is that of the guided workflow: ten epochs of
 * Adam that slow down on a plateau and end when three evaluations bring nothing.
 */
export const trainerPresets = {
  lstm: {
    epochs: 10,
    batchSize: 32,
    optimizer: { type: 'adamw', learningRate: 1e-3, weightDecay: 0, betas: [0.9, 0.999] },
    schedule: { type: 'plateau', factor: 0.5, patience: 1, minimum: 1e-6 },
    earlyStopping: { metric: 'perplexity', patience: 3 },
    labelSmoothing: 0.1,
    maxGradNorm: 1,
  },
} as const satisfies Record<string, TrainerConfigOptions>;
