import { zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import type { MemoryPiece } from './chunk-layout.js';
import type { OpenSegment } from './memory-state.js';

/**
 * The attention that chunks have received: so far, summed, and by query up to the end of each.
 * @param piece - with the attention of the blocks before; zeros where it has none
 * @param piece.attention - `[B, H, n, S]` each
 * @param piece.keyChunks - the chunk of each key
 * @param piece.layout - of the piece
 * @param open - what earlier pieces of the segment have received
 * @param type - the dtype of the sums
 * @returns `[B, J]` each
 */
export function receiveAttention(
  { attention, keyChunks, layout }: MemoryPiece,
  open: OpenSegment | undefined,
  type: Tensor['dtype'],
): { mass: Tensor; share: Tensor } {
  const like = layout.completes;
  if (attention.length === 0) {
    const mass = open?.mass ?? zeros(like.shape, { dtype: type, device: like.device });
    return { mass, share: mass };
  }
  const mean = attention
    .map((weights) => weights.to(type).mean(1))
    .reduce((sum, part) => sum.add(part))
    .div(attention.length); // B n S
  const received = keyChunks.to(type).matmul(mean.transpose(1, 2)); // B J n
  const upTo = received.mul(layout.prefix.to(type)).sum(-1);
  const before = open?.mass;
  return {
    mass: before === undefined ? received.sum(-1) : before.add(received.sum(-1)),
    share: (before === undefined ? upTo : before.add(upTo)).div(layout.chunkLength),
  };
}

/**
 * Numbers that follow from a chunk's number alone, and look drawn by chance.
 * @param numbers - int64, any shape
 * @returns float64 between 0 and 1, the same shape
 */
export function computeChanceNumbers(numbers: Tensor): Tensor {
  return numbers.to('float64').add(1).mul(12.9898).sin().mul(43758.5453).frac().abs();
}
