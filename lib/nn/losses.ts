import { expectRange } from '../core/index.js';
import { crossEntropy, dims } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** The target that {@link tokenLoss} leaves out. */
export const IGNORED_TARGET = -100;

/** Settings of {@link tokenLoss}. */
export interface TokenLossOptions {
  /** The target whose positions don't count (default −100). */
  ignoreIndex?: number;
  /** ε of the smoothed loss (default 0). */
  labelSmoothing?: number;
  /** `mean` over counted positions (default), or their `sum`. */
  reduction?: 'mean' | 'sum';
}

/**
 * Cross-entropy of next tokens in nats: (1 − ε)·NLL + ε·(mean NLL over the vocabulary).
 * @param logits - `[B, T, V]`
 * @param targets - `[B, T]`, int64
 * @returns a scalar; NaN for the mean of no counted position
 * @see Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, section 7
 */
export function tokenLoss(
  logits: Tensor,
  targets: Tensor,
  { ignoreIndex = IGNORED_TARGET, labelSmoothing = 0, reduction = 'mean' }: TokenLossOptions = {},
): Tensor {
  expectRange('tokenLoss', 'labelSmoothing', labelSmoothing, { min: 0, max: 1 });
  const { B, T, V } = dims(logits, 'B T V', {}, 'tokenLoss');
  dims(targets, 'B T', { B, T }, 'tokenLoss');
  const rows = logits.reshape([B * T, V]);
  return crossEntropy(rows, targets.reshape([B * T]), { ignoreIndex, labelSmoothing, reduction });
}
