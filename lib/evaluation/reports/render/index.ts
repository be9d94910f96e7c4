/** Reports as text, CSV, JSON and pages. */
export { renderComparison } from './comparison.js';
export type { RenderComparisonOptions } from './comparison.js';
export { renderEvaluation } from './evaluation.js';
export type { ReportFormat } from './evaluation.js';
export { buildLossChart } from './loss-chart.js';
export { renderValidation } from './validation.js';
