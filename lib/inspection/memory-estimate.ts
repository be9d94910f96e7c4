import type { OptionChecks } from '../core/index.js';
import { Random } from '../core/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import type { Optimizer } from '../optim/interface/index.js';
import { createGradientOptions, updateWeights } from '../step/work/index.js';
import { Generator, memory, noGrad, scope, tensor, withAutocast, withGenerator, zerosLike } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { extrapolate } from './extrapolate.js';

/** A training step to be made. */
export interface StepSize {
  /** Sequences, B. */
  batch: number;
  /** Tokens a sequence, T. */
  length: number;
  /** As in `GradientOptions` of models. */
  autocast?: 'bfloat16' | 'float16' | undefined;
  checkpointing?: boolean | undefined;
}

/** The keys of {@link StepSize}. */
export const stepSizeKeys: OptionChecks<StepSize> = { batch: true, length: true, autocast: true, checkpointing: true };

/** Memory of a training step, in bytes. */
export interface MemoryEstimate {
  /** Weights and whatever else the model holds. */
  weights: number;
  gradients: number;
  /** State of the optimizer. */
  optimizer: number;
  /** Peak of the pass, or of the update where that is more, besides these. */
  activations: number;
  /** All of it, at the peak. */
  total: number;
}

/** Sources of numbers kept for each parameter. */
export interface KeptStates {
  /** An optimizer of the model's parameters, of which state and update are measured. */
  optimizer?: Optimizer | undefined;
  /** Numbers kept for each parameter besides. */
  statesPerParameter: number;
}

/**
 * The memory of a training step: batches go forward and back, and an update is gone through without a change; gradients
 * are cleared.
 * @param batches - the numbers of sequences that are passed; what the whole batch needs lies on their line
 */
export function estimateMemory(
  model: LanguageModel,
  step: StepSize,
  { optimizer: updates, statesPerParameter }: KeptStates,
  batches: readonly number[],
): MemoryEstimate {
  const measured = extrapolate(
    batches.map((rows) => [rows, measurePeak(model, rows, step)]),
    step.batch,
  );
  const weights = sumBytes(model.ownedTensors());
  const gradients = sumBytes(listTrained(model));
  const update = updates === undefined ? 0 : measureUpdate(model, updates);
  const states = updates === undefined ? 0 : sumBytes(Object.values(updates.stateDict()));
  const optimizer = states + statesPerParameter * gradients;
  const peak = Math.max(gradients + update, Math.round(measured));
  return { weights, gradients, optimizer, activations: peak - gradients, total: weights + optimizer + peak };
}

/** Random ids, `[rows, length]`. */
export function createProbeIds(model: LanguageModel, rows: number, length: number): Tensor {
  const random = new Random(0);
  const values = Int32Array.from({ length: rows * length }, () => random.integer(model.config.vocabSize));
  const device = model.device;
  return tensor(values, { shape: [rows, length], dtype: 'int64', device });
}

/** Bytes at the peak of a pass forward and back, gradients included; forward alone where nothing is trained. */
function measurePeak(model: LanguageModel, rows: number, step: StepSize): number {
  const { length, autocast } = step;
  const isTrained = listTrained(model).length > 0;
  model.zeroGrad();
  using generator = new Generator(0);
  const before = memory.stats().allocatedBytes;
  memory.resetPeak();
  scope(() => {
    const ids = createProbeIds(model, rows, length);
    withGenerator(generator, () => {
      if (isTrained) passIds(model, ids, step);
      else withAutocast(autocast, () => noGrad(() => model.loss(ids, ids, { training: true })));
    });
  });
  const peak = memory.stats().peakAllocatedBytes - before;
  model.zeroGrad();
  return peak;
}

/** The pass of a training step over ids `[B, T]`. */
function passIds(model: LanguageModel, ids: Tensor, { autocast: precision, checkpointing }: StepSize): void {
  const scale = tensor(1 / ids.numel, { device: ids.device });
  const options = createGradientOptions({ precision, checkpointing }, scale);
  model.accumulateGradients(ids, ids, { training: true }, options);
}

/** Bytes at the peak of an update that leaves weights and state as they are, besides these and the gradients. */
function measureUpdate(model: LanguageModel, optimizer: Optimizer): number {
  scope(() => {
    for (const parameter of listTrained(model)) parameter.grad = zerosLike(parameter);
  });
  const device = model.device;
  const before = memory.stats().allocatedBytes;
  memory.resetPeak();
  scope(() => {
    updateWeights({ optimizer }, tensor(NaN, { device }));
  });
  const peak = memory.stats().peakAllocatedBytes - before;
  model.zeroGrad();
  return peak;
}

/** Frozen parameters have neither gradients nor state of an optimizer. */
function listTrained(model: LanguageModel): Tensor[] {
  return Object.values(model.namedParameters({ trainable: true }));
}

function sumBytes(tensors: readonly Tensor[]): number {
  return tensors.reduce((total, { bytes }) => total + bytes, 0);
}
