import { cat, zeros } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { countPrefix } from '../prefix-metrics/prefix-place.js';
import { computePrefixMetrics } from '../prefix-metrics/prefix-metrics.js';
import type { PrefixMetricsState } from '../prefix-metrics/prefix-metrics.js';
import type { ChunkLayout, PiecePlace } from './chunk-layout.js';

/** What the components of phi are computed from. */
export interface PhiInputs {
  /** `[B, n, C]`. */
  hidden: Tensor;
  /** Entropies of the rows of attention in nats, `[B, H, n]`. */
  entropies: Tensor;
  /** `[C, M]`. */
  projection: Tensor;
}

/**
 * The components of phi where each chunk of a document ends.
 * @param inputs - states and entropies
 * @param layout - of packed documents
 * @returns `[B, J, 4]`; any values for chunks that are none
 */
export function measureDocumentChunks({ hidden, entropies, projection }: PhiInputs, layout: ChunkLayout): Tensor {
  const [B, J, T] = layout.prefix.shape as [number, number, number];
  // Each chunk reads a row of its own, in which all but its prefix is padding.
  const mask = layout.prefix.reshape([B * J, T]);
  const { components } = computePrefixMetrics({
    hidden: hidden.repeatInterleave(J, 0),
    entropies: entropies.repeatInterleave(J, 0),
    projection,
    place: { lengths: countPrefix([B * J, T], hidden.device, mask), mask, at: [T - 1] },
    every: layout.chunkLength,
  });
  return components.reshape([B, J, 4]);
}

/**
 * The components of phi where each chunk of a segment ends.
 * @param inputs - states and entropies
 * @param layout - of the piece
 * @param place - of the piece
 * @param before - after the tokens of the segment read before; none were without it
 * @returns `[B, J, 4]`, any values for chunks that don't end here, and what the next piece goes on from
 */
export function measureSegmentChunks(
  { hidden, entropies, projection }: PhiInputs,
  layout: ChunkLayout,
  { places, offset }: PiecePlace,
  before: PrefixMetricsState | undefined,
): { components: Tensor; state: PrefixMetricsState } {
  const [B, n] = hidden.shape as [number, number];
  const ends = offset === undefined ? undefined : listChunkEnds(offset, n, layout.chunkLength);
  const { components, state } = computePrefixMetrics({
    hidden,
    entropies,
    projection,
    place: { lengths: places.add(1).expand(B, n), at: ends?.length === 0 ? [n - 1] : ends },
    every: layout.chunkLength,
    state: before,
  });
  const J = layout.completes.size(1);
  return { components: placeInTable(components, layout, ends, { J, offset: offset ?? 0 }), state };
}

/** Indices in a piece at which chunks end. */
function listChunkEnds(offset: number, n: number, chunkLength: number): number[] {
  return Array.from({ length: n }, (_, i) => i).filter((i) => (offset + i + 1) % chunkLength === 0);
}

/** Values at the ends of chunks, `[B, P, 4]`, or at every token, as a table `[B, J, 4]`. */
function placeInTable(
  values: Tensor,
  { completes, member, chunkLength }: ChunkLayout,
  ends: readonly number[] | undefined,
  { J, offset }: { J: number; offset: number },
): Tensor {
  const B = values.size(0);
  const pad = (count: number) => zeros([B, count, 4], { dtype: values.dtype, device: values.device });
  if (ends === undefined) {
    // The last member of a chunk that ends here is its end.
    const n = member.size(2);
    const last = member
      .flip([2])
      .to('int64')
      .argmax(2)
      .neg()
      .add(n - 1); // B J
    const index = last.mul(completes.to('int64')).unsqueeze(2).expand(B, J, 4);
    return values.gather(1, index);
  }
  if (ends.length === 0) return pad(J);
  const first = Math.floor(offset / chunkLength);
  return cat([pad(first), values, pad(J - first - ends.length)], 1);
}
