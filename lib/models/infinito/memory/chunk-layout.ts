import { arange, cumsum, floorDivide, matmul } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';

/** How the tokens of a piece lie in the J chunks of a table; B is 1 where all rows are alike. */
export interface ChunkLayout {
  /** True where a token is of a chunk, `[B, J, n]`. */
  member: Tensor;
  /** True where a chunk ends in the piece, `[B, J]`. */
  completes: Tensor;
  /** True where a token reads a chunk: those that ended before its own began, `[B, n, J]`. */
  visible: Tensor;
  /** True for the tokens up to the end of a chunk, in the same segment or document, `[B, J, n]`. */
  prefix: Tensor;
  /** How many chunks ago each began, `[B, n, J]`, int64. */
  ages: Tensor;
  /** The number of each chunk in its segment or document, `[B, J]`, int64. */
  numbers: Tensor;
  /** The chunk of each token, `[B, n]`, int64, counted in the segment or document. */
  chunks: Tensor;
  /** c. */
  chunkLength: number;
}

/** Where a piece stands in its segment. */
export interface PiecePlace {
  /** `[B, n]`, int64; B is 1 where all rows are alike. */
  places: Tensor;
  /** The first of them, where it is the same for all rows whatever is replayed. */
  offset: number | undefined;
}

/** A piece as a memory sees it. */
export interface MemoryPiece {
  layout: ChunkLayout;
  /** None for packed documents. */
  place: PiecePlace | undefined;
  /** The number in the stream of the segment's first chunk, `[B, 1]` or `[1, 1]`, int64. */
  firstChunk: Tensor;
  /** Attention of the blocks before, `[B, H, n, S]` each, of n queries to S keys; empty where priority is not phi. */
  attention: readonly Tensor[];
  /** Entropies of the rows of that attention in nats, `[B, H, n]` each. */
  entropies: readonly Tensor[];
  /** True where a key of the attention is of a chunk, `[B, J, S]` or `[1, J, S]`. */
  keyChunks: Tensor;
  /** The rows whose segment ends with the piece, `[B]`; or all of them, or none. */
  ends: Tensor | 'all' | 'none';
  /** Whether the open segment is gone on with. */
  keepsOpen: boolean;
  /** The token vectors, `[B, n, C]`, in training: it is then told how the memory was at work. */
  embedded?: Tensor | undefined;
  /** Mean and variance of phi before the pass, `[]` each, in training. */
  statistics?: { mean: Tensor; variance: Tensor } | undefined;
}

/**
 * Lays out tokens of a segment.
 * @param places - `[B, n]`, int64, in the segment; B is 1 where all rows are alike
 * @param segmentLength - S
 * @param chunkLength - c, which divides S
 * @returns a table of J = S / c chunks
 */
export function layOutSegment(places: Tensor, segmentLength: number, chunkLength: number): ChunkLayout {
  const J = segmentLength / chunkLength;
  const numbers = arange(J, { dtype: 'int64', device: places.device });
  const chunks = floorDivide(places, chunkLength); // B n
  const ends = numbers.add(1).mul(chunkLength).sub(1).unsqueeze(-1); // J 1
  const before = chunks.unsqueeze(2).sub(numbers); // B n J
  return {
    member: chunks.unsqueeze(1).eq(numbers.unsqueeze(-1)),
    completes: places.unsqueeze(1).eq(ends).any(-1),
    visible: before.gt(0),
    prefix: chunks.unsqueeze(1).le(numbers.unsqueeze(-1)),
    ages: before.clamp({ min: 0 }),
    numbers: numbers.unsqueeze(0),
    chunks,
    chunkLength,
  };
}

/**
 * Lays out packed documents, each from the start of a stream: a chunk is one that ends in its document.
 * @param documents - `[B, T]`, int64, each document in a run
 * @param places - `[B, T]`, int64, in the document
 * @param chunkLength - c, at most T
 * @returns a table of J = ⌊T / c⌋ chunks in the order of their ends
 */
export function layOutDocuments(documents: Tensor, places: Tensor, chunkLength: number): ChunkLayout {
  const T = documents.size(1);
  const { device } = documents;
  const numbers = arange(Math.floor(T / chunkLength), { dtype: 'int64', device }); // J
  const isEnd = places
    .remainder(chunkLength)
    .eq(chunkLength - 1)
    .to('int64');
  const rank = cumsum(isEnd, 1).sub(isEnd); // B T, ends before each token
  const own = rank.unsqueeze(1).eq(numbers.unsqueeze(-1)); // B J T
  const end = arange(T, { dtype: 'int64', device })
    .add(chunkLength - 1)
    .sub(places.remainder(chunkLength)); // B T
  const isWhole = end.lt(T).logicalAnd(documents.gather(1, end.clamp({ max: T - 1 })).eq(documents));
  const member = own.logicalAnd(isWhole.unsqueeze(1));
  const same = documents.unsqueeze(1).eq(documents.unsqueeze(2)).to('float32'); // B T T
  const related = matmul(member.to('float32'), same).gt(0); // B J T, of the document of the chunk
  const chunks = floorDivide(places, chunkLength);
  const number = floorDivide(member.to('int64').mul(chunks.unsqueeze(1)).sum(-1), chunkLength); // B J
  const isUpTo = rank.unsqueeze(1).le(numbers.unsqueeze(-1));
  return {
    member,
    completes: member.any(-1),
    visible: related.logicalAnd(isUpTo.logicalNot()).transpose(1, 2),
    prefix: related.logicalAnd(isUpTo),
    numbers: number,
    ages: chunks.unsqueeze(2).sub(number.unsqueeze(1)).clamp({ min: 0 }),
    chunks,
    chunkLength,
  };
}
