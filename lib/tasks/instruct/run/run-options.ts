import type { z } from 'zod';
import { checkConfig, checkOptions, expectRange, parseConfig } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { loraConfigSchema } from '../../../adapters/index.js';
import type { AdapterStore, LoraOptions, ModelLayout } from '../../../adapters/index.js';
import { findArchitecture } from '../../../models/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import type { ChatTemplate, Tokenizer } from '../../../text/index.js';
import { createPlainTemplate } from '../encode-instruction.js';
import { gateConfigSchema } from '../gate/gate-options.js';
import type { GateOptions, GateSettings } from '../gate/gate-options.js';
import type { PlanOptions } from '../plan/training-plan.js';
import type { ReadPlan } from './read-plan.js';
import { adapterRunConfigSchema } from './run-config.js';
import type { AdapterRunOptions } from './run-config.js';

/** A step of a run, for displays. */
export interface AdapterStep {
  /** Steps made, from 1. */
  step: number;
  /** Steps of the whole plan. */
  steps: number;
  /** Nats a token of the answers in the batch. */
  loss: number;
  /** Answer tokens trained on so far. */
  tokens: number;
  /** The file under way; undefined where all are mixed. */
  dataset: string | undefined;
}

/** What a run does: it measures the base and the current version, trains, and measures what came of it. */
export type AdapterStage = 'base' | 'current' | 'training' | 'version';

/** What a run works with. */
export interface RunInputs extends PlanOptions {
  /** The base, without adapters; it is left as it was. */
  model: LanguageModel;
  tokenizer: Tokenizer;
  /** Of the model (default: `createPlainTemplate`). */
  template?: ChatTemplate | undefined;
  /** The folder of versions, or a store that was opened to write. */
  store: string | AdapterStore;
  /** Settings of a first adapter (default: rank 56, α 112, dropout 0.025, all linear maps but the head). */
  adapter?: LoraOptions | undefined;
  /** The name of the base, for PEFT's files (default: not said). */
  baseModel?: string | undefined;
  /** Layouts of foreign folders, by whose names PEFT knows the model (default: those of the model's kind). */
  layouts?: readonly ModelLayout[] | undefined;
  /** What a version has to reach. */
  gate?: GateOptions | undefined;
  /** Hears of the plan and of what was found in the files, before anything is trained. */
  onPlan?: ((plan: ReadPlan) => void) | undefined;
  /** Hears of what begins, and of the updates of the whole plan. */
  onStage?: ((stage: AdapterStage, steps: number) => void) | undefined;
  /** Hears of each update. */
  onStep?: ((step: AdapterStep) => void) | undefined;
  /** Ends the run with an error of code PAL_ABORTED; the same call goes on where it was. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link trainAdapters}. */
export interface TrainAdaptersOptions extends RunInputs, AdapterRunOptions {}

const inputKeys: OptionChecks<RunInputs> = {
  ...{ model: true, tokenizer: true, template: true, store: true, data: true, order: true, epochs: true },
  ...{ weights: true, baseModel: true, layouts: true },
  adapter: checkConfig(loraConfigSchema),
  gate: checkConfig(gateConfigSchema),
  ...{ onPlan: true, onStage: true, onStep: true, signal: true },
};

/** The keys of {@link TrainAdaptersOptions}. */
export const trainAdaptersKeys: OptionChecks<TrainAdaptersOptions> = {
  ...inputKeys,
  ...{ mode: true, learningRate: true, batchSize: true, accumulation: true, length: true, precision: true },
  ...{ validation: true, replay: true, seed: true, checkpointEvery: true, force: true, promoteAnyway: true },
};

type PlainRun = z.output<typeof adapterRunConfigSchema>;

/** {@link TrainAdaptersOptions} with their defaults. */
export interface RunSettings extends Omit<RunInputs, 'gate'>, Omit<PlainRun, 'length'> {
  template: ChatTemplate;
  layouts: readonly ModelLayout[];
  length: number;
  gate: GateSettings;
}

const LENGTH = 512;

/**
 * Checks options and fills in their defaults.
 * @param where - named in errors
 * @param options - as they are given
 * @returns all settings
 * @throws ConfigError for settings that do not fit; ArgumentError for options that are not known
 */
export function resolveRun(where: string, options: TrainAdaptersOptions): RunSettings {
  checkOptions(where, options, trainAdaptersKeys);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const isInput = ([key]: [string, unknown]): boolean => Object.hasOwn(inputKeys, key);
  const plain = parseConfig(
    where,
    adapterRunConfigSchema,
    Object.fromEntries(given.filter((entry) => !isInput(entry))),
  );
  const { model, tokenizer, gate = {} } = options;
  const most = model.config.contextLength ?? Infinity;
  const length = expectRange(where, 'length', plain.length ?? Math.min(LENGTH, most), { max: most });
  return {
    ...(Object.fromEntries(given.filter(isInput)) as unknown as RunInputs),
    ...plain,
    length,
    template: options.template ?? createPlainTemplate(tokenizer),
    layouts: options.layouts ?? findArchitecture(where, model.kind).huggingFace,
    gate: parseConfig(where, gateConfigSchema, gate, 'gate'),
  };
}
