import { aten, linear, scope, stack } from '../tensor/index.js';
import type { DType, Tensor } from '../tensor/index.js';

/** The quintic x ↦ ax + bx³ + cx⁵ that drives singular values towards 1, steepest at 0. */
const [A, B, C] = [3.4445, -4.775, 2.0315];

/** Keeps the division finite for a matrix of zeros. */
const EPS = 1e-7;

/** Elements from which on a matrix of float32 is faster by itself: linear maps have a product of their own on CPUs. */
const LARGE = 2 ** 14;

/** Settings of {@link orthogonalize}. */
export interface OrthogonalizeOptions {
  /** Iterations; 5 leave the singular values of most matrices within 0.7 and 1.2. */
  iterations: number;
  /** The dtype of the iterations. */
  precision: DType;
}

/**
 * Matrices with the same singular vectors and singular values near 1, by iterating X ← aX + b(XXᵀ)X + c(XXᵀ)²X.
 * @param matrices - `[N, R, S]`
 * @returns `[N, R, S]` in the dtype of the matrices
 * @remarks On CPUs, large matrices of float32 are worked on one by one, all others as a batch.
 * @see Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/
 */
export function orthogonalize(matrices: Tensor, { iterations, precision }: OrthogonalizeOptions): Tensor {
  const { dtype } = matrices;
  const tall = matrices.size(1) > matrices.size(2);
  const wide = (tall ? matrices.transpose(1, 2) : matrices).to(precision); // N R S, R ≤ S
  const start = wide.div(aten.linalg_vector_norm(wide, 2, [1, 2], true).clamp({ min: EPS }));
  const end = isFasterAlone(start)
    ? stack(start.unbind(0).map((matrix) => iterate(iterateMatrix, matrix, iterations)))
    : iterate(iterateBatch, start, iterations);
  return (tall ? end.transpose(1, 2) : end).to(dtype);
}

function isFasterAlone(matrices: Tensor): boolean {
  const [, rows = 0, columns = 0] = matrices.shape;
  return matrices.dtype === 'float32' && matrices.device === 'cpu' && rows * columns >= LARGE;
}

function iterate(step: (x: Tensor) => Tensor, start: Tensor, times: number): Tensor {
  let x = start;
  for (let i = 0; i < times; i++) x = scope(() => step(x));
  return x;
}

/** One iteration of a batch, `[N, R, S]`. */
function iterateBatch(x: Tensor): Tensor {
  const gram = x.bmm(x.transpose(1, 2)); // N R R
  const polynomial = aten.baddbmm(gram, gram, gram, { beta: B, alpha: C });
  return aten.baddbmm(x, polynomial, x, { beta: A });
}

/** One iteration of a matrix, `[R, S]`; `linear(p, q)` is pqᵀ, and a Gram matrix its own transpose. */
function iterateMatrix(x: Tensor): Tensor {
  const gram = linear(x, x); // R R
  const polynomial = linear(gram, gram).mul_(C).add_(gram, { alpha: B });
  return linear(polynomial, x.t()).add_(x, { alpha: A });
}
