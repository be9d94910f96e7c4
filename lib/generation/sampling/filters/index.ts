/** Filters of the logits of the next token, one file each. */
export { suppressTokens, minTokens } from './suppress-tokens.js';
export type { DeviceContext, LogitFilter, RowContext } from './filter.js';
export { frequencyPenalty, presencePenalty } from './frequency-penalty.js';
export { minP } from './min-p.js';
export { noRepeatNgram } from './no-repeat-ngram.js';
export { repetitionPenalty } from './repetition.js';
export { temperature } from './temperature.js';
export { topK } from './top-k.js';
export { topP } from './top-p.js';
export { typicalP } from './typical.js';
