/** Statistics, for what needs nothing else of evaluation. */
export { bootstrapInterval } from './bootstrap.js';
export type { Interval } from './bootstrap.js';
export { pairedTTest } from './compare-means.js';
export { computeRankCorrelation } from './correlation.js';
export { mean } from './describe.js';
