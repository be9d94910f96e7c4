import { expectRange } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { MemoryStats } from '../../native/index.js';
import type { DType } from '../dtype.js';
import { listLiveSites, recordSites as recordLiveSites } from './lifetime.js';

/** A live tensor, with the line that made it. */
export interface LiveTensor {
  shape: number[];
  dtype: DType;
  /** `function (file:line:column)`. */
  site: string;
}

/**
 * Tensors and bytes held by this thread now, and at the peak.
 * @returns counts of tensors and bytes, now and at the peak, and the number of open scopes
 */
export function stats(): MemoryStats {
  return loadAddon().memoryStats();
}

/** Starts a new peak at the bytes held now. */
export function resetPeak(): void {
  loadAddon().resetPeak();
}

/**
 * Lets operators fail that would make the tensors of the process hold more on the CPU, where a container would end it.
 * A trainer then goes on with smaller pieces of its batches. Of several threads the one that asks for the least decides.
 * @param bytes - the most that all tensors may hold, at least 0; Infinity for no limit, as at the start
 * @throws ArgumentError when it is no number of bytes; afterwards, OutOfMemoryError from such operators
 */
export function setLimit(bytes: number): void {
  const limit = bytes === Infinity ? bytes : expectRange('memory.setLimit', 'bytes', bytes, { min: 0 });
  loadAddon().setMemoryLimit(Math.min(Math.floor(limit), Number.MAX_SAFE_INTEGER));
}

/**
 * Starts or stops recording where each tensor is made; it slows every operator down.
 * @param enabled - true (default) starts; false stops and forgets what was recorded
 */
export function recordSites(enabled = true): void {
  recordLiveSites(enabled);
}

/**
 * The live tensors of those made since {@link recordSites} was switched on.
 * @returns shape, dtype and site of each
 */
export function listLive(): LiveTensor[] {
  return [...listLiveSites()].map(([slot, site]) => ({
    shape: loadAddon().shape(slot),
    dtype: loadAddon().dtype(slot),
    site,
  }));
}
