import { aten, where } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** Puts values in the place of others, or leaves those byte by byte as they are where `skip` is 1. */
export function replace(targets: readonly Tensor[], values: readonly Tensor[], skip: Tensor | undefined): void {
  const skipped = skip?.to('bool');
  const chosen = skipped === undefined ? values : values.map((value, i) => where(skipped, targets[i]!, value));
  aten._foreach_copy_(targets, chosen);
}
