import { errorCodes } from './error-codes.js';
import type { ErrorClassName, ErrorCode } from './error-codes.js';

/** Facts about an error that a program can read. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** The facts that an error carries besides its message. */
export interface ErrorContext {
  details?: ErrorDetails | undefined;
  help?: string | undefined;
  cause?: unknown;
}

/** The root of every error the library throws. Programs tell errors apart by `code`. */
export class PalabraError extends Error {
  /** The stable identifier of the problem, e.g. `PAL_SHAPE`. */
  readonly code: ErrorCode;
  /** Facts a program can read; empty when there are none. */
  readonly details: ErrorDetails;
  /** The remedy; empty when the message says all. */
  readonly help: string;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = context.details ?? {};
    this.help = context.help ?? '';
  }
}

/** An argument has the wrong type or value. */
export class ArgumentError extends PalabraError {}

/** A configuration does not fit its schema. */
export class ConfigError extends PalabraError {}

/** Shapes do not fit. */
export class ShapeError extends PalabraError {}

/** A device is absent or does not match. */
export class DeviceError extends PalabraError {}

/** Memory could not be allocated. */
export class OutOfMemoryError extends PalabraError {}

/** A freed object was used. */
export class DisposedError extends PalabraError {}

/** A checkpoint or weight file cannot be used. */
export class CheckpointError extends PalabraError {}

/** A data source cannot be used. */
export class DataError extends PalabraError {}

/** The addon or libtorch cannot be loaded. */
export class NativeLoadError extends PalabraError {}

const classes: Record<ErrorClassName, typeof PalabraError> = {
  PalabraError,
  ArgumentError,
  ConfigError,
  ShapeError,
  DeviceError,
  OutOfMemoryError,
  DisposedError,
  CheckpointError,
  DataError,
  NativeLoadError,
};

/** The parts of an error message. */
export interface ErrorParts {
  /** The public function or config path, e.g. `Linear.forward`. */
  where: string;
  /** The expectation, without a final stop. */
  expected: string;
  /** The value that came instead, usually from {@link show}. */
  received: string;
  /** The likely remedy, as one or more full sentences. */
  fix?: string | undefined;
  details?: ErrorDetails | undefined;
  cause?: unknown;
}

/** Builds the error that {@link raise} throws, for callers that reject or report instead. */
export function createError(code: ErrorCode, parts: ErrorParts): PalabraError {
  const { where, expected, received, fix, details, cause } = parts;
  const message = `[${code}] ${where}: expected ${expected}, received ${received}.${fix ? indentFix(fix) : ''}`;
  return new classes[errorCodes[code].class](code, message, { details, help: fix, cause });
}

function indentFix(fix: string): string {
  return fix.startsWith('\n') ? fix : ` ${fix}`;
}

/**
 * Throws the error class the code belongs to, with the message
 * `[PAL_CODE] where: expected …, received …. fix`.
 *
 * @throws PalabraError always
 */
export function raise(code: ErrorCode, parts: ErrorParts): never {
  throw createError(code, parts);
}

/**
 * Builds the error that the addon throws; `message` is complete as it comes.
 *
 * @param code - a code of the list; any other becomes PAL_INTERNAL
 * @param message - with code, place and remedy
 * @param details - JSON of an object, or plain text kept as `details.native`.
 */
export function createNativeError(code: string, message: string, details?: string): PalabraError {
  const known = isErrorCode(code) ? code : 'PAL_INTERNAL';
  return new classes[errorCodes[known].class](known, message, { details: parseDetails(details) });
}

/** True for a string that is one of the codes of {@link errorCodes}. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code);
}

/** True for an error of this library, whichever realm or copy of it made the value. */
export function isPalabraError(value: unknown): value is PalabraError {
  if (typeof value !== 'object' || value === null || !('code' in value)) return false;
  return typeof value.code === 'string' && isErrorCode(value.code) && 'details' in value;
}

function parseDetails(details: string | undefined): ErrorDetails {
  if (details === undefined || details === '') return {};
  if (!details.startsWith('{')) return { native: details };
  try {
    return JSON.parse(details) as ErrorDetails;
  } catch {
    return { native: details };
  }
}
