/** Optimizers, learning-rate schedules and gradient clipping. */
export { Optimizer } from './optimizer.js';
export type { OptimizerOptions, ParameterEntry, ParameterGroup, ResolvedGroup, UpdateOptions } from './optimizer.js';
export { AdamW } from './adamw.js';
export type { AdamWOptions } from './adamw.js';
export { SGD } from './sgd.js';
export type { SGDOptions } from './sgd.js';
export { clipDivisor, clipGradNorm, gradNorm } from './clip.js';
export { constantSchedule, cosineSchedule } from './schedules.js';
export type { ConstantScheduleOptions, CosineScheduleOptions, Schedule } from './schedules.js';
export { decayGroups } from './parameter-groups.js';
