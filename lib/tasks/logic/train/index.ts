/** The settings of the training of a formalizer, for what trains none. */
export type { TrainLogicConfig, TrainLogicStage } from './options.js';
