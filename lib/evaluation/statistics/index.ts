/** Statistics: intervals, tests and effect sizes. */
export { bootstrapInterval } from './bootstrap.js';
export type { BootstrapOptions, Interval } from './bootstrap.js';
export { cohenD, cohenDPaired, pairedTTest, welchTTest } from './compare-means.js';
export type { EffectSize, TTest } from './compare-means.js';
export { bonferroni, holm } from './corrections.js';
export { wilcoxonTest } from './wilcoxon.js';
export type { WilcoxonTest } from './wilcoxon.js';
