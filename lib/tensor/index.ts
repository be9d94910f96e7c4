/** Tensors of libtorch: creation, functions, gradients, lifetimes, programs. */
import './methods.js';

export { aten, palabra } from './aten.js';
export {
  detectAnomaly,
  backward,
  enableGrad,
  grad,
  isGradEnabled,
  inferenceMode,
  noGrad,
} from './autograd/autograd.js';
export type { BackwardOptions, GradOptions, OneOrMore } from './autograd/autograd.js';
export { getAutocastDType, withAutocast } from './autograd/autocast.js';
export type { AutocastOptions } from './autograd/autocast.js';
export {
  isCudaAvailable,
  areDeterministicAlgorithmsEnabled,
  listDevices,
  expectDevice,
  hasFastBfloat16,
  setThreads,
  synchronize,
  getThreads,
  useDeterministicAlgorithms,
} from './device.js';
export type { Device } from './device.js';
export { dims } from './dims.js';
export type { Dims } from './dims.js';
export { dtypes, getItemSize, isComplex, isFloatingPoint } from './dtype.js';
export type { DTypeName, MemoryStats } from '../native/index.js';
export type { DType, Scalar } from './dtype.js';
export { tensor } from './conversion/from-data.js';
export type { TensorOptions } from './conversion/from-data.js';
export * from './functional/index.js';
export { Generator } from './generator.js';
export { gradCheck } from './autograd/grad-check.js';
export type { GradCheckOptions, GradCheckReport } from './autograd/grad-check.js';
export * as memory from './lifetimes/memory.js';
export type { LiveTensor } from './lifetimes/memory.js';
export type { FunctionMethods } from './methods.js';
export { getOperator } from './operator.js';
export type { OperatorCaller } from './operator.js';
export type { ToOptions } from './convert.js';
export { Program, program } from './programs/program.js';
export type { ProgramOptions, ProgramArguments, ProgramCallOptions } from './programs/program.js';
export { manualSeed, getRandomState, setRandomState, withGenerator } from './random.js';
export * from './safetensors/index.js';
export { Scope, scope } from './lifetimes/scope.js';
export { receive, share, unshare } from './lifetimes/sharing.js';
export type { SharedTensor } from './lifetimes/sharing.js';
export { Tensor, isTensor } from './tensor.js';
export type { Nested, TypedArray } from './conversion/typed-arrays.js';
