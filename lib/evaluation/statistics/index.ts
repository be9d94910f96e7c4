/** Intervals, for what needs nothing else of evaluation. */
export { bootstrapInterval } from './bootstrap.js';
