import type { LossHistory } from '../../evaluation/index.js';
import type { RunRecord } from '../../training/diagnostics/index.js';

/** The losses at the evaluations of a run that have both. */
export function getLossHistory({ history }: RunRecord): Required<LossHistory> {
  const both = history.evaluations.filter(({ trainLoss }) => trainLoss !== undefined);
  return {
    steps: both.map(({ step }) => step),
    train: both.map(({ trainLoss }) => trainLoss!),
    validation: both.map(({ loss }) => loss),
  };
}
