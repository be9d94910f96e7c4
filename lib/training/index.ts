/** The trainer: steps, what goes along with them, checkpoints and run folders. */
export { TrainingStep, trainingStep } from './train-step.js';
export type { StepResult, TrainingStepOptions } from './train-step.js';
export type { PartState, TrainerEnd, TrainerPart, TrainerRun } from './part.js';
export type { TrainerEvaluation, TrainerEvent, TrainerStep } from './report.js';
export { TensorBoard } from './tensorboard/part.js';
export type { TensorBoardOptions } from './tensorboard/part.js';
