/** What every other folder stands on: errors, argument checks and plain services without libtorch. */
export { errorCodes } from './error-codes.js';
export type { ErrorClassName, ErrorCode, ErrorCodeEntry } from './error-codes.js';
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
  ShapeError,
  fromNative,
  isErrorCode,
  isPalabraError,
  problem,
  raise,
} from './errors.js';
export type { ErrorContext, ErrorDetails, Problem } from './errors.js';
export {
  expectBoolean,
  expectCount,
  expectFinite,
  expectFunction,
  expectInteger,
  expectOneOf,
  expectPositiveInteger,
  expectProbability,
  expectRange,
  expectString,
} from './expect.js';
export type { Range } from './expect.js';
export { show } from './show.js';
export { didYouMean, suggest } from './suggest.js';
