import type { WeightAverage } from '../../optim/interface/index.js';

/**
 * Runs `work` with an average in the place of the trained weights, which are put back whatever happens.
 * @param average - of the weights of a model
 * @param work - sees the model with the average
 * @returns the result of `work`
 */
export async function runWithAverage<T>(average: WeightAverage, work: () => Promise<T>): Promise<T> {
  average.applyShadow();
  try {
    return await work();
  } finally {
    average.restore();
  }
}
