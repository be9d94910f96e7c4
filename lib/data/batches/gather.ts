import { NO_TARGET } from './batch.js';
import type { TokenBatch } from './batch.js';
import type { BatchPlan, TokenSpan } from './plan.js';
import type { TokenRow } from '../corpus/tokens.js';

/** Ids and targets of one batch, row-major. */
export interface GatheredTokens {
  inputs: Int32Array;
  targets: Int32Array;
}

/**
 * Reads the tokens of a plan. The reference implementation of the native reader.
 *
 * @param padding - the input outside the spans
 */
export function gatherTokens(tokens: TokenRow, plan: BatchPlan, padding: number): GatheredTokens {
  const size = plan.shape[0] * plan.shape[1];
  const inputs = new Int32Array(size).fill(padding);
  const targets = new Int32Array(size).fill(NO_TARGET);
  for (const {
    start,
    count,
    position,
    firstTarget = 0,
    counted = [{ start: firstTarget, end: count }],
  } of plan.spans) {
    const ids = tokens.subarray(start, start + count + 1);
    inputs.set(ids.subarray(0, count), position);
    for (const { start, end } of counted) targets.set(ids.subarray(1 + start, 1 + end), position + start);
  }
  return { inputs, targets };
}

/** A batch from its plan and its tokens. */
export function createBatch(
  { shape, examples, spans, packed, resetState }: BatchPlan,
  tokens: GatheredTokens,
): TokenBatch {
  return {
    ...tokens,
    shape,
    examples,
    ...(packed === true ? numberPackedDocuments(shape, spans) : {}),
    ...(resetState === undefined ? {} : { resetState }),
  };
}

/** Numbers the documents of each row and the positions within them; padding is a document of its own. */
function numberPackedDocuments(
  [rows, time]: BatchPlan['shape'],
  spans: readonly TokenSpan[],
): Pick<Required<TokenBatch>, 'documents' | 'positions'> {
  const documents = new Int32Array(rows * time);
  const positions = new Int32Array(rows * time);
  const held = new Int32Array(rows);
  const filled = new Int32Array(rows);
  const add = (row: number, at: number, count: number): void => {
    documents.fill(held[row]!, at, at + count);
    for (let i = 0; i < count; i++) positions[at + i] = i;
    held[row]!++;
    filled[row] = at + count - row * time;
  };
  for (const { position, count } of spans) add(Math.floor(position / time), position, count);
  filled.forEach((end, row) => add(row, row * time + end, time - end));
  return { documents, positions };
}
