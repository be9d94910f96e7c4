import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectBoolean, expectFinite, expectPositiveInteger } from '../../core/index.js';

/** What decides on the strength of an update. */
export interface ScalingTerms {
  /** The rank r, a positive integer. */
  r: number;
  /** α, above 0. */
  loraAlpha: number;
  /** Divides by √r. */
  useRslora: boolean;
  /** A factor set afterwards (default 1). */
  factor?: number;
}

/** The keys of {@link ScalingTerms}. */
export const scalingKeys: OptionChecks<ScalingTerms> = {
  r: expectPositiveInteger,
  loraAlpha: expectFinite,
  useRslora: expectBoolean,
  factor: expectFinite,
};

/**
 * The factor on B·A, wherever it is used: α/r, or α/√r for rsLoRA, times the factor set afterwards.
 *
 * @param terms - rank, α and kind
 * @returns a finite number
 * @throws ArgumentError unless the rank is a positive integer and the other numbers are finite
 * @see Hu et al. 2021, https://arxiv.org/abs/2106.09685; Kalajdzievski 2023, https://arxiv.org/abs/2312.03732
 */
export function computeScaling(terms: ScalingTerms): number {
  const { r, loraAlpha, useRslora, factor = 1 } = checkOptions('computeScaling', terms, scalingKeys);
  return (factor * loraAlpha) / (useRslora ? Math.sqrt(r) : r);
}
