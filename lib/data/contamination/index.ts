/** Contamination check: exact and near duplicates between the splits of a corpus. */
export { checkContamination, countDuplicateWindows } from './check-contamination.js';
export type {
  ContaminationOptions,
  DuplicateExample,
  PairContamination,
  ContaminationReport,
} from './check-contamination.js';
