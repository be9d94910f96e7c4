/** The trainer: steps, what goes along with them, checkpoints and run folders. */
export { Trainer } from './trainer.js';
export type { ResumeOptions, TrainerData, TrainerOptions, TrainerSubjects } from './trainer-options.js';
export { trainerConfigSchema } from './trainer-config.js';
export type { TrainerConfig, TrainerConfigOptions } from './trainer-config.js';
export { interruptible } from './interruptible.js';
export type { SignalWatch } from './interruptible.js';
export { recipeFor } from './recipe.js';
export type { Recipe } from './recipe.js';
export { EarlyStopping } from './parts/early-stopping.js';
export type { EarlyStoppingOptions } from './parts/early-stopping.js';
export { verifyCheckpoint } from './checkpoint/manifest.js';
export type { FileRecord, Manifest } from './checkpoint/manifest.js';
export { TrainingStep, trainingStep } from './train-step.js';
export type { StepResult, TrainingStepOptions } from './train-step.js';
export type { PartState, TrainerEnd, TrainerPart, TrainerRun } from './part.js';
export type { TrainerEvaluation, TrainerEvent, TrainerStep } from './report.js';
