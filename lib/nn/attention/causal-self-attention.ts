import { raise } from '../../core/index.js';
import { dims, rotary } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Dropout } from '../dropout.js';
import type { Initializer } from '../initialize.js';
import { Linear } from '../linear.js';
import { Module } from '../module.js';
import { RMSNorm } from '../norms.js';
import { mapsPerHead, newMixing } from './attention-type.js';
import type { AttentionType } from './attention-type.js';
import type { KeyValueCache } from './key-value-cache.js';
import type { Mixing } from './mixing.js';
import type { Rotation } from './rotary.js';

/** What is done to queries and keys, head by head, before they turn and meet. */
export type QueryKeyNorm = { type: 'none' } | { type: 'rms'; eps: number };

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
  /** How scores become a mixture of values (default `softmax`). */
  attention?: AttentionType;
  /** Normalisation of queries and keys (default `none`). */
  queryKeyNorm?: QueryKeyNorm;
  /** The place of the layer, from 0 (default 0). */
  layer?: number;
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

/** Queries, keys and values by head. */
export interface HeadTensors {
  /** `[B, H, T, D]`; with two maps a head `[B, 2H, T, D/2]`, the first of all heads before the second. */
  queries: Tensor;
  /** `[B, K, T, D]`, or `[B, 2K, T, D/2]`. */
  keys: Tensor;
  /** `[B, K, T, D]`. */
  values: Tensor;
}

/**
 * Causal self-attention: softmax(QKᵀ/√D + mask)·V per head, with grouped key and value heads.
 * @see Vaswani et al. 2017, https://arxiv.org/abs/1706.03762
 * @see Ainslie et al. 2023, https://arxiv.org/abs/2305.13245, for grouped heads
 * @see Henry et al. 2020, https://arxiv.org/abs/2010.04245, for normalised queries and keys
 */
export class CausalSelfAttention extends Module {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly queryNorm: RMSNorm | undefined;
  readonly keyNorm: RMSNorm | undefined;
  readonly weightDropout: Dropout;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Maps of weights in each head. */
  readonly maps: number;
  readonly mixing: Mixing;

  constructor(options: SelfAttentionOptions) {
    super();
    const { width, heads, kvHeads, bias, dropout, initialize, initializeOutput } = options;
    expectDivisible('width', width, 'heads', heads);
    expectDivisible('heads', heads, 'kvHeads', kvHeads);
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.headWidth = width / heads;
    const { attention = { type: 'softmax' }, layer = 0 } = options;
    this.maps = mapsPerHead(attention);
    expectDivisible('width / heads', this.headWidth, 'the maps of a head', this.maps);
    this.query = new Linear(width, width, { bias, initialize });
    this.key = new Linear(width, kvHeads * this.headWidth, { bias, initialize });
    this.value = new Linear(width, kvHeads * this.headWidth, { bias, initialize });
    this.output = new Linear(width, width, { bias, initialize: initializeOutput });
    this.queryNorm = newHeadNorm(this.headWidth / this.maps, options.queryKeyNorm);
    this.keyNorm = newHeadNorm(this.headWidth / this.maps, options.queryKeyNorm);
    this.weightDropout = new Dropout(dropout);
    this.mixing = newMixing(attention, this.headWidth, layer);
  }

  override summary(): string {
    return `${this.heads} heads of ${this.headWidth}${this.kvHeads === this.heads ? '' : `, ${this.kvHeads} kv heads`}`;
  }

  /**
   * @param x - `[B, T, C]`
   * @returns `[B, T, C]`
   */
  forward(x: Tensor, context: AttentionContext): Tensor {
    return this.mix(this.project(x, context), context);
  }

  /** Queries, keys and values of the input `[B, T, C]`, queries and keys normalised and turned. */
  project(x: Tensor, { rotation }: AttentionContext): HeadTensors {
    dims(x, 'B T C', { C: this.heads * this.headWidth }, 'CausalSelfAttention.forward');
    const place = (heads: Tensor) => turned(heads.transpose(1, 2), rotation); // B heads T D
    const queries = split(this.query.forward(x), this.maps * this.heads); // B T H D
    const keys = split(this.key.forward(x), this.maps * this.kvHeads); // B T K D
    return {
      queries: place(this.queryNorm?.forward(queries) ?? queries),
      keys: place(this.keyNorm?.forward(keys) ?? keys),
      values: split(this.value.forward(x), this.kvHeads).transpose(1, 2),
    };
  }

  /** The output `[B, T, C]` for queries, keys and values. */
  mix({ queries, keys: newKeys, values: newValues }: HeadTensors, context: AttentionContext): Tensor {
    const { B, T } = dims(queries, 'B H T D');
    const { mask, cache, training } = context;
    const places = cache?.places;
    const { keys, values } = cache?.append(newKeys, newValues) ?? { keys: newKeys, values: newValues }; // B K S D
    context.record?.(this.mixing.weights(queries, keys, { mask, places, dropout: 0 }));
    const dropout = training ? this.weightDropout.probability : 0;
    const mixed = this.mixing.forward(queries, keys, values, { mask, places, dropout }).transpose(1, 2); // B T H D
    return this.output.forward(mixed.reshape([B, T, this.heads * this.headWidth]));
  }
}

function newHeadNorm(width: number, norm: QueryKeyNorm = { type: 'none' }): RMSNorm | undefined {
  return norm.type === 'none' ? undefined : new RMSNorm(width, { eps: norm.eps });
}

/** `[B, T, heads · D]` → `[B, T, heads, D]`. */
function split(x: Tensor, heads: number): Tensor {
  const { B, T, C } = dims(x, 'B T C');
  return x.view([B, T, heads, C / heads]);
}

function turned(x: Tensor, rotation: Rotation | undefined): Tensor {
  return rotation === undefined ? x : rotary(x, rotation.cos, rotation.sin);
}

function expectDivisible(name: string, value: number, by: string, divisor: number): void {
  if (value % divisor === 0) return;
  raise('PAL_ARGUMENT', {
    where: 'CausalSelfAttention',
    expected: `${name} to be a multiple of ${by} (${divisor})`,
    received: String(value),
  });
}
