import type { TrainingMetadata } from '../../../lib/adapters/index.js';

export function encodeTensors(tensors: Record<string, number[][]>): Buffer;
export function writeAdapter(folder: string, value: number, more?: object): void;
export function describeTraining(run: number): TrainingMetadata;
