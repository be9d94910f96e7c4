import { glorotUniform, normalInitializer, zeroInitializer } from '../../nn/index.js';
import type { Initializer } from '../../nn/index.js';

/** The settings of a Gpt that its initial values depend on. */
export interface InitialSettings {
  width: number;
  layers: number;
  residual?: { type: 'prenorm' | 'deepnorm' | 'prenormAlpha' };
  initStd: number;
  initOutput: 'scaled' | 'zero';
  initLinear?: 'normal' | 'glorot';
  initEmbeddingStd?: number;
}

/** The initial values of a Gpt's matrices, by what they map to. */
export interface GptInitializers {
  /** The table of tokens, a head of its own, and learned positions. */
  embedding: Initializer;
  queryKey: Initializer;
  value: Initializer;
  /** The maps into the feed-forward block. */
  mlp: Initializer;
  /** The maps back to the residual stream. */
  output: Initializer;
}

/**
 * The factor α of the residual stream.
 * @param config - its `residual` and `layers` are read
 * @returns (2 · layers)^¼ where the residual type has one, else 1
 * @see Wang et al. 2022, https://arxiv.org/abs/2203.00555, table 1, for decoders
 */
export function computeResidualFactor({ residual, layers }: Pick<InitialSettings, 'residual' | 'layers'>): number {
  return isScaled(residual) ? (2 * layers) ** 0.25 : 1;
}

/**
 * Resolves the initial values of a configuration.
 * @param config - its residual type and its settings of initial values are read
 * @returns an initializer for each kind of matrix `[out, in]`
 * @remarks Where the stream is scaled, all maps but those to queries and keys are smaller by (8 · layers)^¼; else those
 * back to the stream, of which 2 · layers branches add up, by √(2 · layers).
 * @see Wang et al. 2022, https://arxiv.org/abs/2203.00555, table 1, for the smaller maps
 */
export function resolveInitializers(config: InitialSettings): GptInitializers {
  const { residual, layers, width, initStd, initLinear = 'normal', initOutput } = config;
  const std = config.initEmbeddingStd ?? (initLinear === 'glorot' ? computeEmbeddingStd(width) : initStd);
  const divided = (divisor: number): Initializer =>
    initLinear === 'glorot' ? divideInitializer(glorotUniform, divisor) : normalInitializer(initStd / divisor);
  const small = divided(isScaled(residual) ? (8 * layers) ** 0.25 : 1);
  const back = isScaled(residual) ? small : divided(Math.sqrt(2 * layers));
  const output = initOutput === 'zero' ? zeroInitializer : back;
  return { embedding: normalInitializer(std), queryKey: divided(1), value: small, mlp: small, output };
}

/** A tied head starts with logits of variance width · std²: from a width of 200 on 5 / width, below so that it is ⅛. */
function computeEmbeddingStd(width: number): number {
  return Math.min(5 / width, 1 / Math.sqrt(8 * width));
}

function isScaled(residual: InitialSettings['residual']): boolean {
  return residual?.type === 'deepnorm' || residual?.type === 'prenormAlpha';
}

function divideInitializer(initialize: Initializer, divisor: number): Initializer {
  return (shape) => initialize(shape).div_(divisor);
}
