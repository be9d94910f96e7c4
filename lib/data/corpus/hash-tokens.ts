import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { TokenRow } from './tokens.js';

/** Tokens that are hashed between two turns of the event loop. */
const PIECE = 2 ** 18;
/** The most pieces that are hashed; of a longer row as many, spread evenly. */
const MOST_PIECES = 512;

/**
 * Hashes a row of tokens, whatever holds them: all of up to 134 million, of more as many in pieces spread evenly.
 * @param tokens - in memory or in a file
 * @returns SHA-256 of the length and the ids as 32 bits each, 64 hexadecimal digits
 */
export async function hashTokens(tokens: TokenRow): Promise<string> {
  const hash = createHash('sha256').update(`${tokens.length} tokens`);
  const pieces = Math.ceil(tokens.length / PIECE);
  const hashed = Math.min(pieces, MOST_PIECES);
  for (let i = 0; i < hashed; i++) {
    const start = Math.floor((i * pieces) / hashed) * PIECE;
    const ids = Uint32Array.from(tokens.subarray(start, Math.min(tokens.length, start + PIECE)));
    hash.update(ids);
    await setImmediate();
  }
  return hash.digest('hex');
}
