import { checkOptions, expectRange } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { dims, noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { defaultPhiWeights } from './phi-weights.js';
import type { PhiWeights } from './phi-weights.js';

/** Phi of a whole sequence, and what it is made of: a heuristic, to be compared with that of an untrained model. */
export interface SequencePhi extends PhiWeights {
  /** 1 / (1 + variance over the heads of their mean weight): always 1 for weights of a softmax. */
  coherence: number;
  /** The weighted sum of the four components, in [0, 1]. */
  integrationPhi: number;
  /** 3 · f · the weighted sum, in [0, 10]; f = 300 / perplexity in [1, 5], and 1 without one. */
  phiEstimate: number;
}

/** Settings of {@link measureSequencePhi}. */
export interface SequencePhiOptions {
  /** Weights of a softmax, `[B, H, T, T]`, averaged over layers (default: none, and attention is ½). */
  attention?: Tensor | undefined;
  /** Of the components (default: 0.3, 0.3, 0.2, 0.2). */
  weights?: PhiWeights | undefined;
  /** Of the model on the text, at least 1 (default: unknown). */
  perplexity?: number | undefined;
}

const sequencePhiKeys: OptionChecks<SequencePhiOptions> = {
  attention: true,
  weights: true,
  perplexity: (where, name, value) => expectRange(where, name, value, { min: 1 }),
};

/** Added before the logarithm of a weight. */
const EPSILON = 1e-10;

/**
 * Phi of whole sequences as it was first defined. Every value reads all positions, so no model may: it is for analysis
 * alone, and saturates where prefix metrics don't.
 * @param hidden - `[B, T, C]`, floating, the last states, without padding
 * @param options - attention, weights of the components, perplexity
 * @returns plain numbers for each of the B sequences
 */
export function measureSequencePhi(hidden: Tensor, options: SequencePhiOptions = {}): SequencePhi[] {
  const {
    attention,
    weights = defaultPhiWeights,
    perplexity,
  } = checkOptions('measureSequencePhi', options, sequencePhiKeys);
  const { B, T } = dims(hidden, 'B T C', {}, 'measureSequencePhi');
  if (attention !== undefined) dims(attention, 'B H T T', { B, T }, 'measureSequencePhi attention');
  return noGrad(() =>
    scope(() =>
      Array.from({ length: B }, (_, row) => {
        const own = attention?.select(0, row).to('float64');
        const components = measureComponents(hidden.select(0, row).to('float64'), own);
        const coherence = own === undefined ? 1 : measureCoherence(own);
        return { ...components, coherence, ...combineComponents(components, weights, perplexity) };
      }),
    ),
  );
}

function measureComponents(hidden: Tensor, attention: Tensor | undefined): PhiWeights {
  return {
    temporal: measureTemporal(hidden),
    integration: measureQuarters(hidden),
    complexity: hidden.numel < 2 ? 0.5 : hidden.variance().mul(10).sigmoid().item(),
    attention: attention === undefined ? 0.5 : measureDiversity(attention),
  };
}

function combineComponents(
  components: PhiWeights,
  weights: PhiWeights,
  perplexity: number | undefined,
): Pick<SequencePhi, 'integrationPhi' | 'phiEstimate'> {
  const names = ['temporal', 'integration', 'complexity', 'attention'] as const;
  const integrationPhi = names.reduce((sum, name) => sum + weights[name] * components[name], 0);
  const factor = perplexity === undefined ? 1 : Math.min(5, Math.max(1, 300 / perplexity));
  return { integrationPhi, phiEstimate: Math.min(10, Math.max(0, 3 * factor * integrationPhi)) };
}

/** (1 + the mean cosine of neighbours) / 2, of `[T, C]`. */
function measureTemporal(hidden: Tensor): number {
  const { T } = dims(hidden, 'T C');
  if (T < 2) return 1;
  const units = scaleToUnits(hidden);
  const cosines = units
    .narrow(0, 1, T - 1)
    .mul(units.narrow(0, 0, T - 1))
    .sum(-1);
  return cosines.mean().add(1).div(2).item();
}

/** The mean |cosine| of the 6 pairs of quarter means; what is left after four equal quarters counts nothing. */
function measureQuarters(hidden: Tensor): number {
  const { T, C } = dims(hidden, 'T C');
  if (T < 4) return 1;
  const length = Math.floor(T / 4);
  const quarters = hidden
    .narrow(0, 0, 4 * length)
    .reshape(4, length, C)
    .mean(1);
  const units = scaleToUnits(quarters);
  const cosines = units.matmul(units.transpose(0, 1)).abs();
  return cosines.triu(1).sum().div(6).item();
}

/** H(mean over heads and queries) / ln T, of `[H, T, T]`. */
function measureDiversity(attention: Tensor): number {
  const { T } = dims(attention, 'H T S');
  if (T < 2) return 0;
  const mean = attention.mean([0, 1]); // S
  return mean.mul(mean.add(EPSILON).log()).sum().neg().div(Math.log(T)).item();
}

function measureCoherence(attention: Tensor): number {
  const { H } = dims(attention, 'H T S');
  if (H < 2) return 1;
  return 1 / (1 + attention.mean([1, 2]).variance().item());
}

function scaleToUnits(rows: Tensor): Tensor {
  return rows.div(rows.norm(2, -1, { keepdim: true }).clamp({ min: 1e-8 }));
}
