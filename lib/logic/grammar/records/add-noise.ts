import type { Random } from '../../../core/index.js';
import { removeAccents } from '../morphology/syllables.js';

/** Letters that lie side by side on a keyboard. */
const NEIGHBOURS: Readonly<Record<string, string>> = {
  a: 's',
  e: 'r',
  i: 'o',
  o: 'p',
  u: 'y',
  s: 'd',
  r: 't',
  n: 'm',
  d: 'f',
  t: 'y',
  c: 'v',
  l: 'k',
  m: 'n',
  p: 'o',
};

/**
 * A sentence as it is written in haste: without accents, without capital or stop, without commas that aren't needed to
 * understand it, or with one letter wrong inside a word.
 *
 * @param text - a sentence
 * @param keep - words that stay as they are
 * @param random - the generator that chooses
 * @returns the sentence with at least one flaw
 */
export function addNoise(text: string, keep: ReadonlySet<string>, random: Random): string {
  const style = random.integer(5);
  if (style === 0) return removeAllAccents(text);
  if (style === 1) return text.slice(0, 1).toLowerCase() + text.slice(1).replace(/\.$/, '');
  if (style === 2) return removeAllAccents(text).toLowerCase().replace(/\.$/, '');
  if (style === 3) return text.replace(/\.$/, '');
  return misspell(text, keep, random);
}

function removeAllAccents(text: string): string {
  return removeAccents(text).replace(/[ÁÉÍÓÚ]/g, (letter) => removeAccents(letter.toLowerCase()).toUpperCase());
}

/** Swaps two letters, drops one or hits the key beside, in a long word that isn't to be kept. */
function misspell(text: string, keep: ReadonlySet<string>, random: Random): string {
  const words = text.split(' ');
  const long = words.flatMap((word, i) => (/^\p{Ll}{6,}$/u.test(word) && !keep.has(word) ? [i] : []));
  if (long.length === 0) return text.replace(/\.$/, '');
  const at = long[random.integer(long.length)]!;
  words[at] = spoil(words[at]!, 1 + random.integer(words[at]!.length - 3), random.integer(3));
  return words.join(' ');
}

function spoil(word: string, at: number, style: number): string {
  if (style === 0) return word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2);
  if (style === 1) return word.slice(0, at) + word.slice(at + 1);
  return word.slice(0, at) + (NEIGHBOURS[word[at]!] ?? word[at]! + word[at]!) + word.slice(at + 1);
}
