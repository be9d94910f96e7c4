/** palabra: train, evaluate and run small language models, at the speed of libtorch. */
export {
  ArgumentError,
  CheckpointError,
  ConfigError,
  DataError,
  DeviceError,
  DisposedError,
  NativeLoadError,
  OutOfMemoryError,
  PalabraError,
  Progress,
  Random,
  ShapeError,
  errorCodes,
  formatBytes,
  formatCount,
  formatDuration,
  formatInteger,
  isPalabraError,
} from './core/index.js';
export type {
  ErrorClassName,
  ErrorCode,
  ErrorCodeEntry,
  ErrorContext,
  ErrorDetails,
  ProgressOptions,
  ProgressStream,
  ProgressValues,
  RandomState,
} from './core/index.js';
export {
  ByteTokenizer,
  CharTokenizer,
  StreamDecoder,
  loadTokenizer,
  saveTokenizer,
  tokenizerFromJSON,
} from './text/index.js';
export type { CharTokenizerOptions, TextSource, Tokenizer, TokenizerJSON } from './text/index.js';
export * from './tensor/index.js';
export * from './data/index.js';
export {
  CausalSelfAttention,
  Dropout,
  Embedding,
  GeluMlp,
  IGNORED_TARGET,
  KeyValueCache,
  LSTM,
  LSTMLayer,
  LayerNorm,
  Linear,
  Mlp,
  Module,
  RMSNorm,
  ReluSquaredMlp,
  RotaryPositions,
  SwigluMlp,
  attentionWeights,
  buffer,
  causalMask,
  documentMask,
  fanInUniform,
  glorotUniform,
  normalInitializer,
  orthogonal,
  parameter,
  perGate,
  summedTokenLoss,
  tokenLoss,
  transient,
  uniformInitializer,
} from './nn/index.js';
export type {
  AttentionContext,
  Initializer,
  KeysAndValues,
  LSTMOptions,
  LSTMState,
  LinearOptions,
  MlpOptions,
  NamedTensors,
  Rotation,
  SelfAttentionOptions,
  TensorTarget,
  TokenLossOptions,
  TokenLossTerms,
} from './nn/index.js';
export * from './optim/index.js';
export * from './models/index.js';
export * from './generation/index.js';
export * from './evaluation/index.js';
export * from './training/index.js';
