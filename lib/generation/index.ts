/** Text from a language model, token by token. */
export { generate } from './generate.js';
export type { GenerateOptions, GeneratedPiece } from './generate.js';
export { sample } from './sampling.js';
export type { SamplingOptions } from './sampling.js';
export { DecodeSession } from './session.js';
export { StopMatcher } from './stop.js';
