import { aten } from '../tensor/index.js';
import type { DType, Tensor } from '../tensor/index.js';

/** The quintic x ↦ ax + bx³ + cx⁵ that drives singular values towards 1, steepest at 0. */
const [A, B, C] = [3.4445, -4.775, 2.0315];

/** Keeps the division finite for a matrix of zeros. */
const EPS = 1e-7;

/** Settings of {@link orthogonalized}. */
export interface OrthogonalizeOptions {
  /** Iterations; 5 leave the singular values of most matrices within 0.7 and 1.2. */
  iterations: number;
  /** What the iterations compute in. */
  precision: DType;
}

/**
 * Matrices with the same singular vectors and singular values near 1, by iterating X ← aX + b(XXᵀ)X + c(XXᵀ)²X.
 * @param matrices - `[N, R, S]`
 * @returns `[N, R, S]` in the dtype of the matrices
 * @see Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/
 */
export function orthogonalized(matrices: Tensor, { iterations, precision }: OrthogonalizeOptions): Tensor {
  const tall = matrices.size(1) > matrices.size(2);
  const wide = (tall ? matrices.transpose(1, 2) : matrices).to(precision); // N R S, R ≤ S
  let x = wide.div(aten.linalg_vector_norm(wide, 2, [1, 2], true).clamp({ min: EPS }));
  for (let i = 0; i < iterations; i++) x = iterated(x);
  return (tall ? x.transpose(1, 2) : x).to(matrices.dtype);
}

function iterated(x: Tensor): Tensor {
  const gram = x.bmm(x.transpose(1, 2)); // N R R
  const polynomial = aten.baddbmm(gram, gram, gram, { beta: B, alpha: C });
  return aten.baddbmm(x, polynomial, x, { beta: A });
}
