import type { OptionChecks } from '../../core/index.js';
import { checkOptions, raise } from '../../core/index.js';
import { dims, rotary } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Dropout } from '../layers/dropout.js';
import type { Initializer } from '../initialize.js';
import { Linear } from '../layers/linear.js';
import { Module } from '../module.js';
import { RMSNorm } from '../layers/norms.js';
import type { KeyValueCache } from './key-value-cache.js';
import { measureHead } from './attention-kernel.js';
import type { AttentionKernel, KernelFactory } from './attention-kernel.js';
import { SoftmaxAttention } from './softmax.js';
import type { RotaryAngles } from './rotary.js';

/** Normalisation of queries and keys by head, before they are rotated. */
export type QueryKeyNorm = { type: 'none' } | { type: 'rms'; eps: number };

/** Sizes and initial values of {@link CausalSelfAttention}. */
export interface SelfAttentionOptions {
  /** Width of the residual stream, C. */
  width: number;
  /** Query heads, H. */
  heads: number;
  /** Key and value heads, K; each serves H / K query heads. */
  kvHeads: number;
  /** Width of a head, D (default C / H). */
  headWidth?: number | undefined;
  /** Bias vectors of queries, keys and values. */
  bias: boolean;
  /** A bias vector of the map back to the residual stream (default as `bias`). */
  outputBias?: boolean;
  /** Dropout of the attention weights. */
  dropout: number;
  initialize: Initializer;
  /** Initial values of the map to values (default as `initialize`). */
  initializeValue?: Initializer | undefined;
  /** Initial values of the map back to the residual stream. */
  initializeOutput: Initializer;
  /** The way to attend, as {@link resolveAttention} gives it for a configuration (default: softmax). */
  attention?: KernelFactory;
  /** Normalisation of queries and keys (default `none`). */
  queryKeyNorm?: QueryKeyNorm;
  /** The index of the layer, from 0 (default 0). */
  layer?: number;
}

/** Attention by one softmax a head. */
const plainAttention: KernelFactory = { softmaxMaps: 1, create: () => new SoftmaxAttention() };
/** The keys of {@link SelfAttentionOptions}. */
export const selfAttentionKeys: OptionChecks<SelfAttentionOptions> = {
  headWidth: true,
  outputBias: true,
  width: true,
  heads: true,
  kvHeads: true,
  bias: true,
  dropout: true,
  initialize: true,
  initializeValue: true,
  initializeOutput: true,
  attention: true,
  queryKeyNorm: true,
  layer: true,
};

/** The context of one call of attention. */
export interface AttentionContext {
  training: boolean;
  /** The angles by which queries and keys are rotated, for rotary positions. */
  rotary?: RotaryAngles | undefined;
  /** Earlier tokens; the new ones are added. */
  cache?: KeyValueCache | undefined;
  /** True where a query may look, `[T, S]` or `[B, 1, T, S]`; without it each token sees itself and what came before. */
  mask?: Tensor | undefined;
  /** `[B, T]`, int64: the documents that `mask` keeps apart, where it does no more than that. */
  documents?: Tensor | undefined;
  /** Receives the attention weights `[B, H, T, S]`. */
  record?: ((weights: Tensor) => void) | undefined;
}

/** The keys of {@link AttentionContext}. */
export const attentionContextKeys: OptionChecks<AttentionContext> = {
  training: true,
  rotary: true,
  cache: true,
  mask: true,
  documents: true,
  record: true,
};

/** Queries, keys and values by head. */
export interface QKV {
  /** `[B, H, T, D]`; with two softmax maps a head `[B, 2H, T, D/2]` or `[B, 2H, T, D]`, in the order of the kernel. */
  queries: Tensor;
  /** `[B, K, T, D]`, or as the queries. */
  keys: Tensor;
  /** `[B, K, T, D]`. */
  values: Tensor;
  /** What the kernel needs of the input besides, `[B, T, …]`. */
  gates?: Tensor | undefined;
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
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Softmax maps of a head. */
  readonly softmaxMaps: number;
  /** The keys of a key head. */
  readonly keyMaps: number;
  readonly kernel: AttentionKernel;

  constructor(options: SelfAttentionOptions) {
    super();
    checkOptions('CausalSelfAttention', options, selfAttentionKeys);
    const { width, heads, kvHeads, bias, dropout, initialize, initializeOutput } = options;
    if (options.headWidth === undefined) expectDivisible('width', width, 'heads', heads);
    expectDivisible('heads', heads, 'kvHeads', kvHeads);
    this.width = width;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.headWidth = options.headWidth ?? width / heads;
    const { attention = plainAttention, layer = 0, outputBias = bias } = options;
    const { queries, keys, width: mapWidth } = measureHead(attention, this.headWidth);
    this.softmaxMaps = queries;
    this.keyMaps = keys;
    const measure = options.headWidth === undefined ? 'width / heads' : 'headWidth';
    if (attention.mapWidth !== 'whole')
      expectDivisible(measure, this.headWidth, 'the softmax maps of a head', this.softmaxMaps);
    const inner = heads * this.headWidth;
    this.query = new Linear(width, heads * queries * mapWidth, { bias, initialize });
    this.key = new Linear(width, kvHeads * keys * mapWidth, { bias, initialize });
    this.value = new Linear(width, kvHeads * this.headWidth, {
      bias,
      initialize: options.initializeValue ?? initialize,
    });
    this.output = new Linear(inner, width, { bias: outputBias, initialize: initializeOutput });
    this.queryNorm = createHeadNorm(mapWidth, options.queryKeyNorm);
    this.keyNorm = createHeadNorm(mapWidth, options.queryKeyNorm);
    this.weightDropout = new Dropout(dropout);
    this.kernel = attention.create({ width, heads, headWidth: this.headWidth, layer });
  }

