/** Optimizers, learning-rate schedules and gradient clipping. */
export { Optimizer } from './optimizer.js';
export type {
  OptimizerOptions,
  ParameterEntry,
  ParameterGroup,
  ResolvedGroup,
  UpdateOptions,
  WeightAverage,
} from './optimizer.js';
export { buildOptimizer, optimizerConfigSchema } from './config.js';
export type { OptimizerConfig, OptimizerConfigOptions } from './config.js';
export { AdamW } from './adamw.js';
export type { AdamWOptions } from './adamw.js';
export { SGD } from './sgd.js';
export type { SGDOptions } from './sgd.js';
export { Muon } from './muon.js';
export type { MuonOptions } from './muon.js';
export { ScheduleFreeAdamW } from './schedule-free.js';
export type { ScheduleFreeAdamWOptions } from './schedule-free.js';
export { computeClipDivisor, clipGradNorm, computeGradNorm } from './clip.js';
export { buildSchedule, scheduleConfigSchema } from './schedules/config.js';
export type { ScheduleConfig, ScheduleConfigOptions, ScheduleRun } from './schedules/config.js';
export type {
  FallingScheduleOptions,
  LearningRateSchedule,
  Schedule,
  ScheduleOptions,
  ScheduleState,
} from './schedules/schedule.js';
export { constantSchedule } from './schedules/constant.js';
export { linearSchedule } from './schedules/linear.js';
export { cosineSchedule } from './schedules/cosine.js';
export { warmupStableDecaySchedule } from './schedules/warmup-stable-decay.js';
export type { WarmupStableDecayOptions } from './schedules/warmup-stable-decay.js';
export { restartSchedule } from './schedules/restarts.js';
export type { RestartScheduleOptions } from './schedules/restarts.js';
export { PlateauSchedule } from './schedules/plateau.js';
export type { PlateauScheduleOptions } from './schedules/plateau.js';
export { createDecayGroups, createMuonGroups } from './parameter-groups.js';
export type { MuonGroupOptions } from './parameter-groups.js';
export { EMA } from './ema.js';
export type { EMAOptions } from './ema.js';
export { GradientNoise } from './gradient-noise.js';
export type { GradientNoiseOptions } from './gradient-noise.js';
export { GradScaler } from './grad-scaler.js';
export type { GradScalerOptions } from './grad-scaler.js';
