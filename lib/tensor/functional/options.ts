/** Settings of the functions over tensors. */
import type { OptionChecks } from '../../core/index.js';
import type { DType, Scalar } from '../dtype.js';
import type { Device } from '../device.js';
import type { Generator } from '../generator.js';
import type { Tensor } from '../tensor.js';

/** Settings of a draw. */
export interface DrawOptions {
  /** The source of the numbers (default: the environment's own generator). */
  generator?: Generator | undefined;
}

/** The keys of {@link DrawOptions}. */
export const drawKeys: OptionChecks<DrawOptions> = { generator: true };

/** Settings of a new tensor. */
export interface CreationOptions {
  /** The element type (default `float32`). */
  dtype?: DType | undefined;
  /** The device (default `cpu`). */
  device?: Device | undefined;
  /** Gradients reach it (default false). */
  requiresGrad?: boolean | undefined;
}

/** The keys of {@link CreationOptions}. */
export const creationKeys: OptionChecks<CreationOptions> = { dtype: true, device: true, requiresGrad: true };

/** Settings of a new tensor drawn at random. */
export interface RandomOptions extends CreationOptions, DrawOptions {}

/** The keys of {@link RandomOptions}. */
export const randomKeys: OptionChecks<RandomOptions> = { ...creationKeys, ...drawKeys };

/** Settings of {@link multinomial}. */
export interface MultinomialOptions extends DrawOptions {
  /** A position can be drawn more than once (default false). */
  replacement?: boolean | undefined;
}

/** The keys of {@link MultinomialOptions}. */
export const multinomialKeys: OptionChecks<MultinomialOptions> = { ...drawKeys, replacement: true };

/** Settings of {@link add} and {@link sub}. */
export interface AlphaOptions {
  /** Multiplies the second argument first. */
  alpha?: Scalar | undefined;
}

/** The keys of {@link AlphaOptions}. */
export const alphaKeys: OptionChecks<AlphaOptions> = { alpha: true };

/** Settings of {@link div}. */
export interface DivOptions {
  /** Rounds the quotient towards zero or down. */
  roundingMode?: 'trunc' | 'floor' | undefined;
}

/** The keys of {@link DivOptions}. */
export const divKeys: OptionChecks<DivOptions> = { roundingMode: true };

/** Settings of {@link clamp}; at least one bound is given. */
export interface ClampOptions {
  min?: Tensor | Scalar | undefined;
  max?: Tensor | Scalar | undefined;
}

/** The keys of {@link ClampOptions}. */
export const clampKeys: OptionChecks<ClampOptions> = { min: true, max: true };

/** Settings of {@link softmax} and {@link logSoftmax}. */
export interface SoftmaxOptions {
  /** The dtype to compute in and return. */
  dtype?: DType | undefined;
}

/** The keys of {@link SoftmaxOptions}. */
export const softmaxKeys: OptionChecks<SoftmaxOptions> = { dtype: true };

/** Axes, negative ones counted from the end. */
export type Axes = number | readonly number[];

/** Settings of a reduction. */
export interface ReductionOptions {
  /** The axes taken away stay as axes of size 1. */
  keepdim?: boolean | undefined;
}

/** The keys of {@link ReductionOptions}. */
export const reductionKeys: OptionChecks<ReductionOptions> = { keepdim: true };

/** Settings of a reduction that can change the dtype. */
export interface CastingReductionOptions extends ReductionOptions {
  /** The dtype to compute in and return. */
  dtype?: DType | undefined;
}

/** The keys of {@link CastingReductionOptions}. */
export const castingReductionKeys: OptionChecks<CastingReductionOptions> = { ...reductionKeys, dtype: true };

/** Settings of {@link std} and {@link variance}. */
export interface VarianceOptions extends ReductionOptions {
  /** Subtracted from the count before dividing: 1 (default) or 0. */
  correction?: number | undefined;
}

/** The keys of {@link VarianceOptions}. */
export const varianceKeys: OptionChecks<VarianceOptions> = { ...reductionKeys, correction: true };

/** The factors of {@link addmm} and {@link baddbmm}. */
export interface ProductOptions {
  /** The factor of the tensor that is added (default 1). */
  beta?: Scalar | undefined;
  /** The factor of the product (default 1). */
  alpha?: Scalar | undefined;
}

/** The keys of {@link ProductOptions}. */
export const productKeys: OptionChecks<ProductOptions> = { beta: true, alpha: true };

