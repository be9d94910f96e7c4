import { cat, matmul, where } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import type { ChunkLayout } from './chunk-layout.js';

/** Stands for −∞ in logits, so that no difference of two is NaN. */
const HIDDEN = -1e30;

/** The weighted mean of each chunk's tokens, and what its next tokens go on from. */
export interface Pooled {
  /** `[B, J, C]`; any values for chunks that don't end here. */
  summaries: Tensor;
  /** log Σ exp of the logits of each chunk's tokens so far, `[B, J]`. */
  logs: Tensor;
}

/** What earlier pieces have pooled of the chunk that is open. */
export interface OpenPool {
  /** `[B]`. */
  poolLog: Tensor;
  /** `[B, C]`. */
  poolMean: Tensor;
  /** True for the chunk that the first token of the piece goes on with, `[B, J]`. */
  carried: Tensor;
}

/**
 * Pools tokens by chunk: Σ α_t x_t, α the softmax of the logits over the tokens of a chunk.
 * @param x - `[B, n, C]`
 * @param logits - `[B, n]`
 * @param layout - of the piece
 * @param open - what came before of an open chunk; none where each begins here
 * @returns summaries and logs
 */
export function computeChunkSummaries(
  x: Tensor,
  logits: Tensor,
  layout: ChunkLayout,
  open: OpenPool | undefined,
): Pooled {
  const own = where(layout.member, logits.unsqueeze(1), HIDDEN); // B J n
  if (open === undefined) return { summaries: matmul(own.softmax(-1), x), logs: own.logsumexp([-1]) };
  const earlier = where(open.carried, open.poolLog.unsqueeze(1), HIDDEN).unsqueeze(-1); // B J 1
  const all = cat([own, earlier.expand(own.size(0), own.size(1), 1)], -1);
  const values = cat([x, open.poolMean.unsqueeze(1)], 1);
  return { summaries: matmul(all.softmax(-1), values), logs: all.logsumexp([-1]) };
}

/**
 * What the next piece goes on from: the pool of the last token's chunk.
 * @param pooled - of this piece
 * @param last - the chunk of each row's last token in the table, `[B]`, int64
 * @returns `[B]` and `[B, C]`
 */
export function pickOpenPool({ summaries, logs }: Pooled, last: Tensor): Pick<OpenPool, 'poolLog' | 'poolMean'> {
  const index = last.unsqueeze(1); // B 1
  return {
    poolLog: logs.gather(1, index).squeeze(1),
    poolMean: summaries.gather(1, index.unsqueeze(2).expand(-1, 1, summaries.size(2))).squeeze(1),
  };
}
