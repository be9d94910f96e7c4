/** How a rotation is slowed down, so that a model reads further than it was first trained to. */
export type RotaryScaling =
  /** All angles by one factor. */
  | { type: 'linear'; factor: number }
  /** Only angles that turn slowly over the first context, by the factor; those between in part. */
  | {
      type: 'llama3';
      factor: number;
      /** Turns over the first context below which an angle is slowed down wholly. */
      lowTurns: number;
      /** Turns over the first context above which an angle stays as it is. */
      highTurns: number;
      /** The context length that the model was first trained with. */
      firstContextLength: number;
    };

/**
 * The angle that each pair of a head's vector turns by from one position to the next, base^(−2i/D) before scaling.
 * @param headWidth - D, even
 * @returns D/2 angles
 * @see Chen et al. 2023, https://arxiv.org/abs/2306.15595, for `linear`
 * @see Llama Team 2024, https://arxiv.org/abs/2407.21783, section 3.2, for the long contexts `llama3` was made for
 */
export function rotaryAngles(headWidth: number, base: number, scaling?: RotaryScaling): number[] {
  return Array.from({ length: headWidth / 2 }, (_, i) => scaled(base ** ((-2 * i) / headWidth), scaling));
}

function scaled(angle: number, scaling: RotaryScaling | undefined): number {
  if (scaling === undefined) return angle;
  if (scaling.type === 'linear') return angle / scaling.factor;
  const { factor, lowTurns, highTurns, firstContextLength } = scaling;
  const turns = (firstContextLength * angle) / (2 * Math.PI);
  const kept = Math.min(1, Math.max(0, (turns - lowTurns) / (highTurns - lowTurns)));
  return kept * angle + ((1 - kept) * angle) / factor;
}
