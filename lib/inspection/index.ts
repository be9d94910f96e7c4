/** Looking into models: what they are made of, what they need, what they have learned. */
export { ModelSummary, summary } from './summary.js';
export type { SummaryOptions, SummaryRow } from './summary.js';
export type { MemoryEstimate, StepSize } from './memory-estimate.js';
export { EmbeddingSpace } from './embedding-space.js';
export type { EmbeddingPlane, EmbeddingPoint, Neighbour, TokenName } from './embedding-space.js';
export { attentionMaps, attentionSvg } from './attention-maps.js';
export type { AttentionMap } from './attention-maps.js';
export { attentionLayers } from './attention-layers.js';
export type { AttendedKey, AttentionLayer } from './attention-layers.js';
export { attentionPanelSvg } from './attention-panel.js';
export { planeSvg } from './plane-svg.js';
export { attentionPage } from './attention-page.js';
