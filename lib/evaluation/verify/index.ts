/** Checks of whether a model's loss can be believed. */
export { assertCausal, verify } from './verify.js';
export type { AssertCausalOptions, VerifyOptions } from './verify.js';
export type { Check, CheckName, Verdict, VerifyReport } from './report.js';
