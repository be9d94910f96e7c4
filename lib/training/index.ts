/** The trainer: steps, what goes along with them, checkpoints and run folders. */
export { Trainer } from './trainer.js';
export type { ResumeOptions, TrainerData, TrainerOptions, TrainerInputs } from './trainer-options.js';
export { trainerConfigSchema } from './trainer-config.js';
export type { TrainerConfig, TrainerConfigOptions } from './trainer-config.js';
export { readRunConfig, runConfigSchema } from './run-config.js';
export type { RunConfig } from './run-config.js';
export { watchSignals } from './watch-signals.js';
export type { SignalWatch } from './watch-signals.js';
export { dryRun } from './dry-run.js';
export type { DryRunOptions, DryRunPass } from './dry-run.js';
export { overfitOneBatch } from './overfit.js';
export type { OverfitOptions, OverfitReport } from './overfit.js';
export { countEpochs } from './limits.js';
export type { LimitOptions, DataSize } from './limits.js';
export { createDefaultOptimizer, chooseDefaults, trainerPresets } from './defaults.js';
export type { TrainingDefaults } from './defaults.js';
export { EarlyStopping } from './callbacks/early-stopping.js';
export type { EarlyStoppingOptions } from './callbacks/early-stopping.js';
export { verifyCheckpoint } from './checkpoint/manifest.js';
export type { FileRecord, Manifest } from './checkpoint/manifest.js';
export { TrainStep, trainStep } from '../step/index.js';
export type { StepResult, StepRunOptions, TrainStepOptions } from '../step/index.js';
export type { CallbackState, TrainerEnd, Callback, TrainerRun } from './callback.js';
export type { TrainerEvaluation, TrainerEvent, TrainerStep } from './report.js';
export { TensorBoard } from './tensorboard/tensorboard.js';
export type { TensorBoardOptions } from './tensorboard/tensorboard.js';
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
