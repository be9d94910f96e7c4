/** The error classes of the library; every code belongs to exactly one. */
export type ErrorClassName =
  | 'PalabraError'
  | 'ArgumentError'
  | 'ConfigError'
  | 'ShapeError'
  | 'DeviceError'
  | 'OutOfMemoryError'
  | 'DisposedError'
  | 'CheckpointError'
  | 'DataError'
  | 'NativeLoadError';

/** An error code's entry: the class that carries it and one line for the reader. */
export interface ErrorCodeEntry {
  class: ErrorClassName;
  doc: string;
}

const entries = {
  PAL_ARGUMENT: { class: 'ArgumentError', doc: 'An argument has the wrong type or lies outside its range.' },
  PAL_CONFIG: { class: 'ConfigError', doc: 'A configuration does not fit its schema; every problem is listed.' },
  PAL_SHAPE: { class: 'ShapeError', doc: 'Tensor shapes do not fit each other or the operation.' },
  PAL_DEVICE: { class: 'DeviceError', doc: 'A device is unknown or absent, or tensors live on different devices.' },
  PAL_OUT_OF_MEMORY: { class: 'OutOfMemoryError', doc: 'Memory for a tensor could not be allocated.' },
  PAL_DISPOSED: { class: 'DisposedError', doc: 'A tensor or another native object was used after it was freed.' },
  PAL_CHECKPOINT: { class: 'CheckpointError', doc: 'A checkpoint or weight file is missing, damaged or unfit.' },
  PAL_DATA: { class: 'DataError', doc: 'A data source is missing, empty or malformed.' },
  PAL_NATIVE_LOAD: { class: 'NativeLoadError', doc: 'The addon or libtorch could not be found or loaded.' },
  PAL_OPERATOR: { class: 'ArgumentError', doc: 'An operator of libtorch refused its arguments.' },
  PAL_DTYPE: { class: 'ArgumentError', doc: 'An element type is unknown or does not fit the operation.' },
  PAL_AUTOGRAD: { class: 'ArgumentError', doc: 'A gradient was asked for where none can be computed.' },
  PAL_PROGRAM_VALUE: { class: 'PalabraError', doc: 'A tensor value was read while a program was being recorded.' },
  PAL_PROGRAM: { class: 'PalabraError', doc: 'A program could not be recorded or replayed.' },
  PAL_ABORTED: { class: 'PalabraError', doc: 'The work was stopped through its AbortSignal.' },
  PAL_UNSUPPORTED: { class: 'ArgumentError', doc: 'The call is valid but not supported on this build or device.' },
  PAL_FILE: { class: 'PalabraError', doc: 'A file or directory could not be read or written.' },
  PAL_LOCKED: { class: 'PalabraError', doc: 'Another process holds the lock on a directory or file.' },
  PAL_INSTALL: { class: 'NativeLoadError', doc: 'The libtorch to fetch could not be had, checked or installed.' },
  PAL_CAUSALITY: { class: 'PalabraError', doc: 'A model sees the tokens it has to predict.' },
  PAL_NON_FINITE: { class: 'PalabraError', doc: 'A loss or gradient is NaN or infinite; no weight was changed.' },
  PAL_DIVERGED: { class: 'PalabraError', doc: 'Gradients exploded; the run was ended before they were saved.' },
  PAL_INTERNAL: { class: 'PalabraError', doc: 'An invariant of the library does not hold; please report it.' },
} as const satisfies Record<string, ErrorCodeEntry>;

/** One of the codes of {@link errorCodes}. */
export type ErrorCode = keyof typeof entries;

/** Every error code of the library, listed once. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeEntry>> = entries;
