import type { Corpus, TokenRow } from '../corpus/tokens.js';
import type { ContaminationWork } from './contamination-work.js';
import { ShingleIndex } from './shingle-index.js';
import { hashSpans } from './shingles.js';
import type { RowSpans } from './shingles.js';

/** Tokens compared at once. */
const CHUNK = 2 ** 14;

/** The documents of a corpus as spans. */
export function getDocumentSpans({ starts, tokens }: Corpus<TokenRow>): RowSpans {
  return { starts, end: (document) => starts[document + 1] ?? tokens.length };
}

/**
 * Finds documents that a reference has with every token.
 *
 * @param heldOut - the documents that are looked for
 * @param reference - where to look
 * @param shortest - documents of fewer tokens are left out
 * @param work - the slices
 * @returns for each document one of the reference that equals it, by number, or −1
 */
export async function findExactDuplicates(
  heldOut: Corpus<TokenRow>,
  reference: Corpus<TokenRow>,
  shortest: number,
  work: ContaminationWork,
): Promise<Int32Array> {
  const [own, others] = [getDocumentSpans(heldOut), getDocumentSpans(reference)];
  const getLength = ({ starts, end }: RowSpans, document: number): number => end(document) - starts[document]!;
  const index = new ShingleIndex(own.starts.length);
  const found = new Int32Array(own.starts.length).fill(-1);
  const add = (a: number, b: number, document: number): void => {
    if (getLength(own, document) >= shortest) index.add(a, b, document);
  };
  const search = (a: number, b: number, document: number): void => {
    const first = index.first(a, b);
    if (first === 0 || found[index.unitOf(first)]! >= 0) return;
    const length = getLength(others, document);
    for (let entry = first; entry > 0; entry = index.after(entry)) {
      if (getLength(own, index.unitOf(entry)) === length) found[index.unitOf(entry)] = document;
    }
  };
  await work.run(hashSpans(heldOut.tokens, own, add));
  await work.run(hashSpans(reference.tokens, others, search));
  await work.run(verify(found, heldOut, reference));
  return found;
}

/** Takes back what only the hashes have in common. */
function* verify(found: Int32Array, heldOut: Corpus<TokenRow>, reference: Corpus<TokenRow>): Generator<number, void> {
  const own = getDocumentSpans(heldOut);
  for (let document = 0; document < found.length; document++) {
    const copy = found[document]!;
    if (copy < 0) continue;
    const [start, length] = [own.starts[document]!, own.end(document) - own.starts[document]!];
    const from = reference.starts[copy]!;
    for (let at = 0; at < length; at += CHUNK) {
      const count = Math.min(CHUNK, length - at);
      const a = heldOut.tokens.subarray(start + at, start + at + count);
      const b = reference.tokens.subarray(from + at, from + at + count);
      for (let i = 0; i < count; i++) if (a[i] !== b[i]) found[document] = -1;
      yield 0;
    }
  }
}
