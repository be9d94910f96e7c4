import {
  checkConfig,
  checkNested,
  checkOptions,
  expectFunction,
  formatUnknownKey,
  isPlainSettings,
  listConfigFields,
  parseConfig,
  pickOptions,
  raise,
  show,
} from '../../core/index.js';
import { preprocessConfigSchema } from '../../text/index.js';
import { Optimizer } from '../../optim/interface/index.js';
import type { OptimizerFactory, OwnFunctions, ScheduleFunction } from './own-functions.js';
import { generationConfigSchema, isLanguageModel } from '../../models/interface/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import type { Module } from '../../nn/index.js';
import type { OptionChecks, PlainSettings } from '../../core/index.js';
import { trainerConfigSchema } from './trainer-config.js';
import type { TrainerConfigOptions } from './trainer-config.js';
import type { TrainerData, TrainerInputs } from './trainer-inputs.js';

/** Settings that are of one `type` or another. */
const VARIANTS = ['optimizer', 'schedule'];

const inputKeys: OptionChecks<TrainerInputs> = {
  model: true,
  loss: checkFunction,
  leftOut: true,
  data: checkNested<TrainerData>({ train: true, validation: true, test: true }),
  tokenizer: true,
  chatTemplate: true,
  preprocess: checkConfig(preprocessConfigSchema),
  generation: checkConfig(generationConfigSchema),
  metrics: true,
  imports: checkPaths,
  callbacks: true,
  runDirectory: true,
  resume: true,
  allowOtherData: true,
  signal: true,
};

function checkFunction(where: string, name: string, value: unknown): unknown {
  if (value !== undefined) expectFunction(where, name, value);
  return value;
}

function checkPaths(where: string, name: string, value: unknown): unknown {
  if (value === undefined || (Array.isArray(value) && value.every((path) => typeof path === 'string'))) return value;
  raise('PAL_ARGUMENT', { where, expected: `${name} to be a list of paths`, received: show(value) });
}

/** Settings that are of one `type` or another; fields without it are of the type that holds otherwise. */
type Variant<V> = V extends { type: string } ? V | (Omit<V, 'type'> & { type?: undefined }) : V;

/** The options of a {@link Trainer}: model, data, how long to train, and any setting of {@link trainerConfigSchema}. */
export interface TrainerOptions<Model extends Module = LanguageModel>
  extends Omit<TrainerConfigOptions, 'optimizer' | 'schedule'>, TrainerInputs<Model> {
  /** An optimizer of the model's parameters, what makes one, or the configuration of one, over that of the recipe. */
  optimizer?: Optimizer | OptimizerFactory<Model> | Variant<TrainerConfigOptions['optimizer']>;
  /** The course of the learning rate: a function of the step, counted from 0, or settings over those of the recipe. */
  schedule?: ScheduleFunction | Variant<TrainerConfigOptions['schedule']>;
}

/** The options of resuming: the data, and whatever is to differ from the configuration of the run. */
export interface ResumeOptions<Model extends Module = LanguageModel> extends Partial<
  Omit<TrainerOptions<Model>, 'data' | 'runDirectory' | 'resume'>
> {
  data: TrainerData;
}

/** {@link TrainerOptions} taken apart and checked. */
export interface ParsedOptions {
  inputs: TrainerInputs;
  /** The settings that were named, each checked. */
  named: PlainSettings;
  own: OwnFunctions;
}

/**
 * Separates configuration from inputs.
 * @param options - as a trainer takes them
 * @param where - the public function (default `Trainer`)
 * @returns inputs, the settings that were named, and what was given ready-made or as a function
 * @throws ConfigError naming everything that does not fit
 */
export function parseTrainerOptions(options: TrainerOptions<Module>, where = 'Trainer'): ParsedOptions {
  checkOptions(where, pickOptions(options as TrainerInputs, inputKeys), inputKeys);
  const { model, loss, data, leftOut, tokenizer, chatTemplate, preprocess, generation, metrics, callbacks, ...others } =
    options;
  const { imports, runDirectory, resume, allowOtherData, signal, ...rest } = others;
  const { own, named } = separateFunctions(rest);
  parseConfig(where, trainerConfigSchema, omitUntyped(where, named), '', Object.keys(inputKeys));
  return {
    inputs: {
      model,
      ...(loss && { loss }),
      data,
      leftOut,
      tokenizer,
      chatTemplate,
      preprocess,
      generation,
      metrics,
      imports,
      callbacks,
      runDirectory,
      resume,
      allowOtherData,
      signal,
    },
    named,
    own,
  };
}

/** Takes out of the settings what is no plain data. */
function separateFunctions({ optimizer, schedule, ...rest }: Omit<TrainerOptions<Module>, keyof TrainerInputs>): {
  own: OwnFunctions;
  named: PlainSettings;
} {
  const isOwn = optimizer instanceof Optimizer || typeof optimizer === 'function';
  const isFunction = typeof schedule === 'function';
  return {
    own: { optimizer: isOwn ? optimizer : undefined, schedule: isFunction ? schedule : undefined },
    named: {
      ...rest,
      ...(!isOwn && optimizer !== undefined && { optimizer }),
      ...(!isFunction && schedule !== undefined && { schedule }),
    },
  };
}

/** Leaves out an optimizer or a schedule without its type; the values of its fields are checked once that is known. */
function omitUntyped(where: string, named: PlainSettings): PlainSettings {
  const isUntyped = ([key, value]: [string, unknown]): boolean =>
    VARIANTS.includes(key) && isPlainSettings(value) && value.type === undefined;
  const entries = Object.entries(named);
  for (const [key, value] of entries.filter(isUntyped)) expectKnownFields(where, key, value as PlainSettings);
  return Object.fromEntries(entries.filter((entry) => !isUntyped(entry)));
}

/** Requires fields that some type of a variant knows. */
function expectKnownFields(where: string, name: string, value: PlainSettings): void {
  const fields = listConfigFields(trainerConfigSchema).filter(({ path }) => path.startsWith(`${name}.`));
  const known = ['type', ...fields.map(({ path }) => path.slice(name.length + 1))];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  raise('PAL_CONFIG', {
    where,
    expected: 'a valid configuration',
    received: 'one with a problem',
    fix: `\n  ${name}.${unknown}: unknown key. ${formatUnknownKey(unknown, known)}`,
  });
}

/**
 * Requires a model with a row for each token, before the first step rather than when both are stored.
 * @param inputs - of a trainer
 * @param inputs.model - only its `vocabSize` is read
 * @param inputs.tokenizer - where one is stored with the model
 * @throws ConfigError when the tokenizer has more tokens than the model has rows
 */
export function expectStorable({ model, tokenizer }: TrainerInputs): void {
  if (!isLanguageModel(model)) return;
  const { vocabSize } = model.config;
  if (tokenizer === undefined || tokenizer.size <= vocabSize) return;
  raise('PAL_CONFIG', {
    where: 'Trainer',
    expected: `a tokenizer of at most ${vocabSize} tokens, the vocabSize of ${model.constructor.name}`,
    received: `${tokenizer.constructor.name} of ${tokenizer.size}`,
    fix: 'Build the model with vocabSize: tokenizer.size.',
  });
}
