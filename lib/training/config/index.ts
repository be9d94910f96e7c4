/** How a trainer is set up: its options, their defaults, and how long it trains. */
export type { ResumeOptions, TrainerOptions } from './trainer-options.js';
export type { TrainerInputs, TrainerData } from './trainer-inputs.js';
export { trainerConfigSchema } from './trainer-config.js';
export type { TrainerConfig, TrainerConfigOptions } from './trainer-config.js';
export { resolveTrainerConfig } from './resolve-config.js';
export type { ResolvedTrainer } from './resolve-config.js';
export { BOUNDS, countEpochs } from './limits.js';
export type { LimitOptions } from './limits.js';
export type { OptimizerFactory, ScheduleFunction, ScheduledRun } from './own-functions.js';
export type { DataSize } from './epochs.js';
export { createDefaultOptimizer, chooseDefaults, trainerPresets } from './defaults.js';
export { createFineTuningOptimizer } from './fine-tuning.js';
export type { TrainingDefaults } from './defaults.js';
