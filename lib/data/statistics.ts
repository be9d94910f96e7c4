import { expectPositiveInteger } from '../core/index.js';
import type { TokenDataset } from './token-dataset.js';
import type { TokenRow } from './tokens.js';

/** What a dataset holds, in numbers. */
export interface DatasetStatistics {
  /** The tokens the examples are cut from. */
  tokens: number;
  /** The examples in an epoch. */
  examples: number;
  /** The targets that count in an epoch. */
  targets: number;
  /** The share of places in batches that hold padding. */
  paddingShare: number;
  /** Only for a known number of parameters: a ratio above 1 means a model larger than its text. */
  parametersPerToken?: number;
}

/**
 * Counts a dataset.
 *
 * @param dataset - the part that is trained on
 * @param parameters - the number of a model's weights
 * @throws ArgumentError when `parameters` is no positive integer
 */
export function datasetStatistics(dataset: TokenDataset<TokenRow>, parameters?: number): DatasetStatistics {
  const { tokens, size, targetCount, paddingShare } = dataset;
  const counts = { tokens: tokens.length, examples: size, targets: targetCount, paddingShare };
  if (parameters === undefined) return counts;
  const ratio = expectPositiveInteger('datasetStatistics', 'parameters', parameters) / tokens.length;
  return { ...counts, parametersPerToken: ratio };
}
