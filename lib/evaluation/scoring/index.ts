/** Scores of documents and tokens, for what needs nothing else of evaluation. */
export { scoreDocuments } from './score-documents.js';
export { scoreTokens } from './score-tokens.js';
