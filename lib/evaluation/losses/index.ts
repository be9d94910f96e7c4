/** The loss of a model on batches, and any other metric beside it. */
export { LossMetric } from './loss-metric.js';
export { evaluateDataset } from './evaluate-dataset.js';
export type { SplitLoss } from './evaluate-dataset.js';
export { listEvaluationBatches, measureBatches } from './measure-batches.js';
