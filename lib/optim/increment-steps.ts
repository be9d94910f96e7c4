import { aten, ones } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import type { UpdateApplication } from './interface/optimizer.js';

/** Prepares adding one to each step counter, or nothing where `skip` is 1. */
export function prepareIncrement(steps: Tensor[], skip: Tensor | undefined): UpdateApplication {
  // A tensor: a plain number becomes one in each addition.
  const increment = skip?.neg().add(1) ?? ones([], { dtype: 'float32', device: steps[0]?.device });
  return () => void aten._foreach_add__Tensor(steps, increment);
}
