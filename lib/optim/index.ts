/** Optimizers, learning-rate schedules and gradient clipping. */
export { AdamW } from './adamw.js';
export type { AdamWOptions } from './adamw.js';
export { GradScaler, Optimizer, clipGradNorm, computeClipDivisor, computeGradNorm } from './interface/index.js';
export type {
  GradScalerOptions,
  OptimizerOptions,
  ParameterEntry,
  ParameterGroup,
  ResolvedGroup,
  UpdateApplication,
  UpdateOptions,
  WeightAverage,
} from './interface/index.js';
export { buildOptimizer, optimizerConfigSchema } from './config.js';
export type { OptimizerConfig, OptimizerConfigOptions } from './config.js';
export { EMA } from './ema.js';
export type { EMAOptions } from './ema.js';
export { GradientNoise } from './gradient-noise.js';
export type { GradientNoiseOptions } from './gradient-noise.js';
export { parameterGroupConfigSchema } from './parameter-group-config.js';
export type { ParameterGroupConfig } from './parameter-group-config.js';
export { Muon } from './muon.js';
export type { MuonOptions } from './muon.js';
export { createDecayGroups, createMuonGroups } from './parameter-groups.js';
export type { MuonGroupOptions } from './parameter-groups.js';
export { ScheduleFreeAdamW } from './schedule-free.js';
export type { ScheduleFreeAdamWOptions } from './schedule-free.js';
export { buildSchedule, scheduleConfigSchema } from './schedules/config.js';
export type { ScheduleConfig, ScheduleConfigOptions, ScheduleRun } from './schedules/config.js';
export { constantSchedule } from './schedules/constant.js';
export { cosineSchedule } from './schedules/cosine.js';
export { linearSchedule } from './schedules/linear.js';
export { PlateauSchedule } from './schedules/plateau.js';
export type { PlateauScheduleOptions } from './schedules/plateau.js';
export { restartSchedule } from './schedules/restarts.js';
export type { RestartScheduleOptions } from './schedules/restarts.js';
export type {
  FallingScheduleOptions,
  LearningRateSchedule,
  Schedule,
  ScheduleOptions,
  ScheduleState,
} from './schedules/schedule.js';
export { warmupStableDecaySchedule } from './schedules/warmup-stable-decay.js';
export type { WarmupStableDecayOptions } from './schedules/warmup-stable-decay.js';
export { SGD } from './sgd.js';
export type { SGDOptions } from './sgd.js';
