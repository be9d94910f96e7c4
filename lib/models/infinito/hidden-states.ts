import type { Tensor } from '../../tensor/index.js';
import type { PieceFigures } from './memory/memory-figures.js';
import { memoryPrefixes } from './memory/memory-state.js';
import type { Piece } from './pieces.js';

/**
 * The tensors that go from piece to piece by name: the memory, `position` where there is a state, and of each piece read
 * its `features.FROM` and what was told of it, as `told.FROM.phi`; in training what was counted before, as `seen.mean`.
 */
export type InfinitoHiddenStates = Record<string, Tensor>;

/**
 * The tensors of a memory among others.
 * @param tensors - by name
 * @returns those of a memory
 */
export function listMemory(tensors: Readonly<Record<string, Tensor>>): [string, Tensor][] {
  return Object.entries(tensors).filter(([name]) => memoryPrefixes.includes(name.slice(0, name.indexOf('.'))));
}

/**
 * What was told of a piece as hidden states.
 * @param told - none in evaluation
 * @param from - the first token of the piece
 * @returns the same tensors by names that no other piece has
 */
export function nameFigures(told: PieceFigures | undefined, from: number): InfinitoHiddenStates {
  return Object.fromEntries(
    Object.entries(told ?? {}).map(([name, value]: [string, Tensor]) => [`told.${from}.${name}`, value]),
  );
}

/**
 * What was told of the pieces of a pass.
 * @param hidden - after them
 * @param pieces - of the pass
 * @returns those of which something was told, in order
 */
export function listFigures(hidden: InfinitoHiddenStates, pieces: readonly Piece[]): PieceFigures[] {
  return pieces.flatMap(({ from }) => {
    const prefix = `told.${from}.`;
    const told = Object.entries(hidden).filter(([name]) => name.startsWith(prefix));
    const figures = Object.fromEntries(told.map(([name, value]) => [name.slice(prefix.length), value]));
    return told.length === 0 ? [] : [figures as unknown as PieceFigures];
  });
}

/**
 * The statistics of phi before a pass in training.
 * @param hidden - of the pass
 * @returns scalars `[]`
 */
export function readStatistics(hidden: InfinitoHiddenStates): { mean: Tensor; variance: Tensor } {
  return { mean: hidden['seen.mean']!, variance: hidden['seen.variance']! };
}
