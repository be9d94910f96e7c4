import { isPalabraError, raise } from '../../core/index.js';
import type { LogicRecord } from '../data/records/record.js';
import { tryParse } from '../data/records/try-parse.js';
import { measureComplexity } from '../formula/complexity.js';
import type { FormulaComplexity } from '../formula/complexity.js';
import type { Formula } from '../formula/formula.js';
import { parseFormula } from '../formula/parse-formula.js';
import { computeSemanticPattern } from '../forms/pattern.js';
import { alignAtoms } from '../metrics/align-atoms.js';
import type { Alignment } from '../metrics/align-atoms.js';
import { scorePrediction } from '../metrics/score-prediction.js';
import type { CompositionWeights, PredictionScores } from '../metrics/score-prediction.js';
import { isContingent } from '../semantics/equivalence.js';
import type { LogicPrediction } from './prediction.js';

/** A record, what was predicted of it, and how near that comes. */
export interface ScoredRecord {
  record: LogicRecord;
  /** Of the reference. */
  complexity: FormulaComplexity;
  /** False for a reference that always holds or never does; its equivalence says little and isn't counted. */
  contingent: boolean;
  /** The prediction as it was written; undefined where there is none. */
  prediction: LogicPrediction | undefined;
  /** In the letters of the reference; undefined where there is no formula. */
  aligned: Alignment | undefined;
  scores: PredictionScores;
  /** 1 if some renaming of its letters makes it equivalent: an upper bound, which takes q → p for p → q. */
  renamed: number;
}

/** Atoms up to which every renaming is tried. */
const MOST_RENAMED = 6;

/** The reference of a record: its formula and its clauses. */
interface Reference {
  formula: Formula;
  atoms: LogicRecord['atoms'];
}

/**
 * Scores the prediction of each record.
 *
 * @param records - sentences whose formulas can all be read
 * @param predictions - one a record; undefined for none, which scores 0
 * @param weights - of the `compositional` score
 * @returns one a record, in their order
 * @throws DataError for a record whose formula is none
 */
export function scoreRecords(
  records: readonly LogicRecord[],
  predictions: readonly (LogicPrediction | undefined)[],
  weights: CompositionWeights = {},
): ScoredRecord[] {
  return records.map((record, place) => scoreRecord(record, readReference(record), predictions[place], weights));
}

function readReference({ id, formula, atoms }: LogicRecord): Reference {
  try {
    return { formula: parseFormula(formula), atoms };
  } catch (cause) {
    if (!isPalabraError(cause)) throw cause;
    return raise('PAL_DATA', {
      where: 'evaluatePredictions',
      expected: `the formula of record ${id} to be one`,
      received: cause.message,
      fix: 'Clean the records first: palabra logic clean.',
      details: { place: id },
      cause,
    });
  }
}

function scoreRecord(
  record: LogicRecord,
  gold: Reference,
  prediction: LogicPrediction | undefined,
  weights: CompositionWeights,
): ScoredRecord {
  const formula = tryParse(prediction?.formula ?? undefined);
  const predicted = formula && { formula, atoms: prediction!.atoms };
  const aligned = predicted && alignAtoms(predicted, gold);
  const scores = scorePrediction(predicted, gold, weights);
  return {
    ...{ record, prediction, aligned, scores },
    complexity: measureComplexity(gold.formula),
    contingent: isContingent(gold.formula) !== false,
    renamed: scores.semantic === 1 || (aligned && isRenamed(aligned.formula, gold.formula)) === true ? 1 : 0,
  };
}

function isRenamed(formula: Formula, gold: Formula): boolean {
  const { atoms } = measureComplexity(gold);
  if (atoms > MOST_RENAMED || measureComplexity(formula).atoms !== atoms) return false;
  return computeSemanticPattern(formula) === computeSemanticPattern(gold);
}
