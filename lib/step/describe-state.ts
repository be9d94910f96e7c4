import type { TokenBatch } from '../data/index.js';

/**
 * Names the recurrent state that a micro-batch goes on from: its stream, its place in its batch and its rows.
 * @param batch - its values aren't read
 * @param index - of the micro-batch in its batch, from 0
 * @returns `index:rows`, behind the number of the stream and a slash where there are several
 */
export function describeState({ stream, shape }: TokenBatch, index: number): string {
  return `${stream === undefined ? '' : `${stream}/`}${index}:${shape[0]}`;
}
