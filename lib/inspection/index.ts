/** Looking into models: what they are made of, what they need, what they have learned. */
export { summarizeAttention } from './attention-layers.js';
export type { AttendedKey, AttentionLayer } from './attention-layers.js';
export { collectAttentionMaps, renderAttentionMap } from './attention-maps.js';
export type { AttentionMap } from './attention-maps.js';
export { renderAttentionPage } from './attention-page.js';
export { renderAttentionPanel } from './attention-panel.js';
export { EmbeddingSpace } from './embedding-space.js';
export type { EmbeddingPlane, EmbeddingPoint, Neighbour, TokenName } from './embedding-space.js';
export type { MemoryEstimate, StepSize } from './memory-estimate.js';
export { renderEmbeddingPlane } from './plane-svg.js';
export { ModelSummary, summarize } from './summary.js';
export type { SummaryOptions, SummaryRow } from './summary.js';
export { measureCovariancePhi } from './whole-sequence/covariance-phi.js';
export type { CovariancePhi } from './whole-sequence/covariance-phi.js';
export { computePhiLogits, defaultPhiWeights, loadPhiWeights, savePhiWeights } from './whole-sequence/phi-weights.js';
export type { LearnedPhiWeights, PhiConstraint, PhiWeights } from './whole-sequence/phi-weights.js';
export { measureSequencePhi } from './whole-sequence/sequence-phi.js';
export type { SequencePhi, SequencePhiOptions } from './whole-sequence/sequence-phi.js';
