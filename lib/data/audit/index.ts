/** What the parts of a corpus share: exact and near duplicates. */
export { checkContamination, countDuplicateWindows } from './audit-splits.js';
export type { ContaminationOptions, DuplicateExample, PairContamination, ContaminationReport } from './audit-splits.js';
