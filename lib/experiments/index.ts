/** Experiments of many trainings: sweeps of settings. */
export { ExperimentFolder, getJournalPath, readPlan } from './journal/experiment-folder.js';
export { readJournal } from './journal/journal.js';
export type { JournalEntry } from './journal/journal.js';
export type { AttemptEnd, LegEnd, LegFigures } from './journal/run-legs.js';
export { planSweep } from './sweep/plan.js';
export type { SweepPlan } from './sweep/plan.js';
export { describeSweep } from './sweep/describe-sweep.js';
export type { SweepReport } from './sweep/describe-sweep.js';
export { renderSweep } from './sweep/render-sweep.js';
export { runSweep } from './sweep/run-sweep.js';
export type { SweepLeg } from './sweep/run-sweep.js';
export { parseSweep } from './sweep/sweep-config.js';
export type { SweepConfig } from './sweep/sweep-config.js';
