import { join } from 'node:path';
import type { AdapterStore, TrainingMetadata } from '../../../adapters/index.js';
import { writeFileAtomic } from '../../../core/index.js';
import type { QualityReport } from '../gate/quality-report.js';
import type { TrainingMode } from '../plan/lay-out-passes.js';
import { describeDatasets } from './datasets.js';
import type { TrainedDataset } from './datasets.js';
import type { ReadPlan } from './read-plan.js';

/** `success`: promoted, or nothing to do. `partial`: promoted, but some file was left out. `rejected`: not promoted. */
export type RunStatus = 'success' | 'partial' | 'rejected' | 'failed';

/** The exit codes of a run by its status. */
const EXIT_CODES: Readonly<Record<RunStatus, number>> = { success: 0, partial: 3, rejected: 4, failed: 1 };

/** The file of the last report in a store. */
const REPORT = 'incremental_training_results.json';

/** The content of `incremental_training_results.json`. */
export interface TrainAdaptersReport {
  /** In ISO 8601. */
  start_time: string;
  end_time: string;
  status: RunStatus;
  mode: TrainingMode;
  /** Updates of the whole plan; 0 where there was nothing to do. */
  steps: number;
  /** Those that were made now, not before a crash. */
  steps_made: number;
  datasets_trained: TrainedDataset[];
  /** Names of backups. */
  backups_created: string[];
  /** The version that was made; null for none. */
  version: string | null;
  /** What speaks against the version. */
  reasons: string[];
  /** True for a version that was promoted against these reasons. */
  promoted_anyway: boolean;
  /** The figures of the version; null for none. */
  quality: QualityReport | null;
  /** Examples that are copies of one before, groups of copies, and pairs that are nearly equal. */
  duplicates: { copies: number; exact: number; near: number };
  /** Of the version that is current in the end; null for none. */
  final_metadata: TrainingMetadata | null;
  /** The reason of a failure. */
  error?: string;
}

/** What a report says beside the plan. */
export type RunOutcome = Partial<Omit<TrainAdaptersReport, 'start_time' | 'end_time' | 'mode' | 'duplicates'>>;

/**
 * The exit code of a run.
 * @param status - of its report
 * @returns 0 for success, 3 partial, 4 rejected, 1 failed
 */
export function selectRunExitCode(status: RunStatus): number {
  return EXIT_CODES[status];
}

/**
 * Writes down a run.
 * @param start - of the run
 * @param plan - with what was read
 * @param run - the store and the mode
 * @param run.store - whose current version is described
 * @param run.mode - of the run
 * @param outcome - over that of a run that had nothing to do
 * @returns the report
 */
export function describeRun(
  start: Date,
  plan: ReadPlan,
  { store, mode }: { store: Pick<AdapterStore, 'current'>; mode: TrainingMode },
  outcome: RunOutcome = {},
): TrainAdaptersReport {
  const { copies, exact, near } = plan.duplicates;
  const failed = plan.steps.filter(({ state }) => state === 'failed').length;
  const status = failed === 0 ? 'success' : failed < plan.steps.length ? 'partial' : 'failed';
  return {
    start_time: start.toISOString(),
    end_time: new Date().toISOString(),
    ...{ status, mode, steps: 0, steps_made: 0 },
    datasets_trained: outcome.datasets_trained ?? describeDatasets(plan),
    ...{ backups_created: [], version: null, reasons: [], promoted_anyway: false, quality: null },
    duplicates: { copies, exact: exact.length, near: near.length },
    final_metadata: store.current?.metadata ?? null,
    ...outcome,
  };
}

/**
 * Stores a report beside the versions.
 * @param folder - of the store
 * @param report - of the last run
 * @returns once it is on the disk
 * @throws PalabraError of code PAL_FILE when the disk refuses
 */
export async function writeReport(folder: string, report: TrainAdaptersReport): Promise<void> {
  await writeFileAtomic(join(folder, REPORT), `${JSON.stringify(report, null, 2)}\n`);
}
