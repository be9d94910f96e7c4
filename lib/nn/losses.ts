import type { OptionChecks } from '../core/index.js';
import { checkOptions, expectRange } from '../core/index.js';
import { crossEntropy, dims, logsumexp } from '../tensor/index.js';
import type { SummedLoss, Tensor } from '../tensor/index.js';

/** The target that {@link tokenLoss} leaves out. */
export const IGNORED_TARGET = -100;

/** The terms that are summed at each position. */
export interface TokenLossTerms {
  /** The target whose positions don't count (default −100). */
  ignoreIndex?: number | undefined;
  /** ε of the smoothed loss (default 0). */
  labelSmoothing?: number | undefined;
  /** The factor of the squared log-partition (default 0). */
  zLoss?: number | undefined;
}

/** The keys of {@link TokenLossTerms}. */
export const tokenLossTermsKeys: OptionChecks<TokenLossTerms> = {
  ignoreIndex: true,
  labelSmoothing: true,
  zLoss: true,
};

/** Settings of {@link tokenLoss}. */
export interface TokenLossOptions extends TokenLossTerms {
  /** `mean` over counted positions (default), or their `sum`. */
  reduction?: 'mean' | 'sum' | undefined;
}

/** The keys of {@link TokenLossOptions}. */
export const tokenLossKeys: OptionChecks<TokenLossOptions> = { ...tokenLossTermsKeys, reduction: true };

/**
 * Cross-entropy of next tokens in nats: (1 − ε)·NLL + ε·(mean NLL over the vocabulary) + z·(log Σ exp logits)².
 * @param logits - `[B, T, V]`, floating
 * @param targets - `[B, T]`, int64, from 0 to V − 1 or `ignoreIndex`
 * @param options - by default the plain cross-entropy, averaged over the positions that count
 * @param options.ignoreIndex - the target whose positions don't count (default −100)
 * @param options.labelSmoothing - ε, 0 to 1 (default 0)
 * @param options.zLoss - z, at least 0 (default 0)
 * @param options.reduction - `mean` over the positions that count (default), or their `sum`
 * @returns a scalar `[]` in the dtype of `logits`; NaN for the mean of no counted position
 * @throws ArgumentError for a smoothing or z out of range; ShapeError when the shapes differ
 * @see Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, section 7
 * @see Chowdhery et al. 2022, https://arxiv.org/abs/2204.02311, section 5, for the squared term
 */
export function tokenLoss(logits: Tensor, targets: Tensor, options: TokenLossOptions = {}): Tensor {
  const {
    ignoreIndex = IGNORED_TARGET,
    labelSmoothing = 0,
    zLoss = 0,
    reduction = 'mean',
  } = checkOptions('tokenLoss', options, tokenLossKeys);
  expectRange('tokenLoss', 'labelSmoothing', labelSmoothing, { min: 0, max: 1 });
  expectRange('tokenLoss', 'zLoss', zLoss, { min: 0 });
  const { B, T, V } = dims(logits, 'B T V', {}, 'tokenLoss');
  dims(targets, 'B T', { B, T }, 'tokenLoss');
  const rows = logits.reshape([B * T, V]);
  const flat = targets.reshape([B * T]);
  const loss = crossEntropy(rows, flat, { ignoreIndex, labelSmoothing, reduction });
  if (zLoss === 0) return loss;
  const squares = sumSquaredLogPartitions(logits, targets, ignoreIndex).mul(zLoss);
  return loss.add(reduction === 'sum' ? squares : squares.div(flat.ne(ignoreIndex).sum()));
}

/**
 * The sum of (log Σ exp logits)² over the positions that count.
 * @param logits - `[B, T, V]`, floating
 * @param targets - `[B, T]`, int64
 * @param ignoreIndex - the target whose positions don't count (default −100)
 * @returns a scalar `[]` in the dtype of `logits`
 */
export function sumSquaredLogPartitions(logits: Tensor, targets: Tensor, ignoreIndex = IGNORED_TARGET): Tensor {
  return logsumexp(logits, -1).square().maskedFill(targets.eq(ignoreIndex), 0).sum();
}

/**
 * The sum of {@link tokenLoss} over the positions that count, and their number.
 * @param logits - `[B, T, V]`, floating
 * @param targets - `[B, T]`, int64, from 0 to V − 1 or `ignoreIndex`
 * @param terms - as of {@link tokenLoss}, with its defaults
 * @returns the sum in nats, a scalar `[]` in the dtype of `logits`, and the number of positions, a scalar `[]`, int64
 * @throws ArgumentError and ShapeError as {@link tokenLoss}
 */
export function sumTokenLoss(logits: Tensor, targets: Tensor, terms: TokenLossTerms = {}): SummedLoss {
  checkOptions('sumTokenLoss', terms, tokenLossTermsKeys);
  const count = targets.ne(terms.ignoreIndex ?? IGNORED_TARGET).sum();
  return { lossSum: tokenLoss(logits, targets, { ...terms, reduction: 'sum' }), count };
}
