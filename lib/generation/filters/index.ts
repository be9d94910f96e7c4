/** What changes the logits of the next token, one file each. */
export { banned, minTokens } from './banned.js';
export type { DeviceContext, LogitFilter, RowContext } from './filter.js';
export { minP } from './min-p.js';
export { noRepeatNgram } from './no-repeat-ngram.js';
export { occurrencePenalty } from './occurrence.js';
export type { OccurrencePenalties } from './occurrence.js';
export { repetitionPenalty } from './repetition.js';
export { temperature } from './temperature.js';
export { topK } from './top-k.js';
export { topP } from './top-p.js';
export { typicalP } from './typical.js';
