/** Some tokens of every row that lie in one segment each. */
export interface Piece {
  /** The first token, counted in the pass. */
  from: number;
  /** Tokens of each row, n. */
  length: number;
  /** Where they begin in their segments, if that is the same for all rows and never another in a replay. */
  offset: number | undefined;
  /** The rows whose segment ends with them. */
  ends: 'all' | 'none' | 'some';
}

/**
 * Cuts a pass where a segment of some row ends.
 * @param lengths - tokens read before by each row
 * @param time - tokens of the pass, T
 * @param segmentLength - S
 * @returns pieces in order
 */
export function cutAtSegments(lengths: readonly number[], time: number, segmentLength: number): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < time; from += pieces.at(-1)!.length) {
    const offsets = lengths.map((length) => (length + from) % segmentLength);
    const length = offsets.reduce((least, offset) => Math.min(least, segmentLength - offset), time - from);
    const ending = offsets.filter((offset) => offset + length === segmentLength).length;
    const ends = ending === offsets.length ? 'all' : ending === 0 ? 'none' : 'some';
    const offset = offsets.every((other) => other === offsets[0]) ? offsets[0] : undefined;
    pieces.push({ from, length, offset, ends });
  }
  return pieces;
}

/**
 * Cuts a pass that may be replayed from other lengths: into pieces as long as divides all lengths, the pass and a segment.
 * @param lengths - tokens read before by each row
 * @param time - tokens of the pass, T; replays read as many
 * @param segmentLength - S
 * @returns pieces in order, none of which any replay takes over the end of a segment
 */
export function cutForReplays(lengths: readonly number[], time: number, segmentLength: number): Piece[] {
  const length = lengths.reduce(findDivisor, findDivisor(time, segmentLength));
  const isWhole = length === segmentLength;
  return Array.from({ length: time / length }, (_, i) => ({
    ...{ from: i * length, length },
    offset: isWhole ? 0 : undefined,
    ends: isWhole ? 'all' : 'some',
  }));
}

/** The greatest common divisor. */
function findDivisor(a: number, b: number): number {
  return b === 0 ? a : findDivisor(b, a % b);
}
