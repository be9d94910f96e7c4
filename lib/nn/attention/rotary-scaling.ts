/** A scaling of the rotary frequencies for a context longer than that of the first training. */
export type RotaryScaling =
  /** Divides all frequencies by one factor. */
  | { type: 'linear'; factor: number }
  /** Divides low frequencies by the factor, those between in part. */
  | {
      type: 'llama3';
      factor: number;
      /** Turns over the original context below which a frequency is divided wholly. */
      lowFreqFactor: number;
      /** Turns over the original context above which a frequency stays as it is. */
      highFreqFactor: number;
      /** The context length that the model was first trained with. */
      originalContextLength: number;
    };

/**
 * Computes the frequency of each pair of a head's vector in radians a position, base^(−2i/D) before scaling.
 * @param headWidth - D, even
 * @param base - above 1, as 10,000: the larger, the longer the longest wavelength
 * @param scaling - for a longer context than that of the first training (default: none)
 * @returns D/2 frequencies, that of pair 0 first
 * @see Chen et al. 2023, https://arxiv.org/abs/2306.15595, for `linear`
 * @see Llama Team 2024, https://arxiv.org/abs/2407.21783, section 3.2, for the long contexts `llama3` was made for
 */
export function computeInverseFrequencies(headWidth: number, base: number, scaling?: RotaryScaling): number[] {
  return Array.from({ length: headWidth / 2 }, (_, i) => scaleFrequency(base ** ((-2 * i) / headWidth), scaling));
}

function scaleFrequency(frequency: number, scaling: RotaryScaling | undefined): number {
  if (scaling === undefined) return frequency;
  if (scaling.type === 'linear') return frequency / scaling.factor;
  const { factor, lowFreqFactor, highFreqFactor, originalContextLength } = scaling;
  const turns = (originalContextLength * frequency) / (2 * Math.PI);
  const kept = Math.min(1, Math.max(0, (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor)));
  return kept * frequency + ((1 - kept) * frequency) / factor;
}
