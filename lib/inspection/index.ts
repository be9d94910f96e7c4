/** Looking into models: what they are made of and what they need. */
export { ModelSummary, summary } from './summary.js';
export type { SummaryOptions, SummaryRow } from './summary.js';
export type { MemoryEstimate, StepSize } from './memory-estimate.js';
