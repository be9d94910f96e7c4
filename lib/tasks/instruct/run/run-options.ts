import {
  checkNested,
  checkOptions,
  expectInteger,
  expectOneOf,
  expectPositiveInteger,
  expectRange,
} from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import type { AdapterStore, LoraOptions, ModelLayout } from '../../../adapters/index.js';
import { findArchitecture } from '../../../models/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import type { ChatTemplate, Tokenizer } from '../../../text/index.js';
import type { TrainerConfigOptions } from '../../../training/index.js';
import { createPlainTemplate } from '../encode-instruction.js';
import { gateKeys, resolveGate } from '../gate/gate-options.js';
import type { GateOptions, GateSettings } from '../gate/gate-options.js';
import type { TrainingMode } from '../plan/lay-out-passes.js';
import type { PlanOptions } from '../plan/training-plan.js';
import type { ReadPlan } from './read-plan.js';

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

/** Options of {@link trainAdapters}. */
export interface TrainAdaptersOptions extends PlanOptions {
  /** The base, without adapters; it is left as it was. */
  model: LanguageModel;
  tokenizer: Tokenizer;
  /** Of the model (default: one of headings, `createPlainTemplate`). */
  template?: ChatTemplate | undefined;
  /** The folder of versions, or a store that was opened to write. */
  store: string | AdapterStore;
  /** `mixed` (default): all files shuffled. `sequential`: file after file. */
  mode?: TrainingMode | undefined;
  /** Settings of a first adapter (default: rank 56, α 112, dropout 0.025, all linear maps but the head). */
  adapter?: LoraOptions | undefined;
  /** The name of the base, for PEFT's files (default: not said). */
  baseModel?: string | undefined;
  /** Layouts of foreign folders, by whose names PEFT knows the model (default: those of the model's kind). */
  layouts?: readonly ModelLayout[] | undefined;
  /** The peak of the learning rate of AdamW (default 2e-4). */
  learningRate?: number | undefined;
  /** Rows of an update (default 16). */
  batchSize?: number | undefined;
  /** Micro-batches that an update is cut into (default 8). */
  accumulation?: number | undefined;
  /** Positions of a row (default 512, at most the model's context). */
  length?: number | undefined;
  /** The precision of matrix products (default `float32`). */
  precision?: TrainerConfigOptions['precision'];
  /** The share of each file that is held out (default 0.05; at least four examples, at most half). */
  validation?: number | undefined;
  /** Examples of earlier files in a pass, as a share of its own (default 0.1). */
  replay?: number | undefined;
  /** Draws the first weights, orders and dropout (default 0). */
  seed?: number | undefined;
  /** Updates between two checkpoints (default: a tenth of the run). */
  checkpointEvery?: number | undefined;
  /** What a version has to reach. */
  gate?: GateOptions | undefined;
  /** Trains what was trained before, too (default false). */
  force?: boolean | undefined;
  /** Promotes a version that the gate rejects, and records it (default false). */
  promoteAnyway?: boolean | undefined;
  /** Hears of the plan and of what was found in the files, before anything is trained. */
  onPlan?: ((plan: ReadPlan) => void) | undefined;
  /** Hears of each update. */
  onStep?: ((step: AdapterStep) => void) | undefined;
  /** Ends the run with an error of code PAL_ABORTED; the next one goes on where it was. */
  signal?: AbortSignal | undefined;
}

/** The keys of {@link TrainAdaptersOptions}. */
export const trainAdaptersKeys: OptionChecks<TrainAdaptersOptions> = {
  ...{ model: true, tokenizer: true, template: true, store: true, data: true, order: true, epochs: true },
  ...{
    weights: true,
    adapter: true,
    baseModel: true,
    layouts: true,
    precision: true,
    force: true,
    promoteAnyway: true,
  },
  ...{
    learningRate: true,
    batchSize: true,
    accumulation: true,
    length: true,
    validation: true,
    replay: true,
    seed: true,
  },
  ...{ mode: true, checkpointEvery: true, onPlan: true, onStep: true, signal: true },
  gate: checkNested(gateKeys),
};

/** {@link TrainAdaptersOptions} with their defaults. */
export interface RunSettings extends TrainAdaptersOptions {
  template: ChatTemplate;
  mode: TrainingMode;
  layouts: readonly ModelLayout[];
  learningRate: number;
  batchSize: number;
  accumulation: number;
  length: number;
  validation: number;
  replay: number;
  seed: number;
  settings: GateSettings;
}

const DEFAULTS = {
  ...{ mode: 'mixed', learningRate: 2e-4, batchSize: 16, accumulation: 8, length: 512 },
  ...{ validation: 0.05, replay: 0.1, seed: 0 },
} as const;

/**
 * Checks options and fills in their defaults.
 * @param where - named in errors
 * @param options - as they are given
 * @returns all settings
 * @throws ArgumentError for options out of range
 */
export function resolveRun(where: string, options: TrainAdaptersOptions): RunSettings {
  checkOptions(where, options, trainAdaptersKeys);
  const { model, tokenizer } = options;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const contextLength = model.config.contextLength ?? DEFAULTS.length;
  const settings = {
    ...DEFAULTS,
    length: Math.min(DEFAULTS.length, contextLength),
    ...(given as unknown as TrainAdaptersOptions),
  };
  expectOneOf(where, 'mode', settings.mode, ['mixed', 'sequential']);
  expectRange(where, 'learningRate', settings.learningRate, { above: 0 });
  expectPositiveInteger(where, 'batchSize', settings.batchSize);
  expectRange(where, 'accumulation', expectPositiveInteger(where, 'accumulation', settings.accumulation), {
    max: Infinity,
  });
  expectRange(where, 'length', expectPositiveInteger(where, 'length', settings.length), {
    max: model.config.contextLength ?? Infinity,
  });
  expectRange(where, 'validation', settings.validation, { min: 0, below: 1 });
  expectRange(where, 'replay', settings.replay, { min: 0 });
  expectInteger(where, 'seed', settings.seed);
  return {
    ...settings,
    template: options.template ?? createPlainTemplate(tokenizer),
    layouts: options.layouts ?? findArchitecture(where, model.kind).huggingFace ?? [],
    settings: resolveGate(options.gate),
  } as RunSettings;
}
