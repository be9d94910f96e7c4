import type { TokenBatch } from '../../data/index.js';
import { tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/**
 * Hands a batch over as tensors, each `[B, T]`, int64, and frees them when `work` is done.
 * @returns what `work` returns
 */
export async function withBatch<T>(
  rows: TokenBatch,
  work: (inputs: Tensor, targets: Tensor) => Promise<T>,
  device = 'cpu',
): Promise<T> {
  const options = { shape: rows.shape, dtype: 'int64', device } as const;
  using inputs = tensor(rows.inputs, options).keep();
  using targets = tensor(rows.targets, options).keep();
  return await work(inputs, targets);
}
