import { KeyValueCache } from '../../nn/index.js';
import type { KeysAndValues } from '../../nn/index.js';
import { dims, isGradEnabled, noGrad } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** Keys and values of one layer for the open segment, in tensors of a state that it does not own. */
export class SegmentCache extends KeyValueCache {
  constructor(
    /** `[B, K, S, D]` each. */
    private readonly buffers: KeysAndValues,
    /** `[B, n]`, int64, where the new tokens stand in the segment; undefined where they open it and see only themselves. */
    private readonly places: Tensor | undefined,
  ) {
    super();
  }

  /**
   * Writes new keys and values at their positions.
   * @param keys - `[B, K, n, D]`, floating
   * @param values - `[B, K, n, D]`, floating
   * @returns `[B, K, S, D]`, those of later positions to be masked; the new ones alone, `[B, K, n, D]`, where they open
   *   the segment
   */
  override append(keys: Tensor, values: Tensor): KeysAndValues {
    return { keys: this.write(this.buffers.keys, keys), values: this.write(this.buffers.values, values) };
  }

  private write(buffer: Tensor, source: Tensor): Tensor {
    const { n } = dims(source, 'B K n D');
    if (this.places === undefined) {
      noGrad(() => void buffer.narrow(2, 0, n).copy_(source));
      return source;
    }
    const index = this.places.unsqueeze(1).unsqueeze(-1).expand(source.shape); // B K n D
    if (!isGradEnabled()) return buffer.scatter_(2, index, source.to(buffer.dtype)).to(source.dtype);
    const written = buffer.to(source.dtype).scatter(2, index, source);
    noGrad(() => void buffer.copy_(written));
    return written;
  }
}
