import { expectRange } from '../../core/index.js';
import { aten, noGrad, stack, zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** Keeps the division finite when the norm is zero. */
const EPS = 1e-6;

/**
 * The Euclidean norm of all gradients taken as one vector.
 * @returns 0-dim, float32 or wider; 0 where no parameter has a gradient
 */
export function computeGradNorm(parameters: readonly Tensor[]): Tensor {
  return noGrad(() => {
    const gradients = collectGradients(parameters);
    if (gradients.length === 0) return zeros([]);
    const norms = gradients.map((gradient) =>
      aten.linalg_vector_norm(gradient, 2, undefined, false, { dtype: widenDType(gradient) }),
    );
    return aten.linalg_vector_norm(stack(norms), 2);
  });
}

/**
 * Computes the divisor that brings gradients of the given norm to at most `maxNorm`.
 * @param norm - 0-dim
 * @returns 0-dim, at least 1
 */
export function computeClipDivisor(norm: Tensor, maxNorm: number): Tensor {
  expectRange('computeClipDivisor', 'maxNorm', maxNorm, { above: 0 });
  return noGrad(() => norm.add(EPS).div(maxNorm).clamp({ min: 1 }));
}

/**
 * Scales all gradients in place so that their common norm is at most `maxNorm`.
 * @returns the norm before, 0-dim
 * @see Pascanu et al. 2013, https://arxiv.org/abs/1211.5063
 */
export function clipGradNorm(parameters: readonly Tensor[], maxNorm: number): Tensor {
  const norm = computeGradNorm(parameters);
  const divisor = computeClipDivisor(norm, maxNorm);
  noGrad(() => {
    for (const gradient of collectGradients(parameters)) gradient.div_(divisor);
  });
  return norm;
}

function collectGradients(parameters: readonly Tensor[]): Tensor[] {
  return parameters.flatMap((parameter) => parameter.grad ?? []);
}

function widenDType(gradient: Tensor): Tensor['dtype'] {
  return gradient.dtype === 'float16' || gradient.dtype === 'bfloat16' ? 'float32' : gradient.dtype;
}
