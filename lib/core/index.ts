/** The base of every other folder: errors, argument checks and plain services without libtorch. */
export { moveDirectory, writeDirectoryAtomic, writeFileAtomic } from './atomic-files.js';
export type { FileContent } from './atomic-files.js';
export { listConfigFields } from './config-fields.js';
export type { ConfigField } from './config-fields.js';
export { checkConfig, parseConfig } from './config.js';
export type { ConfigProblem } from './config.js';
export { deferSchema } from './deferred-schema.js';
export type { Zod } from './deferred-schema.js';
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
  errorCodes,
  isErrorCode,
  isPalabraError,
  raise,
} from './errors/index.js';
export type {
  ErrorClassName,
  ErrorCode,
  ErrorCodeEntry,
  ErrorContext,
  ErrorDetails,
  ErrorParts,
} from './errors/index.js';
export {
  expectBoolean,
  expectCount,
  expectFinite,
  expectFunction,
  expectInteger,
  expectOneOf,
  expectPositiveInteger,
  expectNotNegative,
  expectProbability,
  expectRange,
  expectString,
} from './arguments/expect.js';
export type { Range } from './arguments/expect.js';
export { checkNested, checkOptions, omitType, pickOptions } from './arguments/options.js';
export type { OptionCheck, OptionChecks } from './arguments/options.js';
export { readFileLines } from './file-lines.js';
export type { FileLine } from './file-lines.js';
export { hashFile, listOwnFiles } from './file-hashes.js';
export type { FileRecord } from './file-hashes.js';
export { accessFile, createDirectory, createParent, isSystemError, throwFileError } from './file-error.js';
export { formatBytes, formatCount, formatDuration, formatInteger } from './format.js';
export { decodeNonFinite, encodeNonFinite } from './json-numbers.js';
export { acquireLock } from './lock-file.js';
export type { FileLock, LockOwner } from './lock-file.js';
export { Progress } from './work/progress.js';
export type { ProgressOptions, ProgressValues } from './work/progress.js';
export type { ProgressStream } from './work/progress-stream.js';
export { Turns, runAtOnce } from './work/turns.js';
export { Random } from './random.js';
export type { RandomState } from './random.js';
export { isPlainSettings, overlaySettings } from './overlay-settings.js';
export type { PlainSettings } from './overlay-settings.js';
export { show } from './show.js';
export { formatSuggestion, formatUnknownKey, suggest } from './arguments/suggest.js';
