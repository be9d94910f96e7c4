import { computeClipDivisor, computeGradNorm } from '../optim/index.js';
import type { Optimizer } from '../optim/index.js';
import { noGrad } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** What {@link clippedUpdate} found; both 0-dim. */
export interface ClippedUpdate {
  /** The norm of all gradients before clipping. */
  norm: Tensor;
  /** 1 where nothing was updated, else 0; float32. */
  skip: Tensor;
}

/**
 * Clips gradients and updates, or neither where the loss or a gradient is NaN or infinite. A program can record it: it
 * reads no value.
 */
export function clippedUpdate(optimizer: Optimizer, loss: Tensor, clipNorm: number | undefined): ClippedUpdate {
  const norm = computeGradNorm(optimizer.parameters());
  const gradientDivisor = clipNorm === undefined ? undefined : computeClipDivisor(norm, clipNorm);
  const skip = noGrad(() => loss.add(norm).isfinite().logicalNot().to('float32'));
  optimizer.step({ gradientDivisor, skip });
  return { norm, skip };
}
