/** What a training step computes, for what goes through one without making it. */
export { passBatch, updateWeights } from './step-work.js';
