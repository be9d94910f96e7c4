import { aten, cat, rand, randn, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** Makes a matrix's initial values from its shape `[out, in]`. */
export type Initializer = (shape: [number, number]) => Tensor;

/** Values of N(0, deviation²). */
export function normalInitializer(std: number): Initializer {
  return (shape) => randn(shape).mul_(std);
}

/** Zeros. */
export const zeroInitializer: Initializer = (shape) => zeros(shape);

/** Values of U(−bound, bound). */
export function uniformInitializer(bound: number): Initializer {
  return (shape) =>
    rand(shape)
      .mul_(2 * bound)
      .sub_(bound);
}

/** U(±1/√in), the usual choice for a linear map. */
export const fanInUniform: Initializer = (shape) => uniformInitializer(1 / Math.sqrt(shape[1]))(shape);

/**
 * U(±√(6 / (in + out))).
 * @see Glorot and Bengio 2010, equation 16
 */
export const glorotUniform: Initializer = (shape) => uniformInitializer(Math.sqrt(6 / (shape[0] + shape[1])))(shape);

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, uniform over all such matrices.
 * @remarks Computed in float64 and rounded to float32.
 * @see Saxe et al. 2014, https://arxiv.org/abs/1312.6120
 */
export const orthogonal: Initializer = ([rows, columns]) =>
  scope(() => {
    const tall = randn([Math.max(rows, columns), Math.min(rows, columns)]).to('float64');
    const [q, r] = aten.linalg_qr(tall);
    // The signs of R's diagonal make the distribution uniform.
    const uniform = q.mul(r.diagonal().sign());
    return (rows >= columns ? uniform : uniform.transpose(0, 1)).contiguous().to('float32');
  });

/** Stacks `gates` matrices `[out, in]`, each drawn by itself, to `[gates · out, in]`. */
export function gatewiseInitializer(gates: number, initialize: Initializer): Initializer {
  return ([rows, columns]) =>
    scope(() =>
      cat(
        Array.from({ length: gates }, () => initialize([rows / gates, columns])),
        0,
      ),
    );
}
