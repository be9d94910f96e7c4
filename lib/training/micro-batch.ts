import type { TokenBatch } from '../data/index.js';
import type { DecodeState, ForwardContext, LanguageModel } from '../models/index.js';
import { IGNORED_TARGET } from '../nn/index.js';
import { tensor } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** The number of targets of a batch that count. */
export function countedTargets({ targets }: TokenBatch): number {
  return targets.reduce((count, target) => count + (target === IGNORED_TARGET ? 0 : 1), 0);
}

/** Cuts a batch by rows into pieces whose sizes differ by at most one; fewer where it has fewer rows. */
export function piecesOf(batch: TokenBatch, pieces: number): TokenBatch[] {
  const rows = batch.shape[0];
  const count = Math.min(pieces, rows);
  if (count <= 1) return [batch];
  return Array.from({ length: count }, (_, i) =>
    rowsOf(batch, Math.floor((i * rows) / count), Math.floor(((i + 1) * rows) / count)),
  );
}

function rowsOf(batch: TokenBatch, first: number, end: number): TokenBatch {
  const T = batch.shape[1];
  const cut = (values: Int32Array): Int32Array => values.subarray(first * T, end * T);
  return {
    inputs: cut(batch.inputs),
    targets: cut(batch.targets),
    shape: [end - first, T],
    ...(batch.documents && { documents: cut(batch.documents) }),
    ...(batch.positions && { positions: cut(batch.positions) }),
    ...(batch.fresh !== undefined && { fresh: batch.fresh }),
  };
}

/** Which tensors a batch has, and which state: pieces of one kind can share a recorded step. */
export function kindOf({ documents, positions, fresh, shape }: TokenBatch, piece = 0): string {
  const carried = fresh === undefined ? '' : `${piece}:${shape[0]}`;
  return `${documents !== undefined}, ${positions !== undefined}, ${carried}`;
}

/**
 * Hands a batch over as tensors, each `[B, T]`, int64, and frees them when `work` is done: inputs and targets, then
 * documents and positions where it has them.
 */
export async function withTensors<T>(
  batch: TokenBatch,
  model: LanguageModel,
  work: (tensors: Tensor[]) => Promise<T>,
): Promise<T> {
  const { inputs, targets, documents, positions, shape } = batch;
  const device = deviceOf(model);
  const arrays = [inputs, targets, documents, positions].filter((array) => array !== undefined);
  const tensors = arrays.map((array) => tensor(array, { shape, dtype: 'int64', device }).keep());
  try {
    return await work(tensors);
  } finally {
    for (const made of tensors) made.dispose();
  }
}

/** The context of a forward pass over the tensors of {@link withTensors}. */
export function contextOf(
  tensors: readonly Tensor[],
  { documents, positions }: TokenBatch,
  training: boolean,
  state?: DecodeState,
): ForwardContext {
  const rest = tensors.slice(2);
  return {
    training,
    ...(state && { state }),
    ...(documents && { documents: rest.shift()! }),
    ...(positions && { positions: rest.shift()! }),
  };
}

/** Where a model is. */
export function deviceOf(model: LanguageModel): string {
  return model.parameters()[0]?.device ?? 'cpu';
}
