/** Text from a language model, token by token. */
export { chat } from './chat.js';
export type { ChatOptions } from './chat.js';
export type { ConstraintMatcher, LogitConstraint } from './sampling/constraint.js';
export type { FinishReason, GeneratedToken } from './decoding/sequence.js';
export { StopMatcher } from './decoding/stop.js';
export { demonstrate } from './demo.js';
export type { DemoMemory, DemoOptions, DemoSection } from './demo.js';
export { generate, generateMany, generateTexts } from './generate.js';
export type { GeneratedText, LabelledToken } from './generate.js';
export { generateManyKeys } from './options.js';
export type { GenerateManyOptions, GenerateOptions } from './options.js';
export { comparedPresets, generationPresets, resolvePreset } from './presets.js';
export type { GenerationPreset } from './presets.js';
export * as logitFilters from './sampling/filters/index.js';
export type { DeviceContext, LogitFilter, RowContext } from './sampling/filters/index.js';
export { sample } from './sampling/sampling.js';
export type { SamplingOptions } from './sampling/sampling.js';
