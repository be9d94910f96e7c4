import { raise } from '../../core/index.js';
import { listDocumentSpans } from './spans.js';
import type { Corpus, TokenRow } from './tokens.js';

/** Consecutive inputs of one document, each with the next token as its target. */
export interface InputSpan {
  /** The first input in the row of tokens. */
  start: number;
  /** The number of inputs. */
  count: number;
}

/**
 * The inputs of each document. Its last token is a target only; documents of fewer than two tokens have none.
 *
 * @throws DataError when no document has two tokens
 */
export function listInputSpans(where: string, { tokens, starts }: Corpus<TokenRow>): InputSpan[] {
  const spans = listDocumentSpans(starts, tokens.length)
    .map(({ start, end }) => ({ start, count: end - start - 1 }))
    .filter(({ count }) => count > 0);
  if (spans.length === 0) refuseEmpty(where, starts.length);
  return spans;
}

/** Cuts a span into chunks of at most `length` inputs. */
export function chunkSpan({ start, count }: InputSpan, length: number): InputSpan[] {
  return Array.from({ length: Math.ceil(count / length) }, (_, i) => ({
    start: start + i * length,
    count: Math.min(length, count - i * length),
  }));
}

function refuseEmpty(where: string, documents: number): never {
  raise('PAL_DATA', { where, expected: 'a document of at least two tokens', received: `none in ${documents}` });
}
