/** Whether a model's loss can be believed: it sees no token that it predicts. */
export type { Check, CheckName, Verdict, VerifyReport } from './report.js';
export { assertCausal, verify } from './verify.js';
export type { AssertCausalOptions, VerifyOptions } from './verify.js';
