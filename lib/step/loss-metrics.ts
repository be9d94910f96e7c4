import type { LossOutput } from '../models/index.js';
import { noGrad } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** Keeps the names that models give apart from those of a pass. */
const PREFIX = 'metrics.';

/** Lists what a model reports beside its loss as outputs of a compiled pass, each times `scale` where one is given. */
export function listMetrics({ auxiliary, metrics }: LossOutput, scale?: Tensor): Record<string, Tensor> {
  const values = Object.entries({ ...auxiliary, ...metrics });
  return noGrad(() =>
    Object.fromEntries(values.map(([name, value]) => [PREFIX + name, scale === undefined ? value : value.mul(scale)])),
  );
}

/** Adds the metrics among the numbers of a compiled pass to their sums. */
export function addMetrics(sums: Record<string, number>, numbers: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(numbers)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    sums[name] = (sums[name] ?? 0) + value;
  }
}
