/** One training step, from a batch of token ids to an update; everything that trains runs it. */
export { BatchTensors, buildContext, countTargets, describeLayout } from './batch-tensors.js';
export { compile, readNumbers } from './compile.js';
export type { CompiledFunction, StepMode } from './compile.js';
export { expectCovered } from './expect-covered.js';
export { expectTokenIds } from './expect-token-ids.js';
export { addMetrics, listMetrics } from './loss-metrics.js';
export { computeLoss } from './objective.js';
export type { Objective } from './objective.js';
export type { Precision } from './precision.js';
export { copyWeights, preserveWeights } from './preserve-weights.js';
export type { WeightCopy } from './preserve-weights.js';
export { RecurrentStates } from './recurrent-states.js';
export { TrainStep, trainStep } from './train-step.js';
export type { BatchGradients, StepResult, StepRunOptions, TrainStepOptions } from './train-step.js';
export type { GradientHook } from './work/update-weights.js';
