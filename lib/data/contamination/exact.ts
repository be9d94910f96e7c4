import { createHash } from 'node:crypto';
import type { Span } from '../corpus/split.js';
import type { TokenRow } from '../corpus/tokens.js';

/** Tokens hashed at once. */
const CHUNK = 2 ** 18;

/** A document's ids as a short text: equal documents, whatever row they are in, have equal ones. */
export function hashDocument(tokens: TokenRow, { start, end }: Span): string {
  const hash = createHash('sha256');
  for (let at = start; at < end; at += CHUNK) {
    const ids = Uint32Array.from(tokens.subarray(at, Math.min(end, at + CHUNK)));
    hash.update(new Uint8Array(ids.buffer));
  }
  return hash.digest('base64');
}
