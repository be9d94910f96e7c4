import { checkOptions } from '../../core/index.js';
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
  resolveAttention,
  zeroInitializer,
} from '../../nn/index.js';
import type { AttentionContext, Initializer, Mlp, MlpOptions } from '../../nn/index.js';
import { tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { resolveBias } from './gpt-config.js';
import type { GptConfig } from './gpt-config.js';

/** The tensors that go from block to block. */
export interface GptHiddenStates {
  /** The residual stream, `[B, T, C]`. */
  x: Tensor;
  /** The input of the first block, where later ones mix it in, `[B, T, C]`. */
  x0?: Tensor;
  /** The values of the first block, where later ones mix them in, `[B, K, T, D]`. */
  values?: Tensor;
}

/**
 * One block: x ← x + attention(norm(x)), x ← x + mlp(norm(x)). A later block may first mix in the first block's
 * input, and mix its values with the first block's, each with two learned factors.
 * @see Zhou et al. 2024, https://arxiv.org/abs/2410.17897, for the residual of values
 */
export class GptBlock extends Module {
  /** The factors of x and of the first block's input, `[2]`, initially 1 and 0. */
  x0Lambda: Tensor | undefined;
  /** The factors of the block's values and of the first block's, `[2]`, initially ½ and ½. */
  valueLambda: Tensor | undefined;
  readonly attentionNorm: LayerNorm | RMSNorm;
  readonly attention: CausalSelfAttention;
  readonly mlpNorm: LayerNorm | RMSNorm;
  readonly mlp: Mlp;
  readonly dropout: Dropout;
  readonly depth: StochasticDepth;
  private readonly sharesValues: boolean;

  /** @param layer - its index, from 0 */
  constructor(config: GptConfig, layer: number) {
    super();
    const { width, heads, kvHeads = heads, headWidth, initStd, valueResidual, layers } = config;
    const { attention, queryKeyNorm, stochasticDepth } = config;
    const initialize = normalInitializer(initStd);
    const initializeOutput = createOutputInitializer(config);
    const probabilities = resolveDropout(config);
    const bias = resolveBias(config);
    const sizes = { width, heads, kvHeads, headWidth, dropout: probabilities.attention, initialize, initializeOutput };
    const vectors = { bias: bias.queryKeyValue, outputBias: bias.attentionOutput };
    this.attentionNorm = createNorm(config);
    this.attention = new CausalSelfAttention({
      ...sizes,
      ...vectors,
      attention: resolveAttention(attention),
      queryKeyNorm,
      layer,
    });
    this.mlpNorm = createNorm(config);
    this.mlp = createMlp(config, {
      width,
      hiddenWidth: resolveHiddenWidth(config),
      bias: bias.mlp,
      initialize,
      initializeOutput,
    });
    this.dropout = new Dropout(probabilities.residual);
    this.depth = new StochasticDepth((stochasticDepth * (layer + 1)) / layers);
    this.sharesValues = valueResidual.value;
    this.x0Lambda = layer > 0 && valueResidual.input ? parameter(tensor([1, 0]), { kind: 'scalar' }) : undefined;
    this.valueLambda = layer > 0 && valueResidual.value ? parameter(tensor([0.5, 0.5]), { kind: 'scalar' }) : undefined;
  }

  /**
   * Reads and writes the residual stream.
   * @param hidden - the stream `[B, T, C]`, floating, and what the first block handed on
   * @param context - angles, cache, mask and whether dropout acts
   * @returns the stream `[B, T, C]`; from the first block also its values `[B, K, T, D]`, where later ones mix them in
   */
  forward(hidden: GptHiddenStates, context: AttentionContext): GptHiddenStates {
    checkOptions('GptBlock.forward', context, {
      training: true,
      rotary: true,
      cache: true,
      mask: true,
      record: true,
    });
    const x = mixResidual(hidden.x, hidden.x0, this.x0Lambda);
    const heads = this.attention.project(this.attentionNorm.forward(x), context);
    const values = mixResidual(heads.values, hidden.values, this.valueLambda);
    const y = x.add(this.dropBranch(this.attention.attend({ ...heads, values }, context), context));
    const z = y.add(this.dropBranch(this.mlp.forward(this.mlpNorm.forward(y)), context));
    const hands = hidden.values === undefined && this.sharesValues;
    return { ...hidden, x: z, ...(hands && { values }) };
  }

  private dropBranch(x: Tensor, { training }: AttentionContext): Tensor {
    return this.depth.forward(this.dropout.forward(x, training), training);
  }
}

/**
 * Creates the hidden states that the first block reads.
 * @param x - token vectors, `[B, T, C]`, floating
 * @param config - only its `valueResidual` is read
 * @returns the stream `x`, and `x` again as `x0` where later blocks mix it in
 */
export function createHiddenStates(x: Tensor, { valueResidual }: GptConfig): GptHiddenStates {
  return valueResidual.input ? { x, x0: x } : { x };
}

/**
 * Creates the normalisation of a configuration.
 * @param config - its `norm`, `width` and `bias` are read
 * @returns a norm over the last axis of `[…, C]`, its weight ones
 */
export function createNorm(config: GptConfig): LayerNorm | RMSNorm {
  const { norm, width } = config;
  if (norm.type === 'rms') return new RMSNorm(width, { eps: norm.eps });
  return new LayerNorm(width, { eps: norm.eps, bias: resolveBias(config).norm });
}

/**
 * Resolves dropout to a probability of each kind.
 * @param config - only its `dropout` is read
 * @returns probabilities from 0 to below 1
 */
export function resolveDropout({ dropout }: GptConfig): { embedding: number; attention: number; residual: number } {
  return typeof dropout === 'number' ? { embedding: dropout, attention: dropout, residual: dropout } : dropout;
}

/** Computes `lambda[0] · own + lambda[1] · first`, or `own` where there is nothing to mix in. */
function mixResidual(own: Tensor, first: Tensor | undefined, lambda: Tensor | undefined): Tensor {
  if (first === undefined || lambda === undefined) return own;
  return own.mul(lambda.select(0, 0)).add(first.mul(lambda.select(0, 1)));
}

function createMlp({ mlp }: GptConfig, options: MlpOptions): Mlp {
  if (mlp.type === 'gelu') return new GeluMlp({ ...options, approximate: mlp.approximate });
  return mlp.type === 'swiglu' ? new SwigluMlp(options) : new ReluSquaredMlp(options);
}

function resolveHiddenWidth({ mlp, width }: GptConfig): number {
  if (mlp.hiddenWidth !== undefined) return mlp.hiddenWidth;
  return mlp.type === 'swiglu' ? 8 * Math.ceil(width / 3) : 4 * width;
}

function createOutputInitializer({ initOutput, initStd, layers }: GptConfig): Initializer {
  // 2·layers branches add up in the residual stream.
  return initOutput === 'zero' ? zeroInitializer : normalInitializer(initStd / Math.sqrt(2 * layers));
}
