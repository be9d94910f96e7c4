/** The loss of a model on batches, and any other metric beside it. */
export { LossMetric } from './loss-metric.js';
export { evaluateDataset, listEvaluationBatches, measureBatches } from './measure-batches.js';
export type { SplitLoss } from './measure-batches.js';
