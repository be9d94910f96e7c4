/** Modules: layers with parameters that find themselves, and the losses they train on. */
export { AttentionKernel } from './attention/attention-kernel.js';
export type {
  AttentionKernelOptions,
  HeadLayout,
  HeadMeasures,
  KernelFactory,
  KernelLocation,
} from './attention/attention-kernel.js';
export {
  attentionSchema,
  countKernelParameters,
  countSoftmaxMaps,
  measureAttentionHead,
  resolveAttention,
} from './attention/attention-type.js';
export type { AttentionType } from './attention/attention-type.js';
export { CausalSelfAttention } from './attention/causal-self-attention.js';
export type { AttentionContext, QKV, QueryKeyNorm, SelfAttentionOptions } from './attention/causal-self-attention.js';
export { DifferentialScalarAttention } from './attention/differential-scalar.js';
export { DifferentialV2Attention } from './attention/differential-v2.js';
export type { DifferentialV2Options } from './attention/differential-v2.js';
export { DifferentialAttention } from './attention/differential.js';
export type { DifferentialOptions } from './attention/differential.js';
export { KeyValueCache } from './attention/key-value-cache.js';
export type { KeysAndValues } from './attention/key-value-cache.js';
export { LogitSoftCapAttention } from './attention/logit-soft-cap.js';
export type { RotaryScaling } from './attention/rotary-scaling.js';
export { RotaryPositions } from './attention/rotary.js';
export type { RotaryAngles, RotaryPairs } from './attention/rotary.js';
export { SlidingWindowAttention } from './attention/sliding-window.js';
export { SoftmaxAttention } from './attention/softmax.js';
export { causalMask, computeAttentionWeights, documentMask } from './attention/weights.js';
export type { AttentionWeightsOptions } from './attention/weights.js';
export type { TensorTarget } from './convert.js';
export { watchForward } from './hooks.js';
export type { ForwardWatcher, WatchForwardOptions } from './hooks.js';
export {
  fanInUniform,
  gatewiseInitializer,
  glorotUniform,
  normalInitializer,
  orthogonal,
  uniformInitializer,
  withoutInitialization,
  zeroInitializer,
} from './initialize.js';
export type { Initializer } from './initialize.js';
export { Dropout } from './layers/dropout.js';
export { Embedding } from './layers/embedding.js';
export type { EmbeddingOptions } from './layers/embedding.js';
export { Linear } from './layers/linear.js';
export type { LinearOptions } from './layers/linear.js';
export { GeluMlp, Mlp, ReluSquaredMlp, SwigluMlp } from './layers/mlp.js';
export type { MlpOptions } from './layers/mlp.js';
export { LayerNorm, RMSNorm } from './layers/norms.js';
export { SinusoidalPositions } from './layers/sinusoidal.js';
export { StochasticDepth } from './layers/stochastic-depth.js';
export { IGNORED_TARGET, sumSquaredLogPartitions, sumTokenLoss, tokenLoss } from './losses.js';
export type { TokenLossOptions, TokenLossTerms } from './losses.js';
export { Module } from './module.js';
export type { NamedParametersOptions, NamedTensors } from './module.js';
export { matchName, selectParameters } from './name-patterns.js';
export type { PatternPlace } from './name-patterns.js';
export { copyParts, createQuantizedFilling, fillQuantized, prepareQuantized } from './quantization/fill.js';
export type { PutTensor, RowsPart } from './quantization/fill.js';
export { dequantizeRows, isQuantized, quantizeRows, quantizedLinearReference } from './quantization/rows.js';
export { getWeightFormat, groupSizes, weightFormats } from './quantization/layout.js';
export type { RowLayout, WeightFormat, WeightLayout } from './quantization/layout.js';
export type { QuantizedRows } from './quantization/rows.js';
export { dequantizeWeights, listQuantizable, listQuantized, quantizeWeights } from './quantization/weights.js';
export type { ModelLayout, QuantizableModule, QuantizeOptions } from './quantization/weights.js';
export { LSTM, LSTMLayer } from './recurrent/lstm.js';
export type { LSTMContext, LSTMMasks, LSTMOptions, LSTMOutput, LSTMState } from './recurrent/lstm.js';
export { linearCrossEntropyReference, rmsNormReference, rotaryReference } from './reference.js';
export { getParameterRole, buffer, holdParameter, parameter } from './parameters.js';
export type { ParameterKind, ParameterRole } from './roles.js';
export type { BufferOptions } from './parameters.js';
export { copyState, listBaseWeights, setBaseWeights } from './state.js';
