import type { z } from 'zod';
import { checkOptions, deferSchema, parseConfig } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { trainLogicConfigSchema } from '../train/options.js';
import type { TrainLogicInputs } from '../train/options.js';

/** The settings of a detective's training that are plain data; those of `trainLogic` mean the same. */
export const trainDetectiveConfigSchema = deferSchema((z) =>
  trainLogicConfigSchema
    .pick({
      ...{ vocabSize: true, records: true, held: true, validation: true, epochs: true, steps: true, batchSize: true },
      ...{ accumulation: true, length: true, optimizer: true, learningRate: true, weightDecay: true, ema: true },
      ...{ labelSmoothing: true, zLoss: true, maxGradNorm: true, dropout: true, stochasticDepth: true },
      ...{ precision: true, seed: true },
    })
    .extend({
      fold: z.int().min(0).max(9).exactOptional().describe('The tenth of the templates that is held out. Default: 0.'),
      layers: z.int().min(1).exactOptional().describe('Blocks of the model. Default: 4.'),
    }),
);

/** Settings of a detective's training that are plain data. */
export type TrainDetectiveConfig = z.input<typeof trainDetectiveConfigSchema>;

/** Options of {@link trainDetective}; `data` are files of texts and fallacies. */
export interface TrainDetectiveOptions extends TrainLogicInputs, TrainDetectiveConfig {}

const inputKeys: OptionChecks<TrainLogicInputs> = {
  ...{ folder: true, data: true, resume: true, onStage: true, onStep: true, signal: true },
};

const configKeys: OptionChecks<TrainDetectiveConfig> = {
  ...{ vocabSize: true, records: true, held: true, validation: true, epochs: true, steps: true, batchSize: true },
  ...{ accumulation: true, length: true, optimizer: true, learningRate: true, weightDecay: true, ema: true },
  ...{ labelSmoothing: true, zLoss: true, maxGradNorm: true, dropout: true, stochasticDepth: true },
  ...{ precision: true, seed: true, fold: true, layers: true },
};

/** {@link TrainDetectiveOptions} with what is left out filled in. */
export type DetectiveSettings = TrainLogicInputs &
  Required<Omit<TrainDetectiveConfig, 'steps' | 'ema' | 'precision'>> & {
    steps: number | undefined;
    ema: number | undefined;
    precision: 'float32' | 'bfloat16' | undefined;
  };

/** What is not given. */
const defaults: Omit<DetectiveSettings, keyof TrainLogicInputs> = {
  ...{ vocabSize: 1024, records: 7200, held: 480, validation: 0.1, epochs: 1, batchSize: 6, accumulation: 1 },
  ...{ length: 384, optimizer: 'muon', learningRate: 3e-3, weightDecay: 0.1, labelSmoothing: 0, zLoss: 1e-4 },
  ...{ maxGradNorm: 1, dropout: 0.1, stochasticDepth: 0, seed: 0, fold: 0, layers: 4 },
  ...{ steps: undefined, ema: undefined, precision: undefined },
};

/**
 * Checks options and fills in the defaults.
 *
 * @param options - as they are given
 * @returns all settings
 * @throws ConfigError for settings that do not fit; ArgumentError for options that are not known
 */
export function resolveDetectiveSettings(options: TrainDetectiveOptions): DetectiveSettings {
  checkOptions('trainDetective', options, { ...inputKeys, ...configKeys });
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const isInput = ([key]: [string, unknown]): boolean => Object.hasOwn(inputKeys, key);
  const plain = Object.fromEntries(given.filter((entry) => !isInput(entry)));
  const config = parseConfig('trainDetective', trainDetectiveConfigSchema, plain);
  const inputs = Object.fromEntries(given.filter(isInput)) as unknown as TrainLogicInputs;
  return { ...inputs, ...defaults, ...config };
}
