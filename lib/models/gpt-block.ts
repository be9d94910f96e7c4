import {
  CausalSelfAttention,
  Dropout,
  GeluMlp,
  LayerNorm,
  Module,
  RMSNorm,
  ReluSquaredMlp,
  StochasticDepth,
  SwigluMlp,
  normalInitializer,
  parameter,
  zeroInitializer,
} from '../nn/index.js';
import type { AttentionContext, Initializer, Mlp, MlpOptions } from '../nn/index.js';
import { tensor } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import type { GptConfig } from './gpt-config.js';

/** What goes from block to block. */
export interface GptStream {
  /** The residual stream, `[B, T, C]`. */
  x: Tensor;
  /** The input of the first block, where later ones take a share of it, `[B, T, C]`. */
  input?: Tensor;
  /** The values of the first block, where later ones take a share of them, `[B, K, T, D]`. */
  values?: Tensor;
}

/**
 * One block: x ← x + attention(norm(x)), x ← x + mlp(norm(x)). A later block may first mix in the first block's
 * input, and mix its values with the first block's, each with two learned factors.
 * @see Zhou et al. 2024, https://arxiv.org/abs/2410.17897, for the residual of values
 */
export class GptBlock extends Module {
  /** The factors of x and of the first block's input, `[2]`, 1 and 0 at first. */
  inputShares: Tensor | undefined;
  /** The factors of the block's values and of the first block's, `[2]`, ½ and ½ at first. */
  valueShares: Tensor | undefined;
  readonly attentionNorm: LayerNorm | RMSNorm;
  readonly attention: CausalSelfAttention;
  readonly mlpNorm: LayerNorm | RMSNorm;
  readonly mlp: Mlp;
  readonly dropout: Dropout;
  readonly depth: StochasticDepth;
  private readonly residual: GptConfig['residual']['type'];

  /** @param layer - its place, from 0 */
  constructor(config: GptConfig, layer: number) {
    super();
    const { width, heads, kvHeads = heads, bias, initialDeviation, residual, layers } = config;
    const { attention, queryKeyNorm, stochasticDepth } = config;
    const initialize = normalInitializer(initialDeviation);
    const initializeOutput = outputInitializer(config);
    const places = dropoutPlaces(config);
    const sizes = { width, heads, kvHeads, bias, dropout: places.attention, initialize, initializeOutput };
    this.attentionNorm = newNorm(config);
    this.attention = new CausalSelfAttention({ ...sizes, attention, queryKeyNorm, layer });
    this.mlpNorm = newNorm(config);
    this.mlp = newMlp(config, { width, hiddenWidth: hiddenWidth(config), bias, initialize, initializeOutput });
    this.dropout = new Dropout(places.residual);
    this.depth = new StochasticDepth((stochasticDepth * (layer + 1)) / layers);
    this.residual = residual.type;
    const shares = (wanted: string, first: [number, number]) =>
      layer > 0 && [wanted, 'inputAndValue'].includes(residual.type) ? parameter(tensor(first)) : undefined;
    this.inputShares = shares('input', [1, 0]);
    this.valueShares = shares('value', [0.5, 0.5]);
  }

  /** Reads and writes the residual stream. */
  forward(stream: GptStream, context: AttentionContext): GptStream {
    const x = mixed(stream.x, stream.input, this.inputShares);
    const heads = this.attention.project(this.attentionNorm.forward(x), context);
    const values = mixed(heads.values, stream.values, this.valueShares);
    const y = x.add(this.branch(this.attention.attend({ ...heads, values }, context), context));
    const z = y.add(this.branch(this.mlp.forward(this.mlpNorm.forward(y)), context));
    const hands = stream.values === undefined && (this.residual === 'value' || this.residual === 'inputAndValue');
    return { ...stream, x: z, ...(hands && { values }) };
  }

  private branch(x: Tensor, { training }: AttentionContext): Tensor {
    return this.depth.forward(this.dropout.forward(x, training), training);
  }
}

/** The part of a stream that the first block sees as its input. */
export function firstStream(x: Tensor, { residual }: GptConfig): GptStream {
  return residual.type === 'input' || residual.type === 'inputAndValue' ? { x, input: x } : { x };
}

/** The normalisation of a configuration. */
export function newNorm({ norm, width, bias }: GptConfig): LayerNorm | RMSNorm {
  return norm.type === 'rms' ? new RMSNorm(width, norm) : new LayerNorm(width, { eps: norm.eps, bias });
}

/** Dropout by place. */
export function dropoutPlaces({ dropout }: GptConfig): { embedding: number; attention: number; residual: number } {
  return typeof dropout === 'number' ? { embedding: dropout, attention: dropout, residual: dropout } : dropout;
}

/** `shares[0] · own + shares[1] · first`, or `own` where there is nothing to mix in. */
function mixed(own: Tensor, first: Tensor | undefined, shares: Tensor | undefined): Tensor {
  if (first === undefined || shares === undefined) return own;
  return own.mul(shares.select(0, 0)).add(first.mul(shares.select(0, 1)));
}

function newMlp({ mlp }: GptConfig, options: MlpOptions): Mlp {
  if (mlp.type === 'gelu') return new GeluMlp({ ...options, approximate: mlp.approximate });
  return mlp.type === 'swiglu' ? new SwigluMlp(options) : new ReluSquaredMlp(options);
}

function hiddenWidth({ mlp, width }: GptConfig): number {
  if (mlp.hiddenWidth !== undefined) return mlp.hiddenWidth;
  return mlp.type === 'swiglu' ? 8 * Math.ceil(width / 3) : 4 * width;
}

function outputInitializer({ initialOutput, initialDeviation, layers }: GptConfig): Initializer {
  // 2·layers branches add up in the residual stream.
  return initialOutput === 'zero' ? zeroInitializer : normalInitializer(initialDeviation / Math.sqrt(2 * layers));
}
