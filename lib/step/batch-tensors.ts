import type { TokenBatch } from '../data/index.js';
import type { DecodeState, ForwardContext } from '../models/interface/index.js';
import { IGNORED_TARGET } from '../nn/index.js';
import { tensor } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { describeState } from './describe-state.js';

/**
 * The number of targets of a batch that count.
 * @param batch - only its targets, `[B, T]`, are read; −100 doesn't count
 * @returns from 0 to B · T
 */
export function countTargets({ targets }: TokenBatch): number {
  return targets.reduce((count, target) => count + (target === IGNORED_TARGET ? 0 : 1), 0);
}

/**
 * Cuts a batch by rows into micro-batches whose sizes differ by at most one; fewer where it has fewer rows.
 * @param batch - B rows of T tokens
 * @param microBatches - a positive integer
 * @returns `min(microBatches, B)` batches, views of the same memory; the batch itself where that is 1
 */
export function splitMicroBatches(batch: TokenBatch, microBatches: number): TokenBatch[] {
  const rows = batch.shape[0];
  const count = Math.min(microBatches, rows);
  if (count <= 1) return [batch];
  return Array.from({ length: count }, (_, i) =>
    sliceRows(batch, Math.floor((i * rows) / count), Math.floor(((i + 1) * rows) / count)),
  );
}

function sliceRows(batch: TokenBatch, first: number, end: number): TokenBatch {
  const T = batch.shape[1];
  const slice = (values: Int32Array): Int32Array => values.subarray(first * T, end * T);
  return {
    inputs: slice(batch.inputs),
    targets: slice(batch.targets),
    shape: [end - first, T],
    ...(batch.documents && { documents: slice(batch.documents) }),
    ...(batch.positions && { positions: slice(batch.positions) }),
    ...(batch.labels && { labels: slice(batch.labels) }),
    ...(batch.resetState && { resetState: batch.resetState.slice(first, end) }),
    ...(batch.stream !== undefined && { stream: batch.stream }),
  };
}

/**
 * The tensors of a batch on a device, each `[B, T]`, int64: inputs and targets, then documents, positions and labels where
 * the batch has them.
 */
export class BatchTensors implements Disposable {
  /** In the order that {@link buildContext} knows. */
  readonly list: readonly Tensor[];

  constructor({ inputs, targets, documents, positions, labels, shape }: TokenBatch, device: string) {
    const arrays = [inputs, targets, documents, positions, labels].filter((array) => array !== undefined);
    this.list = arrays.map((array) => tensor(array, { shape, dtype: 'int64', device }).keep());
  }

  /** `[B, T]`, int64 */
  get inputs(): Tensor {
    return this.list[0]!;
  }

  /** `[B, T]`, int64 */
  get targets(): Tensor {
    return this.list[1]!;
  }

  [Symbol.dispose](): void {
    for (const value of this.list) value.dispose();
  }
}

/**
 * The context of a forward pass over a batch.
 * @param tensors - the list of {@link BatchTensors}, each `[B, T]`, int64, or its stand-ins in a recorded function
 * @param batch - says which of documents, positions and labels are among them
 * @param training - whether dropout acts
 * @param state - the tokens read before (default: none)
 * @returns the inputs of a pass besides its tokens
 */
export function buildContext(
  tensors: readonly Tensor[],
  { documents, positions, labels }: TokenBatch,
  training: boolean,
  state?: DecodeState,
): ForwardContext {
  const rest = tensors.slice(2);
  return {
    training,
    ...(state && { state }),
    ...(documents && { documents: rest.shift()! }),
    ...(positions && { positions: rest.shift()! }),
    ...(labels && { labels: rest.shift()! }),
  };
}

/**
 * Tells batches apart that can't share a compiled function: by the tensors they have and the state they go on from.
 * @param batch - its values aren't read
 * @param index - of the micro-batch in its batch, from 0 (default 0)
 * @returns the same text for those that can share one, where their shapes are the same too
 */
export function describeLayout(batch: TokenBatch, index = 0): string {
  const { documents, positions, labels, resetState } = batch;
  const recurrent = resetState === undefined ? '' : describeState(batch, index);
  return `${documents !== undefined}, ${positions !== undefined}, ${labels !== undefined}, ${recurrent}`;
}
