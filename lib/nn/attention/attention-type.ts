import { DifferentialMixing } from './differential.js';
import type { Mixing } from './mixing.js';
import { SlidingWindowMixing } from './sliding-window.js';
import { SoftCappedMixing } from './soft-capped.js';
import { SoftmaxMixing } from './softmax.js';

/** How scores become a mixture of values: a line here and a file beside this one for each. */
export type AttentionType =
  | { type: 'softmax' }
  /** Scores within ± `cap`. */
  | { type: 'softCapped'; cap: number }
  /** The last `window` tokens alone. */
  | { type: 'slidingWindow'; window: number }
  /** The difference of two maps; `eps` is that of the norm by head. */
  | { type: 'differential'; eps: number };

/** The maps of weights in each head, among which its queries and keys are divided. */
export function mapsPerHead({ type }: AttentionType): number {
  return type === 'differential' ? 2 : 1;
}

/** Makes the mixing of an attention type for heads of a width, in the layer at a place from 0. */
export function newMixing(attention: AttentionType, headWidth: number, layer: number): Mixing {
  switch (attention.type) {
    case 'softmax':
      return new SoftmaxMixing();
    case 'softCapped':
      return new SoftCappedMixing(attention.cap);
    case 'slidingWindow':
      return new SlidingWindowMixing(attention.window);
    case 'differential':
      return new DifferentialMixing({ headWidth, layer, eps: attention.eps });
  }
}
