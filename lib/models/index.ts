/** Language models, what they share, and how they are stored. */
export { GptBlock } from './gpt/gpt-block.js';
export type { GptHiddenStates } from './gpt/gpt-block.js';
export { gptConfigSchema } from './gpt/gpt-config.js';
export type { GptConfig, GptOptions } from './gpt/gpt-config.js';
export type { GptLogits } from './gpt/gpt.js';
export { gptPresets } from './gpt/gpt-presets.js';
export { countParameters } from './gpt/gpt-size.js';
export { nanologicConfigSchema, parseNanologicConfig } from './gpt/nanologic-config.js';
export type { NanologicModel, NanologicOptions } from './gpt/nanologic-config.js';
export type { GptPositions } from './gpt/gpt-positions.js';
export { GptState } from './gpt/gpt-state.js';
export { Gpt } from './gpt/gpt.js';
export type { InfinitoHiddenStates } from './infinito/hidden-states.js';
export { infinitoConfigSchema } from './infinito/infinito-config.js';
export type { InfinitoConfig, InfinitoOptions } from './infinito/infinito-config.js';
export { listLegacyShapes } from './infinito/legacy-shapes.js';
export type { LegacyInfinitoSizes } from './infinito/legacy-shapes.js';
export { infinitoPresets } from './infinito/infinito-presets.js';
export type { StateTensors } from './infinito/infinito-state.js';
export { InfinitoState } from './infinito/infinito-state.js';
export { Infinito } from './infinito/infinito.js';
export { measurePrefixPhi } from './infinito/prefix-metrics/measure-phi.js';
export { LanguageModel, generationConfigSchema, isLanguageModel, lossConfigSchema } from './interface/index.js';
export type {
  DecodeState,
  ForwardContext,
  GenerationConfig,
  GradientOptions,
  LanguageModelConfig,
  LossConfig,
  LossOutput,
  PositionReport,
  Recorder,
  StateTraits,
} from './interface/index.js';
export type { Architecture, LeastSize } from './interface/architecture.js';
export { expectRows, expectSameState } from './interface/rows.js';
export { SegmentedLanguageModel } from './interface/segmented-model.js';
export type { PassInputs, SegmentedForward } from './interface/segmented-model.js';
export { lstmConfigSchema, lstmPresets } from './lstm/lstm-config.js';
export type { LstmModelConfig, LstmModelOptions } from './lstm/lstm-config.js';
export { LstmDecodeState } from './lstm/lstm-state.js';
export { LstmLanguageModel } from './lstm/lstm.js';
export { importGguf } from './storage/gguf/import.js';
export type { ImportGgufOptions, ImportedModel } from './storage/gguf/import.js';
export { importHub } from './storage/hub/import-hub.js';
export type { HubModel, ImportHubOptions } from './storage/hub/import-hub.js';
export { weightTypes } from './storage/gguf/contents.js';
export { loadGguf } from './storage/gguf/load.js';
export type { LoadGgufOptions } from './storage/gguf/load.js';
export type { Convention, TensorRule } from './storage/hugging-face/convention.js';
export { loadHuggingFace, saveHuggingFace } from './storage/hugging-face/hugging-face.js';
export type { SaveHuggingFaceOptions } from './storage/hugging-face/hugging-face.js';
export { architectures, buildModel, findArchitecture, registerModel } from './storage/registry.js';
export type { ModelDescription } from './storage/registry.js';
export type { LoadModelOptions, LoadedModel, SaveModelOptions } from './storage/save-options.js';
export {
  loadModel,
  readEvaluation,
  readPreprocess,
  restoreWeights,
  saveModel,
  saveModelTensors,
} from './storage/save.js';
