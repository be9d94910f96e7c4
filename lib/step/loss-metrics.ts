import type { LossOutput } from '../models/interface/index.js';
import { noGrad } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** Keeps the names that models give apart from those of a pass. */
const PREFIX = 'metrics.';

/**
 * Lists what a model reports beside its loss as outputs of a compiled pass, each times `scale` where one is given.
 * @param loss - its auxiliary terms and metrics are read, scalars `[]`
 * @param scale - a scalar `[]` (default: none)
 * @returns scalars `[]` without gradients, by names that no output of the pass itself has
 */
export function listMetrics({ auxiliary, metrics }: LossOutput, scale?: Tensor): Record<string, Tensor> {
  const values = Object.entries({ ...auxiliary, ...metrics });
  return noGrad(() =>
    Object.fromEntries(values.map(([name, value]) => [PREFIX + name, scale === undefined ? value : value.mul(scale)])),
  );
}

/**
 * Adds the metrics among the numbers of a compiled pass to their sums.
 * @param sums - by the names that the model gives; changed in place
 * @param numbers - the outputs of the pass, those that {@link listMetrics} named among them
 */
export function addMetrics(sums: Record<string, number>, numbers: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(numbers)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    sums[name] = (sums[name] ?? 0) + value;
  }
}
