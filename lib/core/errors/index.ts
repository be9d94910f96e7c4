/** The errors of the library and their codes: all that the native edge needs of core. */
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
  createError,
  createNativeError,
  isErrorCode,
  isPalabraError,
  raise,
} from './errors.js';
export type { ErrorContext, ErrorDetails, ErrorParts } from './errors.js';
