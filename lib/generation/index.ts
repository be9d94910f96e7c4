/** Text from a language model, token by token. */
export * as logitFilters from './filters/index.js';
export type { DeviceContext, LogitFilter, OccurrencePenalties, RowContext } from './filters/index.js';
export { generate, generateMany, generateTexts } from './generate.js';
export type { GeneratedText, LabelledPiece } from './generate.js';
export type { GenerateManyOptions, GenerateOptions } from './options.js';
export { sample } from './sampling.js';
export type { SamplingOptions } from './sampling.js';
export type { FinishReason, GeneratedPiece } from './sequence.js';
export { StopMatcher } from './stop.js';
export { chat } from './chat.js';
export type { ChatOptions } from './chat.js';
export { demo } from './demo.js';
export type { DemoMemory, DemoOptions, DemoPart } from './demo.js';
export { comparedPresets, generationPresets } from './presets.js';
export type { GenerationPreset } from './presets.js';
export { expectSameVocabulary } from './vocabulary.js';
