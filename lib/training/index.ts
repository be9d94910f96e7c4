/** Training steps and evaluation. */
export { TrainingStep, trainingStep } from './train-step.js';
export type { StepResult, TrainingStepOptions } from './train-step.js';
export { evaluate } from './evaluate.js';
export type { EvaluateOptions, Evaluation } from './evaluate.js';
export { withBatch } from './batch.js';
