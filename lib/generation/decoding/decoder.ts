import type { DecodeState, LanguageModel } from '../../models/interface/index.js';
import type { Sampling, SampledToken, RowInputs } from '../sampling/row.js';

/** Inputs of a decoder. */
export interface DecoderOptions {
  model: LanguageModel;
  /** The ids of each prompt, at least one; they fit the context. */
  prompts: readonly (readonly number[])[];
  /** Rows for each prompt, side by side. */
  copies: number;
  sampling: Sampling;
  /** The most tokens a row will have. */
  maxLength: number;
  /** Tokens that are read again where the context is full. */
  contextKeep: number;
  /** True where rows come with the tokens that a constraint allows. */
  constrained: boolean;
}

/**
 * Sequences side by side, each of its own length: decoding reads the last token of each and adds one to each.
 *
 * @remarks Where a row outgrows the context, the model reads its last `contextKeep` tokens again and goes on from there.
 */
export interface Decoder {
  /** @throws PalabraError of code PAL_ABORTED when the signal fires; the decoder can then only be disposed of */
  decode(rows: readonly RowInputs[], signal?: AbortSignal): Promise<SampledToken[]>;
  /** Frees the state. */
  [Symbol.dispose](): void;
}

/**
 * Each row `copies` times.
 * @param rows - ids of tokens
 * @param copies - a positive integer
 * @returns `rows.length · copies` rows, each an array of its own, the copies of a row side by side
 */
export function repeatRows(rows: readonly (readonly number[])[], copies: number): number[][] {
  return rows.flatMap((row) => Array.from({ length: copies }, () => [...row]));
}

/**
 * Finds the rows that have no place left in the context; those whose text has ended start anew instead.
 * @param state - of all rows
 * @param inputs - of each row
 * @param contextLength - the most tokens of a row (default: no limit)
 * @returns the indices of the rows that are full, and of all others
 */
export function findFullRows(
  state: DecodeState,
  inputs: readonly RowInputs[],
  contextLength = Infinity,
): { full: number[]; others: number[] } {
  const isFull = (row: number): boolean => state.lengths[row]! >= contextLength;
  const all = [...inputs.keys()];
  const ended = all.filter((row) => inputs[row]!.generatedCount < 0 && isFull(row));
  if (ended.length > 0) state.reset(ended);
  return { full: all.filter(isFull), others: all.filter((row) => !isFull(row)) };
}
