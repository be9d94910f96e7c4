/** Statistics, for what needs nothing else of evaluation. */
export { bootstrapInterval } from './bootstrap.js';
export type { Interval } from './bootstrap.js';
export { cohenDPaired, pairedTTest } from './compare-means.js';
export type { TTest } from './compare-means.js';
export { correlateRanks } from './correlation.js';
export { holm } from './corrections.js';
export { mean, standardDeviation } from './describe.js';
export { wilcoxonTest } from './wilcoxon.js';
export type { WilcoxonTest } from './wilcoxon.js';
