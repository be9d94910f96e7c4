import { aten, dims, noGrad } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** Rows along their first principal components. */
export interface PrincipalAxes {
  /** `[N, components]`, float64. */
  coordinates: Tensor;
  /** The share of the whole variance along each. */
  explained: number[];
}

/**
 * The directions in which rows differ most, from the eigenvectors of their covariance. Each points to the side of its
 * largest entry, so that the same rows always give the same picture.
 * @param rows - `[N, C]`, with C at least `components`
 * @see Pearson 1901, On lines and planes of closest fit to systems of points in space
 */
export function computePrincipalAxes(rows: Tensor, components: number): PrincipalAxes {
  return noGrad(() => {
    const { N, C } = dims(rows, 'N C');
    const centred = rows.to('float64').sub(rows.to('float64').mean(0));
    const covariance = centred.transpose(0, 1).matmul(centred).div(N);
    // Eigenvalues come in rising order.
    const [values, vectors] = aten.linalg_eigh(covariance);
    const axes = vectors.narrow(1, C - components, components).flip([1]); // C components
    const largest = axes.gather(0, axes.abs().argmax(0).unsqueeze(0)); // 1 components
    const total = Math.max(values.sum().item(), Number.MIN_VALUE);
    const explained = values
      .narrow(0, C - components, components)
      .flip([0])
      .div(total)
      .tolist() as number[];
    return { coordinates: centred.matmul(axes.mul(largest.sign())), explained };
  });
}
