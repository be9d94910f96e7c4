import { expectFinite, raise } from '../../../core/index.js';
import type { Tensor } from '../../../tensor/index.js';
import type { LogitFilter } from './filter.js';

/**
 * Subtracts from the logits of generated tokens: their count times the penalty.
 * @param penalty - finite, in logits; below 0 it is added
 * @param where - named in the error (default `frequencyPenalty`)
 * @returns the filter; the prompt's tokens don't count
 * @throws ArgumentError unless it is finite
 */
export function frequencyPenalty(penalty: number, where = 'frequencyPenalty'): LogitFilter {
  expectFinite(where, 'frequencyPenalty', penalty);
  return {
    counts: true,
    onDevice: (logits, { counts }) => logits.sub(expectCounts(where, counts).mul(penalty)),
    onRow: (logits, { tokens, generatedCount }) => {
      for (const id of sliceGenerated(tokens, generatedCount)) logits[id] = logits[id]! - penalty;
    },
  };
}

/**
 * Subtracts the penalty once from the logits of every token that was generated.
 * @param penalty - finite, in logits; below 0 it is added
 * @param where - named in the error (default `presencePenalty`)
 * @returns the filter; the prompt's tokens don't count
 * @throws ArgumentError unless it is finite
 */
export function presencePenalty(penalty: number, where = 'presencePenalty'): LogitFilter {
  expectFinite(where, 'presencePenalty', penalty);
  return {
    counts: true,
    onDevice: (logits, { counts }) => logits.sub(expectCounts(where, counts).gt(0).to('float64').mul(penalty)),
    onRow: (logits, { tokens, generatedCount }) => {
      for (const id of new Set(sliceGenerated(tokens, generatedCount))) logits[id] = logits[id]! - penalty;
    },
  };
}

function expectCounts(where: string, counts: Tensor | undefined): Tensor {
  return counts ?? raise('PAL_INTERNAL', { where, expected: 'counts', received: 'none' });
}

function sliceGenerated(tokens: readonly number[], generatedCount: number): readonly number[] {
  return generatedCount > 0 ? tokens.slice(-generatedCount) : [];
}
