/** The trainer: steps, what goes along with them, checkpoints and run folders. */
export { Trainer } from './trainer.js';
export {
  chooseDefaults,
  countEpochs,
  createDefaultOptimizer,
  createFineTuningOptimizer,
  trainerConfigSchema,
  trainerPresets,
} from './config/index.js';
export type {
  DataSize,
  LimitOptions,
  OptimizerFactory,
  ResumeOptions,
  ScheduleFunction,
  ScheduledRun,
  TrainerConfig,
  TrainerConfigOptions,
  TrainerData,
  TrainerInputs,
  TrainerOptions,
  TrainingDefaults,
} from './config/index.js';
export { readRunConfig, runConfigSchema } from './run-directory/run-config.js';
export type { RunConfig } from './run-directory/run-config.js';
export { watchSignals } from './watch-signals.js';
export type { SignalWatch } from './watch-signals.js';
export { dryRun, overfitOneBatch } from './checks/index.js';
export type { DryRunOptions, DryRunPass, OverfitOptions, OverfitReport } from './checks/index.js';
export { EarlyStopping } from './callbacks/early-stopping.js';
export type { EarlyStoppingOptions } from './callbacks/early-stopping.js';
export { measureSteps } from './measure-steps.js';
export type { MeasureStepsOptions, MeasuredSteps } from './measure-steps.js';
export { findRate } from './find-rate.js';
export type { FindRateOptions, FoundRate, RatePoint } from './find-rate.js';
export { Histograms } from './callbacks/histograms/histograms.js';
export type { HistogramsOptions } from './callbacks/histograms/histograms.js';
export { summarizeHistogram } from './callbacks/histograms/histogram.js';
export type { Histogram, HistogramSummary, NamedHistograms } from './callbacks/histograms/histogram.js';
export { MLflow } from './callbacks/mlflow/mlflow.js';
export type { MLflowOptions } from './callbacks/mlflow/mlflow.js';
export { verifyCheckpoint } from './checkpoint/manifest.js';
export type { Manifest } from './checkpoint/manifest.js';
export type { FileRecord } from '../core/index.js';
export { TrainStep, trainStep } from '../step/index.js';
export type { LossBatch, LossFunction, OwnLoss } from '../models/interface/index.js';
export type { StepResult, StepRunOptions, TrainStepOptions } from '../step/index.js';
export type { CallbackState, TrainerEnd, Callback, TrainerRun } from './callbacks/callback.js';
export type { SetEvaluation, TrainerEvaluation, TrainerEvent, TrainerStep } from './report.js';
export { readModelEvaluation } from './run-directory/model-evaluation.js';
export { TensorBoard } from './callbacks/tensorboard/tensorboard.js';
export type { TensorBoardOptions } from './callbacks/tensorboard/tensorboard.js';
export {
  Diagnostics,
  diagnose,
  diagnoseRun,
  diagnosisTitles,
  formatDiagnosis,
  readPreparedFacts,
  readRunRecord,
  sampleRun,
  selectExitCode,
} from './diagnostics/index.js';
export type {
  DiagnoseRunOptions,
  Diagnosis,
  DiagnosisCode,
  DiagnosticsOptions,
  EvaluationRecord,
  GradientExplosion,
  OutOfMemoryRecord,
  RunFacts,
  RunHistory,
  RunRecord,
  SampleRecord,
  Severity,
} from './diagnostics/index.js';
export { restoreTrainer, trainWithRestore } from './restore.js';
export type { FailedRun, RestorableEnd, RestorableOptions } from './restore.js';
