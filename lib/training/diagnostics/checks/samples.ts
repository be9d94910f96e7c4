import { findLongestRepeatedSpan, computeRepetitionRate } from '../../../evaluation/metrics/index.js';
import type { Finding } from '../diagnosis.js';
import { measureGap } from '../record.js';
import type { RunRecord, SampleRecord } from '../record.js';
import { formatPercent, formatShort } from '../short.js';

/** More than this of repeated trigrams, or a longer span that comes again, is too much. */
const TRIGRAMS = 0.3;
const SPAN = 20;

/**
 * At least half of the samples repeat themselves.
 * @param record - samples are read, losses and dropout for the advice
 * @returns a warning of code GEN_REPEAT; undefined where fewer do, or there are no samples
 */
export function findRepetition({ samples, history, facts: { dropout } }: RunRecord): Finding | undefined {
  const measured = samples.map(measureRepetition);
  const bad = measured.filter(({ trigrams, span }) => trigrams > TRIGRAMS || span > SPAN);
  if (bad.length === 0 || bad.length < samples.length / 2) return undefined;
  const mean = measured.reduce((sum, { trigrams }) => sum + trigrams, 0) / measured.length;
  const gap = measureGap(history);
  const now = dropout === undefined ? '' : ` (now ${formatShort(dropout)})`;
  return {
    code: 'GEN_REPEAT',
    severity: 'warning',
    message: `Repetition ${formatPercent(mean)} of trigrams in ${bad.length} of ${samples.length} samples: train/val gap ${gap === undefined ? 'unknown' : formatShort(gap)}.`,
    evidence: {
      trigrams: mean,
      longestSpan: Math.max(...measured.map(({ span }) => span)),
      samples: samples.length,
      gap: gap ?? 'unknown',
    },
    advice:
      (gap ?? 0) > 0.5
        ? `Raise dropout${now}, shrink the model or add data.`
        : 'Generate with topP 0.9 and a repetition penalty of 1.1–1.3.',
  };
}

/**
 * Text drawn at a temperature at which the model no longer believes it.
 * @param record - samples are read, and the latest validation loss
 * @returns a warning of code HOT_SAMPLING; undefined where there is no such text
 */
export function findHotSampling({ samples, history: { evaluations } }: RunRecord): Finding | undefined {
  const loss = evaluations.at(-1)?.loss;
  if (loss === undefined) return undefined;
  const hot = samples.filter(
    (sample) => (sample.temperature ?? 1) > 1.2 && averageLogProbability(sample) < -1.5 * loss,
  );
  const [first] = hot;
  if (first === undefined) return undefined;
  const logProbability = averageLogProbability(first);
  return {
    code: 'HOT_SAMPLING',
    severity: 'warning',
    message: `At temperature ${formatShort(first.temperature ?? 1)} the mean log-probability is ${formatShort(logProbability)}, below −1.5 × ${formatShort(loss)}: temperature too high.`,
    evidence: { temperature: first.temperature ?? 1, logProbability, loss, samples: hot.length },
    advice: 'Take a temperature of 0.7–1.0, or keep to likely tokens with topP 0.9.',
  };
}

/** Repeated trigrams, as a share, and the longest span that comes again, in tokens. */
function measureRepetition({ ids }: SampleRecord): { trigrams: number; span: number } {
  return { trigrams: ids.length < 3 ? 0 : computeRepetitionRate([ids], 3), span: findLongestRepeatedSpan(ids).length };
}

/** The mean ln P of a sample's tokens; Infinity where it is unknown. */
function averageLogProbability({ logProbabilities = [] }: SampleRecord): number {
  if (logProbabilities.length === 0) return Infinity;
  return logProbabilities.reduce((sum, value) => sum + value, 0) / logProbabilities.length;
}
