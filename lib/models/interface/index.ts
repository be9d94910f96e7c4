/** What every language model is: the interface that the rooms to the right know models by. */
export { generationConfigSchema } from './generation-config.js';
export type { GenerationConfig } from './generation-config.js';
export { LanguageModel, accumulateLossGradients, describeModel, isLanguageModel } from './language-model.js';
export type { LossOutput, PositionReport } from './loss-output.js';
export type {
  DecodeState,
  ForwardContext,
  GradientOptions,
  LanguageModelConfig,
  LossBatch,
  LossFunction,
  OwnLoss,
  Recorder,
  StateTraits,
} from './language-model.js';
export { lossConfigSchema } from './loss-config.js';
export type { LossConfig } from './loss-config.js';
export { isPretrained } from './pretrained.js';
export { expectRowForEachToken } from './vocabulary.js';
