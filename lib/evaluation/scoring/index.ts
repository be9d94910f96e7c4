/** Scores of given text under a model. */
export { splitBlocks, decodeDocument, getText, findUnknownToken } from './document.js';
export type { EncodedDocument, ScoredDocument } from './document.js';
export type { DynamicOptions } from './dynamic.js';
export { scoreDocuments } from './score-documents.js';
export type { FirstTokenRule, ScoreDocumentsOptions, ScoreReport, TextScore } from './score-documents.js';
export { scoreTokens } from './score-tokens.js';
export type { ScoreOptions, TokenScores } from './score-tokens.js';
