import { createHash } from 'node:crypto';
import type { Tokenizer } from '../../text/index.js';

/** SHA-256 of a tokenizer's stored form, 64 hexadecimal digits: tells whether ids are from the same one. */
export function hashTokenizer(tokenizer: Tokenizer): string {
  return createHash('sha256').update(JSON.stringify(tokenizer)).digest('hex');
}
