/** Training steps. */
export { TrainingStep, trainingStep } from './train-step.js';
export type { StepResult, TrainingStepOptions } from './train-step.js';
