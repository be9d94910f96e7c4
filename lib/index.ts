/**
 * palabra: train, evaluate and run small language models, at the speed of libtorch. This door holds what most programs
 * need; `palabra/tensor`, `palabra/nn` and the other folders hold the rest.
 */
export { PalabraError, Progress, formatCount, isPalabraError } from './core/index.js';
export {
  PackedDataset,
  StreamDataset,
  WindowDataset,
  computeDatasetStatistics,
  computeUnigramEntropy,
  csvFiles,
  jsonLines,
  loadHuggingFaceDataset,
  openPrepared,
  parquetFiles,
  prepare,
  textFiles,
  textLines,
  windows,
} from './data/index.js';
export type { Dataset, TokenBatch } from './data/index.js';
export {
  compareModels,
  evaluate,
  evaluateModel,
  renderComparison,
  splitTextBlocks,
  verify,
} from './evaluation/index.js';
export type { ComparedModel } from './evaluation/index.js';
export { chat, generate, generateMany, generateTexts, generationPresets } from './generation/index.js';
export type { GenerateOptions } from './generation/index.js';
export { summarize } from './inspection/index.js';
export {
  Gpt,
  LanguageModel,
  LstmLanguageModel,
  buildModel,
  gptPresets,
  loadModel,
  lstmPresets,
  saveHuggingFace,
  saveModel,
} from './models/index.js';
export { Module } from './nn/index.js';
export { AdamW, Muon } from './optim/index.js';
export { Tensor, manualSeed, memory, noGrad, program, scope, setThreads, tensor } from './tensor/index.js';
export {
  BpeTokenizer,
  ByteTokenizer,
  CharTokenizer,
  WordTokenizer,
  analyzeCorpus,
  loadTokenizer,
  saveTokenizer,
} from './text/index.js';
export type { TextSource, Tokenizer } from './text/index.js';
export { Diagnostics, TensorBoard, Trainer, watchSignals, trainerPresets } from './training/index.js';
export type { TrainerOptions, TrainerStep } from './training/index.js';
