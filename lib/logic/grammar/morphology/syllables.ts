const PLAIN: Readonly<Record<string, string>> = { á: 'a', é: 'e', í: 'i', ó: 'o', ú: 'u' };
const ACUTE: Readonly<Record<string, string>> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú' };
const VOWEL = /[aeiouáéíóúü]/;
const STRONG = /[aeoáéíóú]/;

/**
 * A text without acute accents; ñ and ü stay.
 *
 * @param text - lower-case Spanish
 * @returns the same letters, plain
 */
export function removeAccents(text: string): string {
  return text.replace(/[áéíóú]/g, (letter) => PLAIN[letter]!);
}

/**
 * The places of the vowels that carry the syllables of a word: a, e, o and accented letters each, weak i and u only where no
 * strong vowel stands beside them.
 *
 * @param word - one lower-case word
 * @returns indices of letters, ascending
 */
export function findNuclei(word: string): number[] {
  const nuclei: number[] = [];
  for (let start = 0; start < word.length;) {
    const end = findGroupEnd(word, start);
    if (end > start) nuclei.push(...findGroupNuclei(word, start, end));
    start = Math.max(end, start + 1);
  }
  return nuclei;
}

/** The end of the run of vowels at a place; the u of qu, gue and gui belongs to the consonant. */
function findGroupEnd(word: string, start: number): number {
  let at = start;
  if (word[at] === 'u' && isSilent(word, at)) return at;
  while (at < word.length && VOWEL.test(word[at]!)) at++;
  return at;
}

function isSilent(word: string, at: number): boolean {
  const before = word[at - 1];
  return before === 'q' || (before === 'g' && /[eéií]/.test(word[at + 1] ?? ''));
}

function findGroupNuclei(word: string, start: number, end: number): number[] {
  const places = Array.from({ length: end - start }, (_, i) => start + i);
  const strong = places.filter((at) => STRONG.test(word[at]!));
  return strong.length > 0 ? strong : [end - 1];
}

/**
 * The syllable that is stressed, by the accent or by the rule of the last letter.
 *
 * @param word - one lower-case word
 * @returns the number of the syllable, from 0
 */
export function findStress(word: string): number {
  const nuclei = findNuclei(word);
  const written = nuclei.findIndex((at) => /[áéíóú]/.test(word[at]!));
  if (written >= 0) return written;
  return Math.max(0, nuclei.length - (/[aeiouns]$/.test(word) ? 2 : 1));
}

/**
 * A word with its accent where the spelling of Spanish wants one.
 *
 * @param word - one lower-case word, whose accents are written anew but for the hiatus of í and ú
 * @param stress - the stressed syllable, from 0
 * @returns the word
 */
export function accentuate(word: string, stress: number): string {
  const nuclei = findNuclei(word);
  const at = nuclei[stress] ?? 0;
  const fromEnd = nuclei.length - 1 - stress;
  const expected = /[aeiouns]$/.test(removeAccents(word)) ? 1 : 0;
  const needed = nuclei.length > 1 && (fromEnd !== expected || formsHiatus(word, at));
  const plain = removeAccents(word);
  return needed ? plain.slice(0, at) + (ACUTE[plain[at]!] ?? plain[at]!) + plain.slice(at + 1) : plain;
}

/** True where a stressed í or ú stands beside a strong vowel. */
function formsHiatus(word: string, at: number): boolean {
  return /[íú]/.test(word[at]!) && [word[at - 1], word[at + 1]].some((next) => /[aeo]/.test(next ?? ''));
}
