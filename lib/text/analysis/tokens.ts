/**
 * A word is a run of letters and digits with the apostrophes, hyphens and decimal points inside it. Every other
 * character that is no white space is a mark; placeholders such as `<unk>` are words.
 */
const TOKEN =
  /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:(?:['’‐-]|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*|<\p{L}+>|\S/gu;

/** The same for ASCII, several times as fast. */
const ASCII_TOKEN = /[A-Za-z0-9]+(?:(?:['-]|(?<=[0-9])[.,](?=[0-9]))[A-Za-z0-9]+)*|<[A-Za-z]+>|\S/g;
const NOT_ASCII = /[^\0-\x7f]/;

const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}`;
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'u');
const UNSPACED_PARTS = new RegExp(`[${UNSPACED}]\\p{M}*|[^${UNSPACED}]+`, 'gu');

/** The words and marks of a text, in order. In scripts written without spaces each character is a word. */
export function splitTokens(text: string): readonly string[] {
  if (!NOT_ASCII.test(text)) return text.match(ASCII_TOKEN) ?? [];
  const tokens = text.match(TOKEN) ?? [];
  return HAS_UNSPACED.test(text) ? tokens.flatMap((token) => token.match(UNSPACED_PARTS) ?? []) : tokens;
}

/** True for a token that is a word, not a mark. */
export function isWord(token: string): boolean {
  const code = token.charCodeAt(0);
  if (code < 65) return (code >= 48 && code <= 57) || (code === 60 && token.length > 1);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return /^[\p{L}\p{N}]/u.test(token);
}
