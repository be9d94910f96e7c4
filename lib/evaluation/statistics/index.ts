/** Statistics, for what needs nothing else of evaluation. */
export { bootstrapInterval } from './bootstrap.js';
export type { Interval } from './bootstrap.js';
export { cohenDPaired, pairedTTest } from './compare-means.js';
export { computeRankCorrelation } from './correlation.js';
export { holm } from './corrections.js';
export { mean, standardDeviation } from './describe.js';
export { computeStudentTail } from './distributions.js';
export { findDetectableEffect } from './power.js';
export { wilcoxonTest } from './wilcoxon.js';
