/** Evaluation of language models: loss on unseen text, generated text, and whether a loss can be believed. */
export { evaluate } from './scoring/perplexity.js';
export type { EvaluateOptions, Evaluation } from './scoring/perplexity.js';
export { withBatch } from './scoring/batch.js';
export { assertCausal, verify } from './verify/index.js';
export type { AssertCausalOptions, Check, CheckName, Verdict, VerifyOptions, VerifyReport } from './verify/index.js';
export * from './metrics/index.js';
export * from './statistics/index.js';
export * from './scoring/index.js';
export * from './reports/render/index.js';
export * from './reports/index.js';
