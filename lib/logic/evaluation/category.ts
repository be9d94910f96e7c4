import { computeWilsonInterval } from './intervals.js';
import type { ScoreInterval } from './intervals.js';
import type { ScoredRecord } from './score-records.js';

/** The means of the scores of some records, with four digits; a missing or invalid prediction has 0 in each. */
export interface ScoreCategory {
  name: string;
  /** Records. */
  total: number;
  exact_match: number;
  canonical_match: number;
  /** The share of formulas equivalent to the reference, over `semantic_total`; null where that is 0. */
  semantic_accuracy: number | null;
  /** Records whose reference is contingent. */
  semantic_total: number;
  syntax_valid_rate: number;
  partial_credit: number;
  atom_f1: number;
  gloss_f1: number;
  /** The F1 of connectives, each as often as it stands. */
  connector_accuracy: number;
  root_accuracy: number;
  subformula_f1: number;
  compositional_avg: number;
  /** The share of valuations under which prediction and reference have the same value. */
  model_agreement: number;
  /** The share that some renaming of letters makes equivalent: an upper bound, over `semantic_total`. */
  any_renaming: number | null;
  /** 95 % intervals of shares, by Wilson. */
  ci: Record<'exact_match' | 'semantic_accuracy' | 'syntax_valid_rate' | 'root_accuracy', [low: number, high: number]>;
}

/**
 * Averages the scores of records.
 *
 * @param name - of the group
 * @param scored - at least one
 * @returns means and intervals
 */
export function summarizeGroup(name: string, scored: readonly ScoredRecord[]): ScoreCategory {
  const contingent = scored.filter((one) => one.contingent);
  const mean = (read: (one: ScoredRecord) => number, over = scored): number =>
    round(over.reduce((sum, one) => sum + read(one), 0) / over.length);
  const among = (read: (one: ScoredRecord) => number): number | null =>
    contingent.length === 0 ? null : mean(read, contingent);
  return {
    name,
    total: scored.length,
    exact_match: mean(({ scores }) => scores.exact),
    canonical_match: mean(({ scores }) => scores.canonical),
    semantic_accuracy: among(({ scores }) => scores.semantic),
    semantic_total: contingent.length,
    syntax_valid_rate: mean(({ scores }) => scores.valid),
    partial_credit: mean(({ scores }) => scores.partialCredit),
    atom_f1: mean(({ scores }) => scores.atomF1),
    gloss_f1: mean(({ scores }) => scores.glossF1),
    connector_accuracy: mean(({ scores }) => scores.connectiveF1),
    root_accuracy: mean(({ scores }) => scores.root),
    subformula_f1: mean(({ scores }) => scores.subformulaF1),
    compositional_avg: mean(({ scores }) => scores.compositional),
    model_agreement: mean(({ scores }) => scores.agreement),
    any_renaming: among(({ renamed }) => renamed),
    ci: summarizeShares(scored, contingent),
  };
}

function summarizeShares(scored: readonly ScoredRecord[], contingent: readonly ScoredRecord[]): ScoreCategory['ci'] {
  const share = (read: (one: ScoredRecord) => number, over = scored): [number, number] =>
    roundInterval(computeWilsonInterval(over.filter((one) => read(one) === 1).length, over.length));
  return {
    exact_match: share(({ scores }) => scores.exact),
    semantic_accuracy: share(({ scores }) => scores.semantic, contingent),
    syntax_valid_rate: share(({ scores }) => scores.valid),
    root_accuracy: share(({ scores }) => scores.root),
  };
}

/**
 * The ends of an interval with four digits.
 *
 * @param interval - any
 * @returns its low and its high end
 */
export function roundInterval(interval: Pick<ScoreInterval, 'low' | 'high'>): [low: number, high: number] {
  return [round(interval.low), round(interval.high)];
}

/**
 * A score with four digits.
 *
 * @param value - any
 * @returns the nearest multiple of 0.0001
 */
export function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
