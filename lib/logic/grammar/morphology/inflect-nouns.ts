import { accentuate, findStress } from './syllables.js';

/** Grammatical gender. */
export type Gender = 'm' | 'f';

/** Plurals that move their accent, or have none of their own. */
const PLURALS: Readonly<Record<string, string>> = {
  régimen: 'regímenes',
  carácter: 'caracteres',
  espécimen: 'especímenes',
  club: 'clubes',
  sándwich: 'sándwiches',
  sofá: 'sofás',
  mamá: 'mamás',
  papá: 'papás',
  menú: 'menús',
  champú: 'champús',
  ferry: 'ferris',
  hacker: 'hackers',
  router: 'routers',
  phisher: 'phishers',
  pentester: 'pentesters',
  array: 'arrays',
  token: 'tokens',
  proxy: 'proxies',
};

/**
 * The plural of a noun or an adjective.
 *
 * @param word - a lower-case singular
 * @returns its plural
 */
export function pluralize(word: string): string {
  const known = PLURALS[word];
  if (known !== undefined) return known;
  if (/[aeiouéó]$/.test(word)) return `${word}s`;
  if (/[íú]$/.test(word)) return `${word}es`;
  if (isInvariable(word)) return word;
  const stem = word.endsWith('z') ? `${word.slice(0, -1)}c` : word;
  if (/[^aeiouáéíóúnrlszdyj]$/.test(word)) return `${word}s`;
  return accentuate(`${stem}es`, findStress(word));
}

/** Words in -s and -x that are not stressed on the last syllable keep their form: lunes, crisis, virus. */
function isInvariable(word: string): boolean {
  return word.endsWith('x') || (word.endsWith('s') && !/[áéíóú]s$|^[^aeiou]*[aeiou]s$/.test(word));
}

/** Nouns whose gender their ending doesn't tell. */
const FEMININE = new Set([
  'mano',
  'foto',
  'moto',
  'radio',
  'red',
  'ley',
  'piel',
  'sal',
  'luz',
  'llave',
  'clave',
  'noche',
]);
const MASCULINE = new Set(
  ['día', 'mapa', 'problema', 'sistema', 'programa', 'tema', 'idioma', 'plan', 'avión', 'camión', 'pijama'].concat([
    'planeta',
    'esquema',
    'poema',
  ]),
);

/**
 * The likely gender of a noun, by its ending and lists of exceptions.
 *
 * @param noun - a lower-case noun, singular or plural
 * @returns its gender
 */
export function guessGender(noun: string): Gender {
  const singular = noun.replace(/([aeo])s$/, '$1').replace(/ione$/, 'ión');
  if (FEMININE.has(singular)) return 'f';
  if (MASCULINE.has(singular)) return 'm';
  return /(?:a|ión|dad|tad|tud|ez|umbre|dade|tade)$/.test(singular) ? 'f' : 'm';
}

/**
 * An adjective or participle in -o, -a, -os or -as.
 *
 * @param stem - all before the ending
 * @param gender - of the noun
 * @param plural - its number
 * @returns the form
 */
export function agree(stem: string, gender: Gender, plural: boolean): string {
  return stem + (gender === 'f' ? 'a' : 'o') + (plural ? 's' : '');
}
