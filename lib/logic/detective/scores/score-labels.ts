import { raise } from '../../../core/index.js';
import { fallacyLabels } from '../data/labels.js';
import type { FallacyLabel } from '../data/labels.js';

/** How well one label is found. */
export interface LabelScore {
  label: FallacyLabel;
  /** Texts that have it, and texts that were given it. */
  count: number;
  predicted: number;
  /** Shares from 0 to 1; 0 where there is nothing to divide by. */
  precision: number;
  recall: number;
  f1: number;
}

/** How well labels are found. */
export interface LabelScores {
  count: number;
  accuracy: number;
  /** The mean of F1 over the labels that texts have. */
  macroF1: number;
  labels: LabelScore[];
  /** Texts by their label and the one that was given, where these differ; most first. */
  confusions: { label: FallacyLabel; predicted: FallacyLabel; count: number }[];
}

/**
 * Compares labels with those that were given.
 *
 * @param truth - the label of each text; at least one
 * @param predicted - as many
 * @returns accuracy, F1 by label and its mean
 * @throws ArgumentError without texts, and for lists of two lengths
 */
export function scoreLabels(truth: readonly FallacyLabel[], predicted: readonly FallacyLabel[]): LabelScores {
  if (truth.length === 0 || truth.length !== predicted.length) refuseLengths(truth.length, predicted.length);
  const pairs = truth.map((label, place) => [label, predicted[place]!] as const);
  const labels = fallacyLabels.map((label) => scoreLabel(label, pairs));
  const present = labels.filter(({ count }) => count > 0);
  return {
    count: truth.length,
    accuracy: pairs.filter(([label, given]) => label === given).length / truth.length,
    macroF1: present.reduce((sum, { f1 }) => sum + f1, 0) / present.length,
    labels,
    confusions: listConfusions(pairs),
  };
}

type Pair = readonly [label: FallacyLabel, predicted: FallacyLabel];

function scoreLabel(label: FallacyLabel, pairs: readonly Pair[]): LabelScore {
  const count = pairs.filter(([is]) => is === label).length;
  const predicted = pairs.filter(([, given]) => given === label).length;
  const right = pairs.filter(([is, given]) => is === label && given === label).length;
  return {
    ...{ label, count, predicted },
    precision: predicted === 0 ? 0 : right / predicted,
    recall: count === 0 ? 0 : right / count,
    f1: count + predicted === 0 ? 0 : (2 * right) / (count + predicted),
  };
}

function listConfusions(pairs: readonly Pair[]): LabelScores['confusions'] {
  const counts = new Map<string, { label: FallacyLabel; predicted: FallacyLabel; count: number }>();
  for (const [label, predicted] of pairs) {
    if (label === predicted) continue;
    const key = `${label} ${predicted}`;
    counts.set(key, { label, predicted, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

function refuseLengths(truth: number, predicted: number): never {
  return raise('PAL_ARGUMENT', {
    where: 'scoreLabels',
    expected: 'a predicted label for each of one text or more',
    received: `${truth} texts and ${predicted} labels`,
  });
}
