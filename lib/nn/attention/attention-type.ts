import { DifferentialAttention } from './differential.js';
import type { AttentionKernel } from './attention-kernel.js';
import { SlidingWindowAttention } from './sliding-window.js';
import { LogitSoftCapAttention } from './logit-soft-cap.js';
import { SoftmaxAttention } from './softmax.js';

/** The attention kernels by type: a line here and a file beside this one for each. */
export type AttentionType =
  | { type: 'softmax' }
  /** Scores within ± `cap`. */
  | { type: 'logitSoftCap'; cap: number }
  /** The last `window` tokens alone. */
  | { type: 'slidingWindow'; window: number }
  /** The difference of two softmax maps; `eps` is that of the norm by head. */
  | { type: 'differential'; eps: number };

/**
 * Counts the softmax maps of a head, among which its queries and keys are divided.
 * @param attention - only its `type` is read
 * @returns 1, or 2 for `differential`
 */
export function countSoftmaxMaps({ type }: AttentionType): number {
  return type === 'differential' ? 2 : 1;
}

/**
 * Creates the kernel of an attention type for heads of a width.
 * @param attention - the type and its settings
 * @param headWidth - D, the width of a head's values
 * @param layer - index of the layer, from 0; `differential` starts its λ by it
 * @returns a new kernel, its parameters at their initial values
 */
export function createAttentionKernel(attention: AttentionType, headWidth: number, layer: number): AttentionKernel {
  switch (attention.type) {
    case 'softmax':
      return new SoftmaxAttention();
    case 'logitSoftCap':
      return new LogitSoftCapAttention(attention.cap);
    case 'slidingWindow':
      return new SlidingWindowAttention(attention.window);
    case 'differential':
      return new DifferentialAttention({ headWidth, layer, eps: attention.eps });
  }
}