/** Tolerances: |x − other| ≤ atol + rtol · |other|. */
export interface Tolerance {
  rtol?: number | undefined;
  atol?: number | undefined;
  /** Two NaN count as equal. */
  equalNan?: boolean | undefined;
}

/** The keys of {@link Tolerance}. */
export const toleranceKeys: OptionChecks<Tolerance> = { rtol: true, atol: true, equalNan: true };

/** Sizes or axes, as an array or one by one. */
export type Sizes = readonly number[] | [readonly number[]];

/** Settings of {@link layerNorm}. */
export interface LayerNormOptions {
  /** The factor of each normalised element. */
  weight?: Tensor | undefined;
  /** Added after it. */
  bias?: Tensor | undefined;
  /** Added to the variance (default 1e-5). */
  eps?: number | undefined;
}

/** The keys of {@link LayerNormOptions}. */
export const layerNormKeys: OptionChecks<LayerNormOptions> = { weight: true, bias: true, eps: true };

/** Settings of {@link rmsNorm}. */
export interface RmsNormOptions {
  /** The factor of each normalised element. */
  weight?: Tensor | undefined;
  /** Added to the mean square (default 1e-6). */
  eps?: number | undefined;
}

/** The keys of {@link RmsNormOptions}. */
export const rmsNormKeys: OptionChecks<RmsNormOptions> = { weight: true, eps: true };

/** Settings of {@link dropout}. */
export interface DropoutOptions extends DrawOptions {
  /** It acts at all (default true). */
  training?: boolean | undefined;
}

/** The keys of {@link DropoutOptions}. */
export const dropoutKeys: OptionChecks<DropoutOptions> = { ...drawKeys, training: true };

/** Settings of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** The factor of each class, `[V]`. */
  weight?: Tensor | undefined;
  /** The target whose positions don't count (default −100). */
  ignoreIndex?: number | undefined;
  /** ε of the smoothed loss (default 0). */
  labelSmoothing?: number | undefined;
  /** The mean over counted positions (default), their sum, or each by itself. */
  reduction?: 'mean' | 'sum' | 'none' | undefined;
}

/** The keys of {@link CrossEntropyOptions}. */
export const crossEntropyKeys: OptionChecks<CrossEntropyOptions> = {
  weight: true,
  ignoreIndex: true,
  labelSmoothing: true,
  reduction: true,
};

/** Settings of {@link linearCrossEntropy}. */
export interface LinearCrossEntropyOptions {
  /** `[V]`, added to the logits. */
  bias?: Tensor | undefined;
  /** The target whose positions don't count (default −100). */
  ignoreIndex?: number | undefined;
  /** ε of the smoothed loss (default 0). */
  labelSmoothing?: number | undefined;
  /** The factor of the squared log-partition (default 0). */
  zLoss?: number | undefined;
}

/** The keys of {@link LinearCrossEntropyOptions}. */
export const linearCrossEntropyKeys: OptionChecks<LinearCrossEntropyOptions> = {
  bias: true,
  ignoreIndex: true,
  labelSmoothing: true,
  zLoss: true,
};

/** Settings of {@link scaledDotProductAttention}. */
export interface AttentionOptions {
  /** `[…, T, S]`: bool (false is left out) or numbers added to the scores. */
  mask?: Tensor | undefined;
  /** Position t sees only positions up to t (default false). */
  causal?: boolean | undefined;
  /** The factor of the scores (default 1/√D). */
  scale?: number | undefined;
  /** The probability that a weight is dropped (default 0). */
  dropout?: number | undefined;
  /** Groups of query heads share a key head: H is a multiple of K (default false). */
  enableGqa?: boolean | undefined;
}

/** The keys of {@link AttentionOptions}. */
export const attentionKeys: OptionChecks<AttentionOptions> = {
  mask: true,
  causal: true,
  scale: true,
  dropout: true,
  enableGqa: true,
};

/** Settings of {@link lstm}. */
export interface LstmOptions {
  /** The number of layers (default 1). */
  layers?: number | undefined;
  /** Each layer has two bias vectors (default true). */
  bias?: boolean | undefined;
  /** The probability of dropout between layers (default 0). */
  dropout?: number | undefined;
  /** Dropout acts (default false). */
  training?: boolean | undefined;
  /** A second pass runs backwards (default false). */
  bidirectional?: boolean | undefined;
  /** The batch is the first axis (default true). */
  batchFirst?: boolean | undefined;
}

/** The keys of {@link LstmOptions}. */
export const lstmKeys: OptionChecks<LstmOptions> = {
  layers: true,
  bias: true,
  dropout: true,
  training: true,
  bidirectional: true,
  batchFirst: true,
};
