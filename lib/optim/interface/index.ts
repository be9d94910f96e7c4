/** What every optimizer is, and what a step does around one: clipping and the scaling of gradients. */
export { clipGradNorm, computeClipDivisor, computeGradNorm } from './clip.js';
export { GradScaler } from './grad-scaler.js';
export type { GradScalerOptions } from './grad-scaler.js';
export { updateUnlessSkipped } from './update-unless-skipped.js';
export { Optimizer } from './optimizer.js';
export type { OptimizerOptions, ParameterEntry, UpdateApplication, UpdateOptions, WeightAverage } from './optimizer.js';
export type { ParameterGroup, ResolvedGroup } from './parameter-group.js';
