/**
 * «y», or «e» before the sound of i.
 *
 * @param next - the text behind it
 * @returns the conjunction
 */
export function chooseAnd(next: string): 'y' | 'e' {
  return /^h?[ií](?!e)/i.test(next) && !/^h?ie/i.test(next) ? 'e' : 'y';
}

/**
 * «o», or «u» before the sound of o.
 *
 * @param next - the text behind it
 * @returns the conjunction
 */
export function chooseOr(next: string): 'o' | 'u' {
  return /^h?[oó]/i.test(next) ? 'u' : 'o';
}

/**
 * A text with «a el» and «de el» contracted.
 *
 * @param text - Spanish
 * @returns the text with «al» and «del»
 */
export function contract(text: string): string {
  return text.replace(
    /(^|\s)([Aa]|[Dd]e) el (?=[\p{L}\d])/gu,
    (_, before: string, word: string) => `${before}${word}l `,
  );
}

/**
 * A text with a capital first letter.
 *
 * @param text - Spanish
 * @returns the text
 */
export function capitalize(text: string): string {
  return text.replace(/^\p{L}/u, (letter) => letter.toUpperCase());
}
