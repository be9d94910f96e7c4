import { Embedding, RotaryPositions, SinusoidalPositions, measureAttentionHead } from '../../nn/index.js';
import type { Initializer } from '../../nn/index.js';
import type { GptConfig } from './gpt-config.js';

/** What tells a decoder where its tokens stand. */
export type GptPositions = Embedding | SinusoidalPositions | RotaryPositions;

/**
 * Creates the positions of a configuration.
 * @param config - its positions, sizes and attention are read
 * @param initialize - initial values of learned ones
 * @returns a table of `[contextLength, width]`, or angles of as many positions
 */
export function createPositions(
  { positions, contextLength, width, heads, headWidth = width / heads, attention, initStd }: GptConfig,
  initialize: Initializer,
): GptPositions {
  if (positions.type === 'learned') return new Embedding(contextLength, width, { initialize });
  if (positions.type === 'sinusoidal')
    return new SinusoidalPositions(contextLength, width, positions.base, positions.rms ?? initStd);
  const { width: rotated } = measureAttentionHead(attention, headWidth);
  return new RotaryPositions(rotated, contextLength, positions.base, positions.scaling, positions.pairs);
}
