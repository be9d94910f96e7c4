import { arange, floorDivide, full } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { computeRowEntropy } from '../prefix-metrics/attention-entropy.js';
import { layOutDocuments, layOutSegment } from './chunk-layout.js';
import type { MemoryPiece } from './chunk-layout.js';

/** Where the tokens of a piece stand, as blocks and memory see it. */
export interface PieceLocation {
  /** The first token, counted in the pass. */
  from: number;
  /** Tokens of each row, n. */
  length: number;
  /** Where they begin in their segments, if that is the same for all rows and never another in a replay. */
  offset: number | undefined;
  /** `[B, n]`, int64, in the segment, where there is no such; or in their documents. */
  places: Tensor | undefined;
  /** `[B, n]`, int64, of packed rows. */
  documents: Tensor | undefined;
  /** The rows whose segment ends with them. */
  ends: 'all' | 'none' | 'some';
  /** Tokens of the stream before, `[B]`, int64; none without a state. */
  position: Tensor | undefined;
  device: string;
}

/** What the blocks before a memory have made of a piece. */
export type ReadPiece = Pick<MemoryPiece, 'attention' | 'embedded' | 'statistics'>;

/** What a location is measured by. */
export interface ChunkSizes {
  segmentLength: number;
  chunkLength: number;
}

/**
 * A piece as a memory sees it.
 * @param location - of its tokens
 * @param sizes - of segments and chunks
 * @param read - of the blocks before
 * @returns layout, numbers and ends; undefined where no chunk can end
 */
export function locatePiece(location: PieceLocation, sizes: ChunkSizes, read: ReadPiece): MemoryPiece | undefined {
  const { documents, places, length, device } = location;
  const { chunkLength } = sizes;
  if (documents === undefined) return locateInSegment(location, sizes, read);
  if (length < chunkLength) return undefined;
  const layout = layOutDocuments(documents, places!, chunkLength);
  const firstChunk = full([1, 1], 0, { dtype: 'int64', device });
  return {
    ...{ layout, place: undefined, firstChunk, ...describeAttention(read) },
    ...{ keyChunks: layout.member, ends: 'none', keepsOpen: false },
  };
}

function locateInSegment(
  location: PieceLocation,
  { segmentLength, chunkLength }: ChunkSizes,
  read: ReadPiece,
): MemoryPiece {
  const { from, length, offset, position, device } = location;
  const integers = { dtype: 'int64', device } as const;
  const J = segmentLength / chunkLength;
  const places = location.places ?? arange(offset!, offset! + length, 1, integers).unsqueeze(0);
  const layout = layOutSegment(places, segmentLength, chunkLength);
  const keys = floorDivide(arange(segmentLength, integers), chunkLength); // S
  const keyChunks = offset === 0 ? layout.member : keys.eq(arange(J, integers).unsqueeze(1)).unsqueeze(0);
  const firstChunk =
    position === undefined
      ? full([1, 1], (from / segmentLength) * J, integers)
      : floorDivide(position, segmentLength).mul(J).unsqueeze(1);
  const ends = location.ends === 'some' ? position!.add(length).remainder(segmentLength).eq(0) : location.ends;
  return {
    layout,
    place: { places, offset },
    firstChunk,
    ...describeAttention(read),
    keyChunks,
    ends,
    keepsOpen: position !== undefined,
  };
}

function describeAttention(read: ReadPiece): ReadPiece & Pick<MemoryPiece, 'entropies'> {
  return { ...read, entropies: read.attention.map((weights) => computeRowEntropy(weights)) };
}
