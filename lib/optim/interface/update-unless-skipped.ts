import { aten, noGrad } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** Settings of {@link updateUnlessSkipped}. */
export interface GuardedUpdate {
  /** 0-dim float32: gradients are divided by it. */
  gradientDivisor: Tensor | undefined;
  /** 0-dim float32: 1 leaves weights and state as they are, 0 updates. */
  skip: Tensor;
}

/** An optimizer as far as an update is left out. */
export interface SkippedOptimizer {
  readonly honoursSkip: boolean;
  parameters(): readonly Tensor[];
  stateDict(): Record<string, Tensor>;
  step(update: GuardedUpdate): void;
}

/**
 * Updates, or leaves weights and state byte by byte as they are where `skip` is 1, whether the optimizer looks at it or not.
 * Of one that isn't known to, copies are taken before and put back; no value is read.
 * @param optimizer - any
 * @param update - divisor and skip, 0-dim
 */
export function updateUnlessSkipped(optimizer: SkippedOptimizer, update: GuardedUpdate): void {
  if (optimizer.honoursSkip) {
    optimizer.step(update);
    return;
  }
  const tensors = [...optimizer.parameters(), ...Object.values(optimizer.stateDict())];
  const copies = noGrad(() => tensors.map((value) => value.detach().clone()));
  optimizer.step(update);
  noGrad(() => {
    const skipped = update.skip.to('bool');
    tensors.forEach((value, index) => void aten.where_self_out(skipped, copies[index]!, value, { out: value }));
  });
}
