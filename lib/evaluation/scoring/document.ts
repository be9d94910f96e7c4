import { findUnknownToken } from '../../text/index.js';
import type { Tokenizer } from '../../text/index.js';

/** A document as ids, as a prepared split holds it: with the tokens at its ends, and with words that are not known. */
export interface EncodedDocument {
  ids: ArrayLike<number>;
  /** The text of the ids, without the tokens at the ends. */
  text: string;
}

/** A document to be scored: its text, or its ids where they say more. */
export type ScoredDocument = string | EncodedDocument;

/** The text of a document. */
export function getText(document: ScoredDocument): string {
  return typeof document === 'string' ? document : document.text;
}

/** Ids with the text they stand for, special tokens but the unknown one left out. */
export function decodeDocument(ids: ArrayLike<number>, tokenizer: Tokenizer): EncodedDocument {
  const unknown = findUnknownToken(tokenizer);
  const special = new Set(Object.values(tokenizer.specialTokens ?? {}).filter((id) => id !== unknown));
  return { ids, text: tokenizer.decode(Array.from(ids).filter((id) => !special.has(id))) };
}

/** The same ids in blocks of about as many characters each; none overlap. */
export function splitBlocks(
  { ids, text }: EncodedDocument,
  tokenizer: Tokenizer,
  characters = 4000,
): EncodedDocument[] {
  const count = Math.max(1, Math.round(text.length / characters));
  const all = Array.from(ids);
  const size = Math.ceil(all.length / count);
  const starts = Array.from({ length: Math.ceil(all.length / size) }, (_, i) => i * size);
  return starts.map((start) => decodeDocument(all.slice(start, start + size), tokenizer));
}
