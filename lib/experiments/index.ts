/** Experiments of many trainings: sweeps of settings. */
export { planSweep } from './sweep/plan.js';
export type { Stage, SweepPlan } from './sweep/plan.js';
export { parseSweep } from './sweep/sweep-config.js';
export type { SweepConfig } from './sweep/sweep-config.js';
export type { Point } from './sweep/space.js';
