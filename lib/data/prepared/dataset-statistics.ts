import { expectPositiveInteger, formatInteger } from '../../core/index.js';
import type { Dataset } from '../datasets/dataset.js';
import { TokenDataset } from '../datasets/token-dataset.js';
import type { TokenRow } from '../corpus/tokens.js';

/** Statistics of a dataset. */
export interface DatasetStatistics {
  /** The tokens the examples are cut from; only for a {@link TokenDataset}. */
  tokens?: number;
  /** The examples in an epoch. */
  examples: number;
  /** The targets that count in an epoch. */
  targets: number;
  /** The share of places in batches that hold padding; only for a {@link TokenDataset}. */
  paddingShare?: number;
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
export function computeDatasetStatistics(dataset: Dataset, parameters?: number): DatasetStatistics {
  const counts = { ...computeRowStatistics(dataset), examples: dataset.size, targets: dataset.targetCount };
  if (parameters === undefined) return counts;
  const { tokens = counts.targets } = counts;
  expectPositiveInteger('computeDatasetStatistics', 'parameters', parameters);
  return { ...counts, parametersPerToken: parameters / tokens };
}

function computeRowStatistics(dataset: Dataset): { tokens?: number; paddingShare?: number } {
  if (!(dataset instanceof TokenDataset)) return {};
  const { tokens, paddingShare } = dataset as TokenDataset<TokenRow>;
  return { tokens: tokens.length, paddingShare };
}

/**
 * The same in a line.
 *
 * @example formatDatasetStatistics(computeDatasetStatistics(train, model.parameterCount()))
 * // '1,003,853 tokens to train on in 3,922 examples, 0.0092 % padding, 0.802 parameters a token'
 */
export function formatDatasetStatistics(statistics: DatasetStatistics): string {
  const { targets, examples, paddingShare, parametersPerToken } = statistics;
  const brief = (value: number): string =>
    value >= 1000 ? formatInteger(value) : String(Number(value.toPrecision(3)));
  return [
    `${formatInteger(targets)} tokens to train on in ${formatInteger(examples)} examples`,
    ...(paddingShare === undefined ? [] : [`${brief(100 * paddingShare)} % padding`]),
    ...(parametersPerToken === undefined ? [] : [`${brief(parametersPerToken)} parameters a token`]),
  ].join(', ');
}
