/**
 * The slow twins of the fused operators: their formulas, step by step, over plain tensor functions.
 * They hold every intermediate result, differentiate to any order, and say what the fast ones must compute.
 */
import { checkOptions } from '../core/index.js';
import { cat, dims, logsumexp } from '../tensor/index.js';
import type { DType, LinearCrossEntropyOptions, RmsNormOptions, SummedLoss, Tensor } from '../tensor/index.js';

/** The dtype of statistics and sums. */
function getStatisticsType(x: Tensor): DType {
  return x.dtype === 'float64' ? 'float64' : 'float32';
}

/**
 * y = x / √(mean(x²) + eps) · weight over the last axis.
 * @param x - `[…, C]`, floating
 * @param options - how to scale
 * @param options.weight - `[C]`, floating (default: none)
 * @param options.eps - added to the mean square (default 1e-6)
 * @returns `[…, C]` in the dtype of `x`
 * @remarks Everything is in float32 (float64 for float64) until the result is rounded.
 * @see Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467, equation 4
 */
export function rmsNormReference(x: Tensor, options: RmsNormOptions = {}): Tensor {
  const { weight, eps = 1e-6 } = checkOptions('rmsNormReference', options, { weight: true, eps: true });
  const { C } = dims(x, '... C', {}, 'rmsNormReference');
  const wide = x.to(getStatisticsType(x));
  const normalised = wide.mul(wide.square().mean(-1, { keepdim: true }).add(eps).rsqrt());
  if (weight === undefined) return normalised.to(x.dtype);
  dims(weight, 'C', { C }, 'rmsNormReference');
  return normalised.mul(weight.to(wide.dtype)).to(x.dtype);
}

/**
 * Rotates the pairs (x[i], x[i + D/2]) by the angle of their position.
 * @param x - `[B, H, T, D]`, floating, D even
 * @param cos - `[T, D/2]` or `[B, T, D/2]`, floating
 * @param sin - as `cos`
 * @returns `[B, H, T, D]` in the dtype of `x`
 * @see Su et al. 2021, https://arxiv.org/abs/2104.09864, equation 34
 */
export function rotaryReference(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  const { D } = dims(x, 'B H T D', {}, 'rotaryReference');
  const wide = x.to(getStatisticsType(x));
  const first = wide.narrow(-1, 0, D / 2); // [B, H, T, D/2]
  const second = wide.narrow(-1, D / 2, D / 2);
  const [c, s] = [broadcastHeads(cos), broadcastHeads(sin)];
  const rotated = [first.mul(c).sub(second.mul(s)), second.mul(c).add(first.mul(s))];
  return cat(rotated, -1).to(x.dtype);
}

/** `[T, D/2]` as it is, `[B, T, D/2]` as `[B, 1, T, D/2]`. */
function broadcastHeads(angles: Tensor): Tensor {
  return angles.ndim === 3 ? angles.unsqueeze(1) : angles;
}

/**
 * The cross-entropy of the logits x · weightᵀ + bias, summed over the positions whose target counts: (1 − ε) · NLL + ε
 * · mean NLL over the classes + z · (log Σ exp logits)².
 * @param x - `[…, C]`, floating
 * @param weight - `[V, C]`, floating
 * @param targets - `[…]`, int64, from 0 to V − 1 or `ignoreIndex`
 * @param options - by default the plain cross-entropy without a bias
 * @param options.bias - `[V]`, floating (default: none)
 * @param options.ignoreIndex - the target whose positions don't count (default −100)
 * @param options.labelSmoothing - ε, 0 to 1 (default 0)
 * @param options.zLoss - z, at least 0 (default 0)
 * @returns the sum, a scalar `[]` in float32 (float64 for float64), and the number of positions, a scalar `[]`, int64
 * @see Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, section 7
 * @see Chowdhery et al. 2022, https://arxiv.org/abs/2204.02311, section 5, for the squared term
 */
export function linearCrossEntropyReference(
  x: Tensor,
  weight: Tensor,
  targets: Tensor,
  options: LinearCrossEntropyOptions = {},
): SummedLoss {
  const {
    bias,
    ignoreIndex = -100,
    labelSmoothing = 0,
    zLoss = 0,
  } = checkOptions('linearCrossEntropyReference', options, {
    bias: true,
    ignoreIndex: true,
    labelSmoothing: true,
    zLoss: true,
  });
  const { C } = dims(x, '... C', {}, 'linearCrossEntropyReference');
  dims(weight, 'V C', { C }, 'linearCrossEntropyReference');
  const flat = targets.reshape([targets.numel]); // [N]
  const counts = flat.ne(ignoreIndex);
  const logits = computeLogits(x.reshape([targets.numel, C]), weight, bias); // [N, V]
  const partition = logsumexp(logits, -1);
  const classes = flat.maskedFill(counts.logicalNot(), 0);
  const likelihood = logits.gather(1, classes.unsqueeze(1)).squeeze(1).sub(partition);
  const uniform = logits.mean(-1).sub(partition);
  const losses = likelihood.mul(labelSmoothing - 1).sub(uniform.mul(labelSmoothing));
  const all = losses.add(partition.square().mul(zLoss));
  return { lossSum: all.maskedFill(counts.logicalNot(), 0).sum(), count: counts.sum() };
}

/** `[N, C]` → `[N, V]` in the dtype of the statistics. */
function computeLogits(x: Tensor, weight: Tensor, bias: Tensor | undefined): Tensor {
  const dtype = getStatisticsType(x);
  const logits = x.to(dtype).matmul(weight.to(dtype).transpose(0, 1));
  return bias === undefined ? logits : logits.add(bias.to(dtype));
}
