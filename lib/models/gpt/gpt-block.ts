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
  parameter,
  resolveAttention,
} from '../../nn/index.js';
import type { AttentionContext, Mlp, MlpOptions } from '../../nn/index.js';
import { tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { resolveBias, resolveHiddenWidth, resolveStochasticDepth } from './gpt-config.js';
import type { GptConfig } from './gpt-config.js';
import { computeResidualFactor, resolveInitializers } from './gpt-initializers.js';

type GptNorm = LayerNorm | RMSNorm;

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
 * One block: x ← x + attention(norm(x)), x ← x + mlp(norm(x)), or with a factor α of the stream, or x ← norm(αx + f(x)).
 * A later block may first mix in the first block's input, and mix its values with the first block's, each with two
 * learned factors.
 * @see Zhou et al. 2024, https://arxiv.org/abs/2410.17897, for the residual of values
 * @see Wang et al. 2022, https://arxiv.org/abs/2203.00555, equation 4, for norms after the sum
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
  private readonly normsSum: boolean;
  /** α, the factor of the stream. */
  private readonly residualFactor: number;

  /** @param layer - its index, from 0 */
  constructor(config: GptConfig, layer: number) {
    super();
    const { width, heads, kvHeads = heads, headWidth, valueResidual, attention, queryKeyNorm } = config;
    const initializers = resolveInitializers(config);
    const initializeOutput = initializers.output;
    const probabilities = resolveDropout(config);
    const bias = resolveBias(config);
    const sizes = { width, heads, kvHeads, headWidth, dropout: probabilities.attention };
    const vectors = { bias: bias.queryKeyValue, outputBias: bias.attentionOutput };
    this.attentionNorm = createNorm(config);
    this.attention = new CausalSelfAttention({
      ...sizes,
      ...vectors,
      initialize: initializers.queryKey,
      initializeValue: initializers.value,
      initializeOutput,
      attention: resolveAttention(attention),
      queryKeyNorm,
      layer,
    });
    this.mlpNorm = createNorm(config);
    this.mlp = createMlp(config, {
      width,
      hiddenWidth: resolveHiddenWidth(config),
      bias: bias.mlp,
      initialize: initializers.mlp,
      initializeOutput,
    });
    this.dropout = new Dropout(probabilities.residual);
    this.depth = new StochasticDepth(resolveStochasticDepth(config, layer));
    this.normsSum = config.residual?.type === 'deepnorm';
    this.residualFactor = computeResidualFactor(config);
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
      documents: true,
      record: true,
    });
    const x = mixResidual(hidden.x, hidden.x0, this.x0Lambda);
    const heads = this.attention.project(this.normalizeInput(x, this.attentionNorm), context);
    const values = mixResidual(heads.values, hidden.values, this.valueLambda);
    const y = this.addBranch(x, this.attention.attend({ ...heads, values }, context), this.attentionNorm, context);
    const z = this.addBranch(y, this.mlp.forward(this.normalizeInput(y, this.mlpNorm)), this.mlpNorm, context);
    const hands = hidden.values === undefined && this.sharesValues;
    return { ...hidden, x: z, ...(hands && { values }) };
  }

  private normalizeInput(x: Tensor, norm: GptNorm): Tensor {
    return this.normsSum ? x : norm.forward(x);
  }

  private addBranch(x: Tensor, branch: Tensor, norm: GptNorm, context: AttentionContext): Tensor {
    const stream = this.residualFactor === 1 ? x : x.mul(this.residualFactor);
    const sum = stream.add(this.dropBranch(branch, context));
    return this.normsSum ? norm.forward(sum) : sum;
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
  if (mlp.type === 'relu2') return new ReluSquaredMlp(options);
  return new SwigluMlp({ ...options, gateResidual: mlp.gateResidual });
}
