/** Language models, what they share, and how they are stored. */
export { LanguageModel } from './language-model.js';
export type { DecodeState, ForwardContext, GradientOptions, LanguageModelConfig, Recorder } from './language-model.js';
export { Gpt, GptBlock } from './gpt.js';
export { gptConfigSchema } from './gpt-config.js';
export type { GptConfig, GptOptions } from './gpt-config.js';
export { GptState } from './gpt-state.js';
export { LstmDecodeState, LstmLanguageModel } from './lstm.js';
export { lstmConfigSchema, lstmPresets } from './lstm-config.js';
export type { LstmModelConfig, LstmModelOptions } from './lstm-config.js';
export { generationConfigSchema } from './generation-config.js';
export type { GenerationConfig } from './generation-config.js';
export { lossConfigSchema } from './loss-config.js';
export type { LossConfig } from './loss-config.js';
export { buildModel, modelKinds } from './registry.js';
export { loadModel, saveModel } from './save.js';
export type { LoadedModel, SaveModelOptions } from './save.js';
