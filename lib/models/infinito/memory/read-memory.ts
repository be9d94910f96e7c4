import { cat, matmul, where, zerosLike } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import type { Entries } from './entries.js';

/** Stands for −∞ in scores, so that no difference of two is NaN. */
const HIDDEN = -1e30;

/** What a read needs beside the entries. */
export interface ReadInputs {
  /** `[B, n, D]`. */
  queries: Tensor;
  /** True where a position may read an entry, `[B, n, M]`. */
  visible: Tensor;
  /** Chunks since each entry, `[B, n, M]`, int64. */
  ages: Tensor;
  /** β, the share of phi in a score, `[]`; without it phi doesn't count. */
  phiShare: Tensor | undefined;
  /** γ, what age takes off, `[]`. */
  ageDecay: Tensor;
  /** The score of reading nothing, `[]`. */
  nullScore: Tensor;
  topK: number;
}

/**
 * Reads entries: (1 − β) q·k/√D + β z(φ) − γ ln(1 + age), softmax over the k highest and the empty one, whose value is
 * zero.
 * @param entries - M of them
 * @param inputs - queries and what each may read
 * @returns the weighted values `[B, n, C]`, and the weights `[B, n, M]`
 */
export function readMemory(entries: Entries, inputs: ReadInputs): { values: Tensor; weights: Tensor } {
  const { queries, visible, ages, phiShare, ageDecay, nullScore, topK } = inputs;
  const products = matmul(queries, entries.keys.transpose(1, 2)).div(Math.sqrt(queries.size(-1))); // B n M
  const content =
    phiShare === undefined
      ? products
      : products.mul(phiShare.neg().add(1)).add(computeStandardScores(entries.phi.unsqueeze(1), visible).mul(phiShare));
  const scores = content.sub(ages.to(content.dtype).log1p().mul(ageDecay));
  const chosen = chooseHighest(where(visible, scores, HIDDEN), topK).logicalAnd(visible);
  const none = nullScore.expand(scores.size(0), scores.size(1), 1);
  const all = cat([none, where(chosen, scores, HIDDEN)], -1).softmax(-1);
  const weights = all.narrow(-1, 1, scores.size(-1)); // B n M
  return { values: matmul(weights.mul(entries.strength.unsqueeze(1)), entries.values), weights };
}

/** Added to the variance of phi: spreads below 0.01 say little. */
const LEAST_VARIANCE = 1e-4;

/** Standard scores of phi among the visible, `[B, n, M]`; 0 where fewer than two are. */
function computeStandardScores(phi: Tensor, visible: Tensor): Tensor {
  const seen = visible.to(phi.dtype);
  const count = seen.sum(-1, { keepdim: true });
  const divisor = count.clamp({ min: 1 });
  const mean = phi.mul(seen).sum(-1, { keepdim: true }).div(divisor);
  const centred = phi.sub(mean).mul(seen);
  const variance = centred.square().sum(-1, { keepdim: true }).div(divisor);
  return where(count.ge(2), centred.div(variance.add(LEAST_VARIANCE).sqrt()), 0);
}

/** True for the k highest scores, `[B, n, M]`. */
function chooseHighest(scores: Tensor, k: number): Tensor {
  const none = zerosLike(scores, { dtype: 'bool' });
  if (scores.size(-1) <= k) return none.logicalNot();
  const { indices } = scores.detach().topk(k, -1);
  return none.scatter(-1, indices, true);
}
