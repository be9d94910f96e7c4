/** Steps of a formalizer by the recipe of `small`, here and in plain PyTorch, on the same batches from the same weights. */
import { join } from 'node:path';
import { Muon, cosineSchedule, createMuonGroups } from '../../lib/optim/index.js';
import type { Schedule } from '../../lib/optim/index.js';
import { saveSafetensors, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { createLogicModel, listSpread } from '../../lib/tasks/logic/train/create-model.js';
import { resolveLogicSettings } from '../../lib/tasks/logic/train/options.js';
import type { LogicSettings, TrainLogicConfig } from '../../lib/tasks/logic/train/options.js';
import { prepareLogic } from '../../lib/tasks/logic/train/prepare-data.js';
import type { PreparedLogic } from '../../lib/tasks/logic/train/prepare-data.js';
import type { Gpt } from '../../lib/models/index.js';
import type { TokenBatch } from '../../lib/data/index.js';
import { trainStep } from '../../lib/training/index.js';
import type { TrainStep } from '../../lib/training/index.js';

/** What a comparison trains. */
export interface FormalizerSteps {
  model: Gpt;
  batches: TokenBatch[];
  settings: LogicSettings;
  optimizer: Muon;
  schedule: Schedule;
  step: TrainStep;
  /** What PyTorch is asked for: `tests/helpers/python/nanologic_training.py`. */
  request: object;
}

/** What decides on speed alone. */
export interface StepSettings {
  /** Of the matrix products, and of Muon's iterations. */
  precision: 'float32' | 'bfloat16';
  threads: number;
  /** The size, where it isn't the recipe's. */
  preset?: LogicSettings['preset'];
}

/**
 * Prepares the same training on both sides: data of the grammar, rows, weights, groups and rates of the recipe.
 *
 * @param folder - where weights and batches are written for PyTorch
 * @param config - of the training, its steps among them
 * @param how - precision, threads and size
 */
export async function prepareFormalizerSteps(
  folder: string,
  config: TrainLogicConfig & { steps: number },
  { precision, threads, preset }: StepSettings,
): Promise<FormalizerSteps> {
  const resolved = resolveLogicSettings({ folder, recipe: 'small', ...config });
  const settings = preset === undefined ? resolved : { ...resolved, preset };
  const prepared = await prepareLogic(settings);
  const model = createLogicModel(prepared, settings);
  const batches = takeBatches(prepared, settings);
  const files = { weights: join(folder, 'weights'), batches: join(folder, 'batches') };
  await saveSafetensors(files.weights, model.stateDict());
  const stacked = stackBatches(batches);
  await saveSafetensors(files.batches, stacked);
  for (const one of Object.values(stacked)) one.dispose();
  const { weightDecay, zLoss, maxGradNorm, learningRate, labelSmoothing } = settings;
  const groups = createMuonGroups(model, { weightDecay });
  const optimizer = new Muon(groups, { precision, weightDecay });
  const warmup = Math.ceil(0.04 * config.steps);
  const schedule = cosineSchedule({ learningRate, minimum: 0.05 * learningRate, warmup, steps: config.steps });
  const ours = { model, optimizer, zLoss, maxGradNorm, precision };
  const theirs = {
    ...{ precision, muonPrecision: precision, zLoss, maxGradNorm, labelSmoothing },
    ...{ momentum: optimizer.momentum, betas: optimizer.betas, eps: optimizer.eps },
    spread: listSpread(prepared.vocabulary),
    learningRates: batches.map((_, index) => schedule(index)),
    groups: groups.map(({ parameters, weightDecay: decay, learningRateScale: scale = 1, useMuon = false }) => ({
      ...{ names: Object.keys(parameters), weightDecay: decay, scale, useMuon },
    })),
  };
  return {
    ...{ model, batches, settings, optimizer, schedule },
    step: trainStep(ours),
    request: { ...files, threads, config: model.config, settings: theirs },
  };
}

/** The first batches of a training, in its order. */
function takeBatches({ train }: PreparedLogic, { batchSize, steps }: LogicSettings): TokenBatch[] {
  const batches = [...train.batches({ batchSize, order: 'sequential' })].slice(0, steps);
  if (batches.length === steps) return batches;
  throw new Error(`expected records for ${steps} batches, found ${batches.length}`);
}

/** Ids, targets, documents, positions and labels of all batches, `[steps, B, T]`, int64. */
function stackBatches(batches: readonly TokenBatch[]): Record<string, Tensor> {
  const shape = [batches.length, ...batches[0]!.shape];
  const names = ['inputs', 'targets', 'documents', 'positions', 'labels'] as const;
  const known = names.filter((name) => batches[0]![name] !== undefined);
  return Object.fromEntries(
    known.map((name) => [
      name,
      tensor(BigInt64Array.from(batches.flatMap((batch) => Array.from(batch[name]!, BigInt))), { shape }),
    ]),
  );
}
