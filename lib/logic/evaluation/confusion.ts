import { rootNames } from './groups.js';
import type { ScoredRecord } from './score-records.js';

/** Predicted roots as a report names them. */
export const predictedRoots = [...Object.values(rootNames), 'invalid'] as const;

/** Counts by the outermost connective of the reference, then of the prediction. */
export type ConfusionMatrix = Record<string, Record<string, number>>;

/** A connective that was written for another. */
export interface RootConfusion {
  reference: string;
  predicted: string;
  count: number;
}

/** Confusions that a report names. */
const MOST_NAMED = 5;

/**
 * Counts outermost connectives, those of predictions in the letters of the reference; `invalid` is no formula.
 *
 * @param scored - records
 * @returns all rows and columns
 */
export function countRoots(scored: readonly ScoredRecord[]): ConfusionMatrix {
  const row = (): Record<string, number> => Object.fromEntries(predictedRoots.map((name) => [name, 0]));
  const matrix = Object.fromEntries(Object.values(rootNames).map((name) => [name, row()]));
  for (const { complexity, aligned } of scored) {
    const predicted = aligned === undefined ? 'invalid' : rootNames[aligned.formula.kind];
    matrix[rootNames[complexity.root]]![predicted]!++;
  }
  return matrix;
}

/**
 * The confusions of a matrix that were seen most often, the column `invalid` aside.
 *
 * @param matrix - of {@link countRoots}
 * @returns at most five, the most frequent first
 */
export function listConfusions(matrix: ConfusionMatrix): RootConfusion[] {
  return Object.entries(matrix)
    .flatMap(([reference, row]) => Object.entries(row).map(([predicted, count]) => ({ reference, predicted, count })))
    .filter(({ reference, predicted, count }) => reference !== predicted && predicted !== 'invalid' && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_NAMED);
}
