import type { LanguageModel } from '../../models/interface/index.js';
import type { Module } from '../../nn/index.js';

/**
 * A figure of a model, taken over many inputs: batches of a split, or samples. What a metric needs beyond them, as
 * texts to generate, it can make in `result`.
 */
export interface Metric<Input, Model extends Module = LanguageModel> {
  /** Names the figure in logs and reports. */
  readonly name: string;
  /** Whether the figure is to fall or to rise (default `lowest`). */
  readonly goal?: 'lowest' | 'highest';
  /** Starts anew. @param model - with the weights that are to be measured */
  start(model: Model): void;
  /** Takes in one input. */
  add(input: Input): void | Promise<void>;
  /** Gives the figure over everything since the start. */
  result(): number | Promise<number>;
}
