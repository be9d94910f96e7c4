/**
 * A sentence as it is stored: in NFC, without control characters, with single spaces and none at the ends.
 *
 * @param text - as it came
 * @returns the tidy sentence
 */
export function prepareInput(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, (run) => (/\s/u.test(run) ? ' ' : ''))
    .trim();
}

/**
 * A sentence for comparison: in lower case, accents kept, without punctuation.
 *
 * @param text - a sentence
 * @returns its words with single spaces between
 */
export function normalizeInput(text: string): string {
  return prepareInput(text)
    .toLowerCase()
    .replace(/[\p{P}\p{S}]+/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
}
