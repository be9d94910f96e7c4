/** What a training step computes, for what goes through one without making it. */
export { createGradientOptions } from '../objective.js';
export { updateWeights } from './update-weights.js';
