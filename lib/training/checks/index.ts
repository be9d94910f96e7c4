/** Short trials of a model before it is trained. */
export { dryRun } from './dry-run.js';
export type { DryRunOptions, DryRunPass } from './dry-run.js';
export { overfitOneBatch } from './overfit.js';
export type { OverfitOptions, OverfitReport } from './overfit.js';
