import { pluralize } from '../morphology/inflect-nouns.js';
import type { Gender } from '../morphology/inflect-nouns.js';

/** A noun with what belongs to it. */
export interface NounPhrase {
  /** `el`, `la`, a possessive, or empty before a name. */
  determiner: string;
  gender: Gender;
  /** True where the feminine takes «el»: el agua. */
  stressedA: boolean;
  singular: string;
  plural: string;
}

/** The determiners that a phrase can have instead of its article. */
export type Determiner = 'the' | 'a' | 'this' | 'that' | 'some' | 'every' | 'my' | 'your' | 'our';

const DETERMINERS: Readonly<Record<Determiner, Readonly<Record<Gender, readonly [string, string]>>>> = {
  the: { m: ['el', 'los'], f: ['la', 'las'] },
  a: { m: ['un', 'unos'], f: ['una', 'unas'] },
  this: { m: ['este', 'estos'], f: ['esta', 'estas'] },
  that: { m: ['ese', 'esos'], f: ['esa', 'esas'] },
  some: { m: ['algún', 'algunos'], f: ['alguna', 'algunas'] },
  every: { m: ['cada', 'todos los'], f: ['cada', 'todas las'] },
  my: { m: ['mi', 'mis'], f: ['mi', 'mis'] },
  your: { m: ['tu', 'tus'], f: ['tu', 'tus'] },
  our: { m: ['nuestro', 'nuestros'], f: ['nuestra', 'nuestras'] },
};

const PREPOSITIONS = new Set(['de', 'del', 'a', 'al', 'con', 'sin', 'en', 'para', 'por', 'entre', 'sobre', 'contra']);

/**
 * Reads an entry of a list of subjects or objects.
 *
 * @param entry - as described by DomainText
 * @returns the bare phrase and one with each modifier
 */
export function readNounPhrases(entry: string): NounPhrase[] {
  const [, bare, list] = /^([^[]*?)\s*(?:\[(.*)\])?$/.exec(entry)!;
  const modifiers = list === undefined ? [] : list.split('|');
  return [bare!, ...modifiers.map((modifier) => `${bare!} ${modifier}`)].map(readNounPhrase);
}

function readNounPhrase(text: string): NounPhrase {
  const [first, ...rest] = text.split(/\s+/);
  const article = /^(el|la)(\/f)?$/.exec(first!);
  if (article !== null) {
    const gender = article[1] === 'la' || article[2] !== undefined ? 'f' : 'm';
    return makePhrase(article[1]!, gender, rest, article[2] !== undefined);
  }
  if (/^(?:mi|tu)$/.test(first!)) return makePhrase(first!, guessPersonGender(rest[0]!), rest, false);
  if (/^nuestr[oa]$/.test(first!)) return makePhrase(first!, first!.endsWith('a') ? 'f' : 'm', rest, false);
  return makePhrase('', text.includes(':f') ? 'f' : 'm', text.replace(':f', '').split(' '), false);
}

function guessPersonGender(noun: string): Gender {
  return /a$|madre$/.test(noun) ? 'f' : 'm';
}

function makePhrase(determiner: string, gender: Gender, words: readonly string[], stressedA: boolean): NounPhrase {
  const end = words.findIndex((word) => PREPOSITIONS.has(word));
  const cut = end < 0 ? words.length : end;
  const plain = words.map((word) => word.replace('!', ''));
  const plural = words.map((word, i) => (i < cut && isInflected(word) ? pluralize(word) : word.replace('!', '')));
  return { determiner, gender, stressedA, singular: plain.join(' '), plural: plural.join(' ') };
}

function isInflected(word: string): boolean {
  return word !== 'más' && !word.endsWith('!') && /^\p{Ll}/u.test(word) && !/\d/.test(word);
}

/**
 * Writes a noun phrase.
 *
 * @param phrase - the words
 * @param plural - its number
 * @param determiner - instead of the article; possessives and names keep what they have
 * @returns Spanish, lower-case but for names
 */
export function writeNounPhrase(phrase: NounPhrase, plural: boolean, determiner: Determiner = 'the'): string {
  const words = plural ? phrase.plural : phrase.singular;
  if (phrase.determiner === '') return words;
  if (!/^(?:el|la)$/.test(phrase.determiner)) return `${phrase.determiner}${plural ? 's' : ''} ${words}`;
  const chosen = DETERMINERS[determiner][phrase.gender][plural ? 1 : 0];
  const euphonic = phrase.stressedA && !plural ? EUPHONIC[chosen] : undefined;
  return `${euphonic ?? chosen} ${words}`;
}

const EUPHONIC: Readonly<Record<string, string>> = { la: 'el', una: 'un', alguna: 'algún' };
