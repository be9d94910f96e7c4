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
  { shape, examples, spans, packed, labels, resetState }: BatchPlan,
  tokens: GatheredTokens,
): TokenBatch {
  return {
    ...tokens,
    shape,
    examples,
    ...(packed === true ? numberPackedDocuments(shape, spans) : {}),
    ...(labels === undefined ? {} : { labels: gatherLabels(labels, shape, spans) }),
    ...(resetState === undefined ? {} : { resetState }),
  };
}

/** The labels of the targets, which stand one token behind their inputs. */
function gatherLabels(labels: Uint16Array, [rows, time]: BatchPlan['shape'], spans: readonly TokenSpan[]): Int32Array {
  const gathered = new Int32Array(rows * time);
  for (const { start, count, position } of spans) gathered.set(labels.subarray(start + 1, start + count + 1), position);
  return gathered;
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
  for (const { position, count, breaks = [] } of spans) {
    const starts = [0, ...breaks, count];
    for (let i = 1; i < starts.length; i++)
      add(Math.floor(position / time), position + starts[i - 1]!, starts[i]! - starts[i - 1]!);
  }
  filled.forEach((end, row) => add(row, row * time + end, time - end));
  return { documents, positions };
}
