import { aten } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** Adds one to each step counter, or nothing where `skip` is 1. */
export function incrementSteps(steps: Tensor[], skip: Tensor | undefined): void {
  if (skip === undefined) aten._foreach_add__Scalar(steps, 1);
  else aten._foreach_add__Tensor(steps, skip.neg().add(1));
}
