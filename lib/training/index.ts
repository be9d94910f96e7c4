/** The trainer: steps, what goes along with them, checkpoints and run folders. */
export { Trainer } from './trainer.js';
export type { ResumeOptions, TrainerOptions } from './config/trainer-options.js';
export type { TrainerInputs, TrainerData } from './config/trainer-inputs.js';
export { trainerConfigSchema } from './config/trainer-config.js';
export type { TrainerConfig, TrainerConfigOptions } from './config/trainer-config.js';
export { readRunConfig, runConfigSchema } from './run-directory/run-config.js';
export type { RunConfig } from './run-directory/run-config.js';
export { watchSignals } from './watch-signals.js';
export type { SignalWatch } from './watch-signals.js';
export { dryRun } from './checks/dry-run.js';
export type { DryRunOptions, DryRunPass } from './checks/dry-run.js';
export { overfitOneBatch } from './checks/overfit.js';
export type { OverfitOptions, OverfitReport } from './checks/overfit.js';
export { countEpochs } from './config/limits.js';
export type { LimitOptions, DataSize } from './config/limits.js';
export { createDefaultOptimizer, chooseDefaults, trainerPresets } from './config/defaults.js';
export type { TrainingDefaults } from './config/defaults.js';
export { EarlyStopping } from './callbacks/early-stopping.js';
export type { EarlyStoppingOptions } from './callbacks/early-stopping.js';
export { verifyCheckpoint } from './checkpoint/manifest.js';
export type { FileRecord, Manifest } from './checkpoint/manifest.js';
export { TrainStep, trainStep } from '../step/index.js';
export type { StepResult, StepRunOptions, TrainStepOptions } from '../step/index.js';
export type { CallbackState, TrainerEnd, Callback, TrainerRun } from './callbacks/callback.js';
export type { TrainerEvaluation, TrainerEvent, TrainerStep } from './report.js';
export { TensorBoard } from './callbacks/tensorboard/tensorboard.js';
export type { TensorBoardOptions } from './callbacks/tensorboard/tensorboard.js';
export { Diagnostics } from './diagnostics/diagnostics.js';
export type { DiagnosticsOptions } from './diagnostics/diagnostics.js';
export { diagnose, selectExitCode, formatDiagnosis } from './diagnostics/diagnose.js';
export { diagnosisTitles } from './diagnostics/diagnosis.js';
export type { Diagnosis, DiagnosisCode, Severity } from './diagnostics/diagnosis.js';
export { diagnoseRun, readRunRecord } from './diagnostics/run-directory.js';
export type { DiagnoseRunOptions } from './diagnostics/run-directory.js';
export { readPreparedFacts } from './diagnostics/prepared-facts.js';
export { sampleRun } from './diagnostics/sample-run.js';
export { restoreTrainer, trainWithRestore } from './diagnostics/restore.js';
export type { FailedRun, RestorableEnd, RestorableOptions } from './diagnostics/restore.js';
export type {
  EvaluationRecord,
  OutOfMemoryRecord,
  RunFacts,
  RunHistory,
  RunRecord,
  SampleRecord,
} from './diagnostics/record.js';
export type { GradientExplosion } from './diagnostics/gradient-watch.js';
