import type { Tensor } from '../tensor/index.js';
import type { ParameterGroup } from './optimizer.js';

/** Splits parameters in two groups: matrices and tables decay, vectors (biases, norms) don't. */
export function decayGroups(parameters: Record<string, Tensor>, weightDecay: number): ParameterGroup[] {
  const entries = Object.entries(parameters);
  const matrices = entries.filter(([, tensor]) => tensor.ndim >= 2);
  const vectors = entries.filter(([, tensor]) => tensor.ndim < 2);
  const groups = [
    { parameters: Object.fromEntries(matrices), weightDecay },
    { parameters: Object.fromEntries(vectors), weightDecay: 0 },
  ];
  return groups.filter((group) => Object.keys(group.parameters).length > 0);
}
