import { isPalabraError, raise } from '../../core/index.js';
import type { TrainerEvent } from '../report.js';

/** The batch whose micro-batches are counted, and the listener for changes. */
export interface RetryContext {
  step: number;
  /** Rows of the batch. */
  rows: number;
  /** Micro-batches to start with. */
  microBatches: number;
  emit: (event: TrainerEvent) => void;
}

/**
 * Makes an attempt with more and smaller micro-batches each time that memory runs out.
 * @param context - step, rows of the batch, micro-batches to start with, and the listener that hears of each retry
 * @param attempt - is given the number of micro-batches, doubled each time, at most one a row
 * @returns the result of the attempt, and the micro-batches that it took
 * @throws OutOfMemoryError when a single row doesn't fit
 */
export async function retryOnOutOfMemory<T>(
  { step, rows, microBatches, emit }: RetryContext,
  attempt: (microBatches: number) => Promise<T>,
): Promise<{ result: T; microBatches: number }> {
  for (let count = microBatches; ; count = Math.min(rows, count * 2)) {
    try {
      return { result: await attempt(count), microBatches: count };
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      if (count >= rows) throwOutOfMemory(step, error);
      emit({ type: 'out-of-memory', step, rows, microBatches: Math.min(rows, count * 2) });
    }
  }
}

/**
 * Makes an update; smaller micro-batches would leave it no more memory.
 * @param step - its number, for the error
 * @param update - changes every weight or none
 * @returns the result of the update
 * @throws OutOfMemoryError that says so when it doesn't fit; whatever else `update` throws
 */
export async function explainUpdateMemory<T>(step: number, update: () => Promise<T>): Promise<T> {
  try {
    return await update();
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    raise('PAL_OUT_OF_MEMORY', {
      where: 'Trainer',
      expected: 'memory for the update',
      received: `none at step ${step}`,
      fix: 'No weight was changed. Use AdamW, which takes the least, or a smaller model.',
      details: { step },
      cause: error,
    });
  }
}

function isOutOfMemory(error: unknown): boolean {
  return isPalabraError(error) && error.code === 'PAL_OUT_OF_MEMORY';
}

function throwOutOfMemory(step: number, cause: unknown): never {
  raise('PAL_OUT_OF_MEMORY', {
    where: 'Trainer',
    expected: 'memory for a single row',
    received: `none at step ${step}`,
    fix: 'Use shorter windows, bfloat16, a smaller model or gradient checkpointing.',
    details: { step },
    cause,
  });
}
