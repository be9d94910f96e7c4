import { raise } from '../../core/index.js';
import { dims, rotary, scaledDotProductAttention } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Dropout } from '../dropout.js';
import type { Initializer } from '../initialize.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import type { KeyValueCache } from './key-value-cache.js';
import { attentionWeights } from './weights.js';
import type { Rotation } from './rotary.js';

/** Sizes and first values of {@link CausalSelfAttention}. */
export interface SelfAttentionOptions {
  /** Width of the residual stream, C. */
  width: number;
  /** Query heads, H. */
  heads: number;
  /** Key and value heads, K; each serves H / K query heads. */
  kvHeads: number;
  bias: boolean;
  /** Dropout of the attention weights. */
  dropout: number;
  initialize: Initializer;
  /** First values of the map back to the residual stream. */
  initializeOutput: Initializer;
}

/** What one call of attention sees besides its input. */
export interface AttentionContext {
  training: boolean;
  /** The turn of queries and keys at these positions, for rotary positions. */
  rotation?: Rotation | undefined;
  /** Earlier tokens; the new ones are added. */
  cache?: KeyValueCache | undefined;
  /** True where a query may look, `[T, S]` or `[B, 1, T, S]`; without it each token sees itself and what came before. */
  mask?: Tensor | undefined;
  /** Receives the attention weights `[B, H, T, S]`. */
  record?: ((weights: Tensor) => void) | undefined;
}

/**
 * Causal self-attention: softmax(QKᵀ/√D + mask)·V per head, with grouped key and value heads.
 * @see Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
 * @see Ainslie et al. 2023, https://arxiv.org/abs/2305.13245
 */
export class CausalSelfAttention extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly weightDropout: Dropout;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;

  constructor({ width, heads, kvHeads, bias, dropout, initialize, initializeOutput }: SelfAttentionOptions) {
    super();
    expectDivisible('width', width, 'heads', heads);
    expectDivisible('heads', heads, 'kvHeads', kvHeads);
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.headWidth = width / heads;
    this.query = new Linear(width, width, { bias, initialize });
    this.key = new Linear(width, kvHeads * this.headWidth, { bias, initialize });
    this.value = new Linear(width, kvHeads * this.headWidth, { bias, initialize });
    this.output = new Linear(width, width, { bias, initialize: initializeOutput });
    this.weightDropout = new Dropout(dropout);
  }

  override summary(): string {
    return `${this.heads} heads of ${this.headWidth}${this.kvHeads === this.heads ? '' : `, ${this.kvHeads} kv heads`}`;
  }

  /**
   * @param x - `[B, T, C]`
   * @returns `[B, T, C]`
   */
  forward(x: Tensor, context: AttentionContext): Tensor {
    const { B, T } = dims(x, 'B T C', { C: this.heads * this.headWidth }, 'CausalSelfAttention.forward');
    const q = this.turned(this.split(this.query.forward(x), this.heads), context); // B H T D
    const k = this.turned(this.split(this.key.forward(x), this.kvHeads), context); // B K T D
    const v = this.split(this.value.forward(x), this.kvHeads); // B K T D
    const { keys, values } = context.cache?.append(k, v) ?? { keys: k, values: v }; // B K S D
    context.record?.(attentionWeights(q, keys, context.mask));
    const mixed = this.attend(q, keys, values, context).transpose(1, 2); // B T H D
    return this.output.forward(mixed.reshape([B, T, this.heads * this.headWidth]));
  }

  private attend(q: Tensor, keys: Tensor, values: Tensor, { mask, training }: AttentionContext): Tensor {
    return scaledDotProductAttention(q, keys, values, {
      mask,
      // A lone query comes last and sees every key.
      causal: mask === undefined && q.shape[2] !== 1,
      dropout: training ? this.weightDropout.probability : 0,
      enableGqa: this.kvHeads !== this.heads,
    });
  }

  private split(x: Tensor, heads: number): Tensor {
    const { B, T } = dims(x, 'B T C');
    return x.view([B, T, heads, this.headWidth]).transpose(1, 2); // B heads T D
  }

  private turned(x: Tensor, { rotation }: AttentionContext): Tensor {
    return rotation === undefined ? x : rotary(x, rotation.cos, rotation.sin);
  }
}

function expectDivisible(name: string, value: number, by: string, divisor: number): void {
  if (value % divisor === 0) return;
  raise('PAL_ARGUMENT', {
    where: 'CausalSelfAttention',
    expected: `${name} to be a multiple of ${by} (${divisor})`,
    received: String(value),
  });
}
