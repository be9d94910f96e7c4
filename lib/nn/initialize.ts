import { aten, cat, empty, rand, randn, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** Makes a matrix's initial values from its shape `[out, in]`. */
export type Initializer = (shape: [number, number]) => Tensor;

let skips = false;

/**
 * Builds a module whose weights are all overwritten afterwards: their first values are left out, with the time and the
 * memory that drawing them would take.
 * @param build - makes the module
 * @returns what it returns; what {@link normalInitializer} and {@link uniformInitializer} made in it has any values
 */
export function withoutInitialization<T>(build: () => T): T {
  const before = skips;
  skips = true;
  try {
    return build();
  } finally {
    skips = before;
  }
}

/**
 * Values of N(0, std²).
 * @param std - the standard deviation, at least 0
 * @returns an initializer of float32 matrices `[out, in]`
 */
export function normalInitializer(std: number): Initializer {
  return (shape) => (skips ? empty(shape) : randn(shape).mul_(std));
}

/**
 * Zeros.
 * @param shape - `[out, in]`
 * @returns `[out, in]`, float32
 */
export const zeroInitializer: Initializer = (shape) => zeros(shape);

/**
 * Values of U(−bound, bound).
 * @param bound - at least 0
 * @returns an initializer of float32 matrices `[out, in]`
 */
export function uniformInitializer(bound: number): Initializer {
  return (shape) =>
    skips
      ? empty(shape)
      : rand(shape)
          .mul_(2 * bound)
          .sub_(bound);
}

/**
 * U(±1/√in), the usual choice for a linear map.
 * @param shape - `[out, in]`
 * @returns `[out, in]`, float32
 */
export const fanInUniform: Initializer = (shape) => uniformInitializer(1 / Math.sqrt(shape[1]))(shape);

/**
 * U(±√(6 / (in + out))).
 * @param shape - `[out, in]`
 * @returns `[out, in]`, float32
 * @see Glorot and Bengio 2010, equation 16
 */
export const glorotUniform: Initializer = (shape) => uniformInitializer(Math.sqrt(6 / (shape[0] + shape[1])))(shape);

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, uniform over all such matrices.
 * @param shape - `[out, in]`
 * @returns `[out, in]`, float32
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

/**
 * Stacks `gates` matrices `[out, in]`, each drawn by itself, to `[gates · out, in]`.
 * @param gates - a divisor of the rows that will be asked for
 * @param initialize - gives each matrix, of `rows / gates` rows
 * @returns an initializer of matrices `[gates · out, in]` in the dtype of its parts
 */
export function gatewiseInitializer(gates: number, initialize: Initializer): Initializer {
  return ([rows, columns]) =>
    scope(() =>
      cat(
        Array.from({ length: gates }, () => initialize([rows / gates, columns])),
        0,
      ),
    );
}
