import { aten } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/**
 * Puts values in the place of others, or leaves those byte by byte as they are where `skip` is 1. Where `skip` is of
 * dtype bool, no tensor is made.
 */
export function copyUnlessSkipped(
  targets: readonly Tensor[],
  values: readonly Tensor[],
  skip: Tensor | undefined,
): void {
  if (skip === undefined) {
    aten._foreach_copy_(targets, values);
    return;
  }
  const skipped = skip.to('bool');
  targets.forEach((target, index) => void aten.where_self_out(skipped, target, values[index]!, { out: target }));
}
