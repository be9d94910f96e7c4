import type { LanguageModel } from '../../models/interface/index.js';
import type { Sampling, SampledToken, RowInputs } from '../sampling/row.js';

/** Inputs of a decoder. */
export interface DecoderOptions {
  model: LanguageModel;
  /** The first tokens of each row, as many in each; they fit the context. */
  rows: readonly (readonly number[])[];
  /** Rows for each of them, side by side. */
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
 * Sequences side by side, all as long: decoding reads the last token of each and adds one to each.
 *
 * @remarks Where they outgrow the context, the model reads the last `contextKeep` tokens again and goes on from there.
 */
export interface Decoder {
  /** Tokens of every row so far. */
  readonly length: number;
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
