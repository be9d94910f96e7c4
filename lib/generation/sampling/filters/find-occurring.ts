import { dims, where, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';

/**
 * Finds the tokens of the vocabulary that occur in each row.
 * @param ids - `[B, N]`, int64; negative ones don't count
 * @param V - the size of the vocabulary, above every id
 * @returns `[B, V]`, bool
 */
export function findOccurring(ids: Tensor, V: number): Tensor {
  const { B } = dims(ids, 'B N');
  // One more column than tokens takes what doesn't count.
  const columns = where(ids.lt(0), V, ids);
  return zeros([B, V + 1], { dtype: 'bool', device: ids.device })
    .scatter(1, columns, true)
    .narrow(1, 0, V);
}
