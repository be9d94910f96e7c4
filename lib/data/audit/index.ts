/** Contamination check: exact and near duplicates between the splits of a corpus. */
export { checkContamination, countDuplicateWindows } from './audit-splits.js';
export type { ContaminationOptions, DuplicateExample, PairContamination, ContaminationReport } from './audit-splits.js';
