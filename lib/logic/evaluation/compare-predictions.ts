import { checkOptions, expectPositiveInteger, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { LogicRecord } from '../data/records/record.js';
import type { PredictionScores } from '../metrics/score-prediction.js';
import { round, roundInterval } from './category.js';
import { RESAMPLES, estimateMean } from './intervals.js';
import { matchPredictions } from './prediction.js';
import type { LogicPrediction } from './prediction.js';
import { scoreRecords } from './score-records.js';
import type { ScoredRecord } from './score-records.js';

/** Settings of {@link comparePredictions}. */
export interface ComparePredictionsOptions {
  /** Samples of each interval (default 10,000). */
  resamples?: number | undefined;
  /** The same seed draws the same samples (default 0). */
  seed?: number | undefined;
}

/** The keys of {@link ComparePredictionsOptions}. */
export const comparePredictionsKeys: OptionChecks<ComparePredictionsOptions> = {
  resamples: expectPositiveInteger,
  seed: true,
};

/** A score of two sets of predictions. */
export interface ComparedScore {
  name: keyof PredictionScores;
  /** Records that count. */
  total: number;
  first: number;
  second: number;
  /** The first less the second. */
  difference: number;
  /** 95 %, by resampling records. */
  interval: [low: number, high: number];
}

/**
 * Compares two sets of predictions of the same records, record by record.
 *
 * @param records - sentences with their formulas
 * @param first - predictions by id or by sentence
 * @param second - other predictions
 * @param options - of the intervals
 * @returns each score of both and its difference; of `semantic` over the references that are contingent
 * @throws DataError for a record whose formula is none, for two predictions of one sentence, and without a record
 * @see Efron 1979, Bootstrap methods: another look at the jackknife
 */
export function comparePredictions(
  records: readonly LogicRecord[],
  first: readonly LogicPrediction[],
  second: readonly LogicPrediction[],
  options: ComparePredictionsOptions = {},
): ComparedScore[] {
  const { resamples = RESAMPLES, seed = 0 } = checkOptions('comparePredictions', options, comparePredictionsKeys);
  if (records.length === 0)
    raise('PAL_DATA', { where: 'comparePredictions', expected: 'a record', received: 'none', details: {} });
  const a = scoreRecords(records, matchPredictions(records, first).matched);
  const b = scoreRecords(records, matchPredictions(records, second).matched);
  const names = Object.keys(a[0]!.scores) as (keyof PredictionScores)[];
  return names.flatMap((name): ComparedScore[] => {
    const [one, other] = [listValues(a, name), listValues(b, name)];
    if (one.length === 0) return [];
    const differences = one.map((value, place) => value - other[place]!);
    const { estimate, low, high } = estimateMean(differences, seed, resamples);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    return [
      {
        ...{ name, total: one.length, first: round(mean(one)), second: round(mean(other)) },
        ...{ difference: round(estimate), interval: roundInterval({ low, high }) },
      },
    ];
  });
}

function listValues(scored: readonly ScoredRecord[], name: keyof PredictionScores): number[] {
  return scored.filter(({ contingent }) => name !== 'semantic' || contingent).map(({ scores }) => scores[name]);
}
