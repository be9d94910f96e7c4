import { checkOptions, expectPositiveInteger } from '../../core/index.js';
import { arange, cat, dims } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import {
  AttentionKernel,
  attendFused,
  attentionKernelKeys,
  defineAttention,
  needsWeights,
} from './attention-kernel.js';
import type { AttentionKernelOptions } from './attention-kernel.js';
import { computeAttentionWeights, causalMask } from './weights.js';

/** A window that no text fills. */
const ALL = 2 ** 31 - 1;

/** The fewest queries that are worth a call of their own. */
const MIN_BLOCK = 64;

/**
 * softmax(QKᵀ/√D + mask) · V, where a query sees itself and the window − 1 tokens before it. Queries go in blocks with
 * the keys they can see, so that time and memory grow with T · window.
 * @see Beltagy et al. 2020, https://arxiv.org/abs/2004.05150, section 3.1
 */
export class SlidingWindowAttention extends AttentionKernel {
  /** @param window - tokens that a query sees, itself included */
  constructor(readonly window: number) {
    super();
    expectPositiveInteger('SlidingWindowAttention', 'window', window);
  }

  override extraRepr(): string {
    return this.window === ALL ? 'all tokens' : `${this.window} tokens`;
  }

  weights(q: Tensor, keys: Tensor, options: AttentionKernelOptions): Tensor {
    checkOptions('SlidingWindowAttention.weights', options, attentionKernelKeys);
    return computeAttentionWeights(q, keys, { mask: this.createBandMask(q, keys, options) });
  }

  forward(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    checkOptions('SlidingWindowAttention.forward', options, attentionKernelKeys);
    const { T } = dims(q, 'B H T D', {}, 'SlidingWindowAttention.forward');
    const { S } = dims(keys, 'B K S D', {}, 'SlidingWindowAttention.forward');
    if (needsWeights(q, options)) return this.attendUnfused(q, keys, values, options);
    if (S <= this.window) return attendFused(q, keys, values, options);
    if (options.cachePositions !== undefined) return this.attendBand(q, keys, values, options);
    const size = Math.max(this.window, MIN_BLOCK);
    const starts = Array.from({ length: Math.ceil(T / size) }, (_, i) => i * size);
    const mixed = starts.map((start) => this.attendBlock(q, keys, values, options, [start, Math.min(size, T - start)]));
    return mixed.length === 1 ? mixed[0]! : cat(mixed, 2);
  }

  /** Computes attention of `length` queries from `start` on to the keys that any of them can see. */
  private attendBlock(
    q: Tensor,
    keys: Tensor,
    values: Tensor,
    { mask, dropout }: AttentionKernelOptions,
    [start, length]: readonly [number, number],
  ): Tensor {
    const past = keys.size(2) - q.size(2) + start;
    const from = Math.max(0, past + 1 - this.window);
    const seen = past + length - from;
    const part = mask?.narrow(-2, start, length).narrow(-1, from, seen);
    const [ownKeys, ownValues] = [keys.narrow(2, from, seen), values.narrow(2, from, seen)]; // B K seen D
    return this.attendBand(q.narrow(2, start, length), ownKeys, ownValues, { mask: part, dropout });
  }

  private attendBand(q: Tensor, keys: Tensor, values: Tensor, options: AttentionKernelOptions): Tensor {
    // A lone query at the end of no more keys than the window sees them all.
    const alone = q.shape[2] === 1 && options.cachePositions === undefined;
    const mask = alone ? options.mask : this.createBandMask(q, keys, options);
    return attendFused(q, keys, values, { mask, dropout: options.dropout });
  }

  /** True where a query may look and the key is within the window. */
  private createBandMask(q: Tensor, keys: Tensor, { mask, cachePositions }: AttentionKernelOptions): Tensor {
    const [T, S] = [q.size(2), keys.size(2)];
    const near =
      cachePositions === undefined
        ? causalMask(T, S, q.device).triu(S - T + 1 - this.window)
        : createWindowMask(S, cachePositions, this.window);
    return mask === undefined ? near : mask.logicalAnd(near);
  }
}

/** True where a key is among the last `window` up to a query, `[T, S]` for positions `[T]`, `[B, 1, T, S]` for `[B, T]`. */
function createWindowMask(S: number, cachePositions: Tensor, window: number): Tensor {
  const first = cachePositions.unsqueeze(-1).sub(window);
  const near = arange(S, { dtype: 'int64', device: cachePositions.device }).gt(first);
  return cachePositions.shape.length === 1 ? near : near.unsqueeze(1);
}

/** The `slidingWindow` type of attention. */
export const slidingWindowAttention = defineAttention({
  schema: (z) =>
    z.strictObject({
      type: z.literal('slidingWindow'),
      window: z.int().min(1).describe('Tokens that a token sees, itself included.'),
      layers: z
        .array(z.int().min(0))
        .exactOptional()
        .describe('Layers with the window, from 0; the others see all. Default: every layer.'),
    }),
  softmaxMaps: 1,
  create: ({ window, layers }, { layer }) =>
    new SlidingWindowAttention(layers === undefined || layers.includes(layer) ? window : ALL),
});
