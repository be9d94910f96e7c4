import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { deferSchema, throwFileError, parseConfig, raise } from '../../core/index.js';
import type { PlainSettings } from '../../core/index.js';
import { describeModel, generationConfigSchema, isLanguageModel } from '../../models/interface/index.js';
import { readPackageVersion } from '../../native/index.js';
import { listValidationSets } from '../validation-sets.js';
import type { TrainerConfig } from '../config/trainer-config.js';
import { describeFunctions } from '../config/own-functions.js';
import type { OwnFunctions } from '../config/own-functions.js';
import type { TrainerInputs } from '../config/trainer-inputs.js';

/** Named in errors. */
const WHERE = 'run folder';

/** The file that holds the configuration of a run. */
export const RUN_CONFIG = 'config.json';

/** The content of `config.json` in a run folder. */
export const runConfigSchema = deferSchema((z) =>
  z.strictObject({
    format: z.literal('palabra run').describe('Who wrote the folder.'),
    formatVersion: z.literal(1),
    palabra: z.string().describe('The version that started the run.'),
    trainer: z.record(z.string(), z.unknown()).describe('Settings of the trainer, all of them.'),
    named: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .describe('Those that were named; the others follow from them. Older folders do not tell.'),
    model: z.strictObject({
      kind: z.string(),
      config: z.record(z.string(), z.unknown()),
      parameters: z.int().describe('The number of trainable values.'),
    }),
    data: z.record(z.string(), z.unknown()).describe('What the data amounts to.'),
    tokenizer: z.record(z.string(), z.unknown()).nullable().describe('Kind and size of the vocabulary.'),
    generation: generationConfigSchema.nullable().describe('Settings of generation stored with the model.'),
    own: z
      .record(z.string(), z.string())
      .default({})
      .describe('Settings that are no plain data, by the name of their option: a resume passes them again.'),
    imports: z
      .array(z.string())
      .exactOptional()
      .describe('Absolute paths of ES modules that make the model known; the command line runs them first.'),
    optimizer: z.string().describe('The class of the optimizer.'),
    callbacks: z.array(z.string()).describe('The names of the callbacks in order.'),
  }),
);

/** The configuration of a run as its folder holds it. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** The settings of a run that its folder names. */
export interface DescribedSettings {
  config: TrainerConfig;
  named: PlainSettings;
  own: OwnFunctions;
  optimizer: string;
  callbacks: readonly string[];
}

/**
 * The configuration of a run as plain data.
 * @param inputs - model, data and what else the trainer was given
 * @param settings - resolved
 * @param settings.config - settings of the trainer
 * @param settings.named - those that were named
 * @param settings.own - settings that are no plain data
 * @param settings.optimizer - the class of the optimizer
 * @param settings.callbacks - names of the callbacks in order
 * @returns the content of `config.json`
 */
export function describeRunConfig(
  inputs: TrainerInputs,
  { config, named, own, optimizer, callbacks }: DescribedSettings,
): RunConfig {
  const { model, data, tokenizer, generation, imports = [] } = inputs;
  const { model: kind, config: plain } = describeModel(model);
  return {
    format: 'palabra run',
    formatVersion: 1,
    palabra: readPackageVersion(),
    trainer: { ...config },
    named: { ...named },
    model: { kind, config: plain, parameters: model.parameterCount() },
    data: { train: describeSizes(data.train), validation: describeValidation(data) },
    tokenizer: tokenizer ? { type: tokenizer.type, size: tokenizer.size } : null,
    generation: generation ?? null,
    own: { ...describeModule(inputs), ...describeFunctions(own) },
    ...(imports.length > 0 && { imports: imports.map((path) => resolve(path)) }),
    optimizer,
    callbacks: [...callbacks],
  };
}

/**
 * Reads the configuration of a run.
 * @param folder - of the run
 * @returns the content of `config.json`, checked
 * @throws PalabraError of code PAL_FILE when the folder has none; ConfigError when it does not fit
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const path = join(folder, RUN_CONFIG);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError(WHERE, path, cause));
  return parseConfig(WHERE, runConfigSchema, parseJson(path, text));
}

/** A module that no architecture builds, and the loss that it is trained by. */
function describeModule({ model, loss }: TrainerInputs): Record<string, string> {
  return { ...(!isLanguageModel(model) && { model: model.constructor.name }), ...(loss && { loss: 'a function' }) };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const received = (cause as Error).message;
    return raise('PAL_CONFIG', {
      where: WHERE,
      expected: `JSON in ${path}`,
      received,
      details: { path },
      cause,
    });
  }
}

/** The sizes of the validation data; those of each set by its name where there are several. */
function describeValidation(data: TrainerInputs['data']): Record<string, unknown> | null {
  const { named, sets } = listValidationSets(data);
  const sizes = [...sets].map(([name, dataset]) => [name, describeSizes(dataset)] as const);
  if (sizes.length === 0) return null;
  return named ? Object.fromEntries(sizes) : sizes[0]![1];
}

function describeSizes(dataset: TrainerInputs['data']['train']): Record<string, unknown> {
  const { size, targetCount } = dataset;
  const { dataset: name } = dataset.batches({ batchSize: 1, order: 'sequential' }).save();
  return { dataset: name, size, targetCount };
}
