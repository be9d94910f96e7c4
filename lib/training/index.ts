/** The trainer: steps, what goes along with them, checkpoints and run folders. */
export { expectedEpochs } from './budget.js';
export type { BudgetOptions, DataSize } from './budget.js';
export { verifyCheckpoint } from './checkpoint/manifest.js';
export type { FileRecord, Manifest } from './checkpoint/manifest.js';
export { diagnose, diagnosisExitCode, formatDiagnosis } from './diagnostics/diagnose.js';
export { diagnosisTitles } from './diagnostics/diagnosis.js';
export type { Diagnosis, DiagnosisCode, Severity } from './diagnostics/diagnosis.js';
export type { GradientExplosion } from './diagnostics/gradient-watch.js';
export { Diagnostics } from './diagnostics/part.js';
export type { DiagnosticsOptions } from './diagnostics/part.js';
export { preparedFacts } from './diagnostics/prepared-facts.js';
export type {
  EvaluationRecord,
  OutOfMemoryRecord,
  RunFacts,
  RunHistory,
  RunRecord,
  SampleRecord,
} from './diagnostics/record.js';
export { restoredTrainer, trainWithRestore } from './diagnostics/restore.js';
export type { FailedRun, RestorableEnd, RestorableOptions } from './diagnostics/restore.js';
export { diagnoseRun, readRunRecord } from './diagnostics/run-directory.js';
export type { DiagnoseRunOptions } from './diagnostics/run-directory.js';
export { sampleRun } from './diagnostics/sample-run.js';
export { dryRun } from './dry-run.js';
export type { DryRunOptions, DryRunPass } from './dry-run.js';
export { evaluateDataset } from './evaluator.js';
export type { SplitLoss } from './evaluator.js';
export { interruptible } from './interruptible.js';
export type { SignalWatch } from './interruptible.js';
export { overfitOneBatch } from './overfit.js';
export type { OverfitOptions, OverfitReport } from './overfit.js';
export type { PartState, TrainerEnd, TrainerPart, TrainerRun } from './part.js';
export { EarlyStopping } from './parts/early-stopping.js';
export type { EarlyStoppingOptions } from './parts/early-stopping.js';
export { defaultOptimizer, recipeFor, trainerPresets } from './recipe.js';
export type { Recipe } from './recipe.js';
export type { TrainerEvaluation, TrainerEvent, TrainerStep } from './report.js';
export { readRunConfig, runConfigSchema } from './run-config.js';
export type { RunConfig } from './run-config.js';
export { TensorBoard } from './tensorboard/part.js';
export type { TensorBoardOptions } from './tensorboard/part.js';
export { TrainingStep, trainingStep } from './train-step.js';
export type { StepResult, TrainingStepOptions } from './train-step.js';
export { trainerConfigSchema } from './trainer-config.js';
export type { TrainerConfig, TrainerConfigOptions } from './trainer-config.js';
export type { ResumeOptions, TrainerData, TrainerMetric, TrainerOptions, TrainerSubjects } from './trainer-options.js';
export { Trainer } from './trainer.js';
