/** What a run's record says about its health. */
export { Diagnostics } from './diagnostics.js';
export type { DiagnosticsOptions } from './diagnostics.js';
export { diagnose, selectExitCode, formatDiagnosis } from './diagnose.js';
export { diagnosisTitles } from './diagnosis.js';
export type { Diagnosis, DiagnosisCode, Severity } from './diagnosis.js';
export { diagnoseRun, readRunRecord } from './run-directory.js';
export type { DiagnoseRunOptions } from './run-directory.js';
export { readPreparedFacts } from './prepared-facts.js';
export { sampleRun } from './sample-run.js';
export type { EvaluationRecord, OutOfMemoryRecord, RunFacts, RunHistory, RunRecord, SampleRecord } from './record.js';
export type { GradientExplosion } from './gradient-watch.js';
