import { checkNested, checkOptions, expectCount, expectPositiveInteger, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { LogicRecord } from '../data/records/record.js';
import { compositionWeightKeys } from '../metrics/score-prediction.js';
import type { CompositionWeights } from '../metrics/score-prediction.js';
import { predictBaselines } from './baselines.js';
import type { BaselineName } from './baselines.js';
import { round, roundInterval, summarizeGroup } from './category.js';
import { countRoots, listConfusions } from './confusion.js';
import { diagnoseReport } from './diagnose.js';
import { breakdowns, groupRecords } from './groups.js';
import type { Breakdown } from './groups.js';
import { RESAMPLES, estimateMean } from './intervals.js';
import { matchPredictions } from './prediction.js';
import type { LogicPrediction } from './prediction.js';
import { evaluationSourceKeys } from './report.js';
import type { BaselineResult, EvaluationSource, FailedRecord, LogicReport } from './report.js';
import { scoreRecords } from './score-records.js';
import type { ScoredRecord } from './score-records.js';

/** Settings of {@link evaluatePredictions}. */
export interface EvaluatePredictionsOptions {
  /** Sentences that baselines learn from (default none: p → q is the only baseline). */
  train?: readonly LogicRecord[] | undefined;
  /** Where the predictions come from, for the report. */
  source?: EvaluationSource | undefined;
  /** Of the `compositional` score. */
  weights?: CompositionWeights | undefined;
  /** Predictions that aren't equivalent and are shown in the report (default 0). */
  examples?: number | undefined;
  /** Samples of the intervals of differences (default 10,000). */
  resamples?: number | undefined;
  /** The same seed draws the same samples (default 0). */
  seed?: number | undefined;
}

/** The keys of {@link EvaluatePredictionsOptions}. */
export const evaluatePredictionsKeys: OptionChecks<EvaluatePredictionsOptions> = {
  train: true,
  source: checkNested(evaluationSourceKeys),
  weights: checkNested(compositionWeightKeys),
  examples: expectCount,
  resamples: expectPositiveInteger,
  seed: true,
};

/** Records below which a group isn't told of. */
const FEWEST = 5;

/** The partial credit above which a prediction that isn't equivalent is a near miss. */
const NEAR = 0.7;

/**
 * Measures predicted formulas against those of records, over all records: a missing prediction, and one that is no formula,
 * has 0 in every score. References that always hold or never do are left out of semantic accuracy and listed.
 *
 * @param records - sentences with their formulas; at least one
 * @param predictions - in any order, by id or by sentence
 * @param options - baselines' sentences, and what the report shows
 * @returns means, intervals, groups of at least five, confusions, baselines and findings
 * @throws DataError for a record whose formula is none, for two predictions of one sentence, and where no prediction
 *   belongs to any record
 * @example
 * const report = evaluatePredictions(await readRecords('test.jsonl'), await readPredictions('predictions.jsonl'));
 * console.log(report.global.semantic_accuracy);
 */
export function evaluatePredictions(
  records: readonly LogicRecord[],
  predictions: readonly LogicPrediction[],
  options: EvaluatePredictionsOptions = {},
): LogicReport {
  const settings = checkOptions('evaluatePredictions', options, evaluatePredictionsKeys);
  const { matched, unused } = matchPredictions(records, predictions);
  if (records.length === 0 || (unused > 0 && unused === predictions.length)) refuseNothing(records, predictions);
  const scored = scoreRecords(records, matched, settings.weights);
  const { groups, hidden } = breakDown(scored);
  const matrix = countRoots(scored);
  const report = {
    ...describeSource(settings.source, records.length),
    ...{ total: records.length, missing: matched.filter((one) => one === undefined).length, unused },
    alignment: { gloss: countAligned(scored, 'gloss'), strict: countAligned(scored, 'strict') },
    global: summarizeGroup('global', scored),
    ...groups,
    ...{ hidden, confusion_matrix: matrix, top_confusions: listConfusions(matrix) },
    baselines: measureBaselines(scored, settings),
    excluded: scored.filter(({ contingent }) => !contingent).map(({ record }) => describeRecord(record)),
  };
  const diagnosis = diagnoseReport(report, scored.filter(isNearMiss).length);
  const { examples = 0 } = settings;
  return { ...report, diagnosis, ...(examples > 0 && { examples: listFailures(scored, examples) }) };
}

function refuseNothing(records: readonly LogicRecord[], predictions: readonly LogicPrediction[]): never {
  raise('PAL_DATA', {
    where: 'evaluatePredictions',
    expected: 'records, and predictions for some of them',
    received: `${records.length} records and ${predictions.length} predictions, none of which belongs to a record`,
    fix: 'Give each prediction the id or the input of its record.',
    details: { records: records.length, predictions: predictions.length },
  });
}

function describeSource(
  { model, tokenizer, decoding, dataset }: EvaluationSource = {},
  count: number,
): Pick<LogicReport, 'schemaVersion' | 'model' | 'tokenizer' | 'decoding' | 'dataset'> {
  return {
    ...{ schemaVersion: 1, model: model ?? null, tokenizer: tokenizer ?? null, decoding: decoding ?? null },
    dataset: { path: dataset?.path ?? null, sha256: dataset?.sha256 ?? null, n: count },
  };
}

function countAligned(scored: readonly ScoredRecord[], by: 'gloss' | 'strict'): number {
  return scored.filter(({ aligned }) => aligned?.by === by).length;
}

function breakDown(scored: readonly ScoredRecord[]): {
  groups: Pick<LogicReport, Breakdown>;
  hidden: LogicReport['hidden'];
} {
  const [groups, hidden] = [{} as Pick<LogicReport, Breakdown>, {} as LogicReport['hidden']];
  for (const name of Object.keys(breakdowns) as Breakdown[]) {
    const all = groupRecords(scored, name);
    const [large, small] = [all.filter(([, { length }]) => length >= FEWEST), all.filter(([, g]) => g.length < FEWEST)];
    groups[name] = large.map(([group, members]) => summarizeGroup(group, members));
    if (small.length > 0) hidden[name] = Object.fromEntries(small.map(([group, { length }]) => [group, length]));
  }
  return { groups, hidden };
}

function measureBaselines(
  scored: readonly ScoredRecord[],
  { train = [], weights, seed = 0, resamples = RESAMPLES }: EvaluatePredictionsOptions,
): LogicReport['baselines'] {
  const records = scored.map(({ record }) => record);
  const results: Partial<Record<BaselineName, BaselineResult>> = {};
  for (const [name, predictions] of Object.entries(predictBaselines(records, train)) as [
    BaselineName,
    LogicPrediction[],
  ][]) {
    const others = scoreRecords(records, predictions, weights);
    const differences = scored.flatMap(({ contingent, scores }, place) =>
      contingent ? [scores.semantic - others[place]!.scores.semantic] : [],
    );
    const found = differences.length === 0 ? null : estimateMean(differences, seed, resamples);
    const difference = found && { estimate: round(found.estimate), interval: roundInterval(found) };
    results[name] = { ...summarizeGroup(name, others), difference };
  }
  return results;
}

function isNearMiss({ contingent, scores }: ScoredRecord): boolean {
  return contingent && scores.semantic === 0 && scores.partialCredit > NEAR;
}

function describeRecord({ id, input, formula }: LogicRecord): { id: string; input: string; formula: string } {
  return { id, input, formula };
}

function listFailures(scored: readonly ScoredRecord[], most: number): FailedRecord[] {
  return scored
    .filter(({ scores }) => scores.semantic === 0)
    .slice(0, most)
    .map(({ record, prediction, scores }) => ({
      ...describeRecord(record),
      predicted: prediction?.formula ?? null,
      partial_credit: round(scores.partialCredit),
    }));
}