  override extraRepr(): string {
    return `${this.heads} heads of ${this.headWidth}${this.kvHeads === this.heads ? '' : `, ${this.kvHeads} kv heads`}`;
  }

  /**
   * Computes attention of every token to itself and those before it.
   * @param x - `[B, T, C]`, floating
   * @param context - angles, cache, mask and whether dropout acts
   * @returns `[B, T, C]` in the dtype of `x`
   * @throws ShapeError when C is another width than the module's
   */
  forward(x: Tensor, context: AttentionContext): Tensor {
    checkOptions('CausalSelfAttention.forward', context, attentionContextKeys);
    return this.attend(this.project(x, context), context);
  }

  /**
   * Queries, keys and values of the input, queries and keys normalised and rotated.
   * @param x - `[B, T, C]`, floating
   * @param context - only its `rotary` is read: angles of `[T, D/2]` or `[B, T, D/2]`
   * @returns queries `[B, H, T, D]`, keys and values `[B, K, T, D]`, as {@link QKV} says with two softmax maps
   */
  project(x: Tensor, context: AttentionContext): QKV {
    const { rotary } = checkOptions('CausalSelfAttention.project', context, attentionContextKeys);
    dims(x, 'B T C', { C: this.width }, 'CausalSelfAttention.forward');
    const rotate = (heads: Tensor) => applyRotary(heads.transpose(1, 2), rotary); // B heads T D
    const queries = splitHeads(this.query.forward(x), this.softmaxMaps * this.heads); // B T H D
    const keys = splitHeads(this.key.forward(x), this.keyMaps * this.kvHeads); // B T K D
    return {
      queries: rotate(this.queryNorm?.forward(queries) ?? queries),
      keys: rotate(this.keyNorm?.forward(keys) ?? keys),
      values: splitHeads(this.value.forward(x), this.kvHeads).transpose(1, 2),
      gates: this.kernel.computeGates(x),
    };
  }

  /**
   * The output for queries, keys and values; a cache takes the new keys and values in.
   * @param qkv - of the new tokens, as {@link CausalSelfAttention.project} gives them
   * @param context - cache, mask, recorder and whether dropout acts
   * @returns `[B, T, C]`
   */
  attend(qkv: QKV, context: AttentionContext): Tensor {
    const { mask, documents, cache, training } = checkOptions(
      'CausalSelfAttention.attend',
      context,
      attentionContextKeys,
    );
    const { queries, keys: newKeys, values: newValues, gates } = qkv;
    const { B, T } = dims(queries, 'B H T D');
    const cachePositions = cache?.cachePositions;
    const { keys, values } = cache?.append(newKeys, newValues) ?? { keys: newKeys, values: newValues }; // B K S D
    context.record?.(this.kernel.weights(queries, keys, { mask, cachePositions, dropout: 0, gates }));
    const dropout = training ? this.weightDropout.probability : 0;
    const heads = this.kernel.forward(queries, keys, values, { mask, documents, cachePositions, dropout, gates }); // B H T D
    return this.output.forward(heads.transpose(1, 2).reshape([B, T, this.heads * this.headWidth]));
  }
}

function createHeadNorm(width: number, norm: QueryKeyNorm = { type: 'none' }): RMSNorm | undefined {
  return norm.type === 'none' ? undefined : new RMSNorm(width, { eps: norm.eps });
}

/** `[B, T, heads · D]` → `[B, T, heads, D]`. */
function splitHeads(x: Tensor, heads: number): Tensor {
  const { B, T, C } = dims(x, 'B T C');
  return x.view([B, T, heads, C / heads]);
}

function applyRotary(x: Tensor, angles: RotaryAngles | undefined): Tensor {
  if (angles === undefined) return x;
  return rotary(angles.pairs === 'adjacent' ? splitPairs(x) : x, angles.cos, angles.sin);
}

/** The first of all adjacent pairs, then the second; products of queries and keys stay as they are. */
function splitPairs(x: Tensor): Tensor {
  return x.unflatten(-1, [-1, 2]).transpose(-2, -1).flatten(-2);
}

function expectDivisible(name: string, value: number, by: string, divisor: number): void {
  if (value % divisor === 0) return;
  raise('PAL_ARGUMENT', {
    where: 'CausalSelfAttention',
    expected: `${name} to be a multiple of ${by} (${divisor})`,
    received: String(value),
  });
}
