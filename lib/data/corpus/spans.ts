/** The tokens [start, end): a document, or what a cut left of one. */
export interface Span {
  start: number;
  end: number;
}

/** Many spans, 16 bytes each. */
export interface SpanList {
  starts: Float64Array;
  ends: Float64Array;
}

/** The number of spans, and of the tokens in them. */
export function countSpans({ starts, ends }: SpanList): { tokens: number; documents: number } {
  let tokens = 0;
  for (let i = 0; i < starts.length; i++) tokens += ends[i]! - starts[i]!;
  return { tokens, documents: starts.length };
}

/** The spans of some lists, one list after another. */
export function concatenateSpans(lists: readonly SpanList[]): SpanList {
  const [only] = lists;
  if (lists.length === 1) return only!;
  const count = lists.reduce((sum, { starts }) => sum + starts.length, 0);
  const all = { starts: new Float64Array(count), ends: new Float64Array(count) };
  let at = 0;
  for (const { starts, ends } of lists) {
    all.starts.set(starts, at);
    all.ends.set(ends, at);
    at += starts.length;
  }
  return all;
}

/** The tokens of each document. */
export function listDocumentSpans(starts: ArrayLike<number>, length: number): Span[] {
  return Array.from({ length: starts.length }, (_, i) => ({ start: starts[i]!, end: starts[i + 1] ?? length }));
}
