import type { createNativeError } from '../core/errors/index.js';

/** Reads batches of a token file on a thread of its own; freed when it is forgotten. */
export interface NativeTokenReader {
  readonly native: 'token reader';
}

/** The ids and targets of a batch, row-major. */
export interface NativeTokens {
  inputs: Int32Array;
  targets: Int32Array;
}

/** The data part of `palabra.node`, which needs no libtorch. */
export interface DataAddon {
  initialize(makeError: typeof createNativeError): void;
  /** Reads a duplicate of the descriptor; the first token is at `offset`, ids are below `vocabSize` unless it is 0. */
  openTokens(
    descriptor: number,
    offset: number,
    length: number,
    bytesPerToken: number,
    vocabSize: number,
  ): NativeTokenReader;
  /**
   * Queues a batch.
   *
   * @param spans - five numbers a span: low and high half of the start, count, position in the batch, first target
   */
  requestBatch(reader: NativeTokenReader, positions: number, padding: number, spans: Uint32Array): void;
  /** The oldest batch requested, waited for. */
  takeBatch(reader: NativeTokenReader): NativeTokens;
  /** Forgets what was requested. */
  clearBatches(reader: NativeTokenReader): void;
  /** Ends the thread of a reader; later requests are refused. */
  closeTokens(reader: NativeTokenReader): void;
  /** Ends the threads of all readers. */
  stop(): void;
}
