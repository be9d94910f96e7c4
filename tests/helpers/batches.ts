import type { TokenBatch } from '../../lib/data/index.js';
import type { Tensor } from '../../lib/tensor/index.js';

/** A batch of the ids and targets in rows. */
export function batchOfRows(inputs: readonly number[][], targets: readonly number[][]): TokenBatch {
  const [first = []] = inputs;
  return {
    inputs: Int32Array.from(inputs.flat()),
    targets: Int32Array.from(targets.flat()),
    shape: [inputs.length, first.length],
  };
}

/** A batch of the ids and targets in tensors, each `[B, T]`. */
export function batchOfTensors(inputs: Tensor, targets: Tensor): TokenBatch {
  return batchOfRows(inputs.tolist() as number[][], targets.tolist() as number[][]);
}
