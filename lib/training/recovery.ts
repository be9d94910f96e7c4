import { isPalabraError, raise } from '../core/index.js';
import type { TrainerEvent } from './report.js';

/** Where the pieces of a batch are counted, and who hears of changes. */
export interface RecoveryContext {
  step: number;
  /** Rows of the batch. */
  rows: number;
  /** Pieces to start with. */
  pieces: number;
  emit: (event: TrainerEvent) => void;
}

/**
 * Makes an attempt with more and smaller pieces each time that memory runs out.
 * @returns what the attempt gave, and the pieces that it took
 * @throws OutOfMemoryError when a single row doesn't fit
 */
export async function withRecovery<T>(
  { step, rows, pieces, emit }: RecoveryContext,
  attempt: (pieces: number) => Promise<T>,
): Promise<{ result: T; pieces: number }> {
  for (let count = pieces; ; count = Math.min(rows, count * 2)) {
    try {
      return { result: await attempt(count), pieces: count };
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      if (count >= rows) exhausted(step, error);
      emit({ type: 'out-of-memory', step, rows, pieces: Math.min(rows, count * 2) });
    }
  }
}

function isOutOfMemory(error: unknown): boolean {
  return isPalabraError(error) && error.code === 'PAL_OUT_OF_MEMORY';
}

function exhausted(step: number, cause: unknown): never {
  raise('PAL_OUT_OF_MEMORY', {
    where: 'Trainer',
    expected: 'memory for a single row',
    received: `none at step ${step}`,
    fix: 'Use shorter windows, bfloat16, a smaller model or gradient checkpointing.',
    details: { step },
    cause,
  });
}
