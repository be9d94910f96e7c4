import { normalize } from './normalizer.js';
import type { Normalizer } from './normalizer.js';
import { expectWellFormed } from '../tokenizer.js';

/** Characters in a slice: about half a millisecond of work. */
const LENGTH = 1 << 18;

/** Steps that change no text across a line's end. */
const withinLines: readonly Normalizer['type'][] = ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents'];

/** True for steps that change no text across a line's end. */
export function isWithinLines(normalizers: readonly Normalizer[]): boolean {
  return normalizers.every(({ type }) => withinLines.includes(type));
}

/**
 * A text after all steps, slice by slice, so that a long one need not be worked on in one go.
 *
 * @throws ArgumentError when there is a surrogate without its partner
 */
export function* normalizeSlices(where: string, text: string, normalizers: readonly Normalizer[]): Generator<string> {
  const whole = !isWithinLines(normalizers);
  for (let start = 0; start < text.length;) {
    const end = whole ? text.length : findSliceEnd(text, start, normalizers.length > 0);
    const slice = text.slice(start, end);
    expectWellFormed(where, slice, start);
    yield normalize(slice, normalizers);
    start = end;
  }
}

/** The end of a slice: behind a line's end where normalizers ask for it, and never inside a surrogate pair. */
function findSliceEnd(text: string, start: number, atLine: boolean): number {
  const end = start + LENGTH;
  if (end >= text.length) return text.length;
  if (atLine) return text.indexOf('\n', end) + 1 || text.length;
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code < 0xdc00 ? end + 1 : end;
}
