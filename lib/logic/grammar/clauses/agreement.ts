import { agree, guessGender, pluralize } from '../morphology/inflect-nouns.js';
import type { Gender } from '../morphology/inflect-nouns.js';
import type { Person } from '../morphology/conjugate.js';
import type { Subject } from './clause.js';

/** What verbs and adjectives agree with. */
export interface Agreement {
  person: Person;
  gender: Gender;
  plural: boolean;
}

const MASCULINE = { gender: 'm', plural: false } as const;

/**
 * Person, gender and number of a subject.
 *
 * @param subject - of a clause
 * @returns what its verb and its adjectives agree with
 */
export function findAgreement(subject: Subject): Agreement {
  if (subject.kind === 'person') {
    const { person, gender } = subject;
    return { person, gender, plural: person >= 3 };
  }
  if (subject.kind === 'they') return { person: 4, gender: 'm', plural: true };
  if (subject.kind === 'someone' || subject.kind === 'none') return { person: 2, ...MASCULINE };
  const { phrase, plural } = subject;
  return { person: plural ? 4 : 2, gender: phrase.gender, plural };
}

const POSSESSIVES = ['mi', 'tu', 'su', 'nuestr', 'su'] as const;

/**
 * A complement in agreement with its subject: `cansad@`, `feliz%`, `~su`.
 *
 * @param complement - in the notation of DomainText
 * @param agreement - of the subject
 * @returns Spanish
 */
export function agreeComplement(complement: string, agreement: Agreement): string {
  const { person, gender, plural } = agreement;
  return complement
    .replace(/(\p{L}+)@/gu, (_, stem: string) => agree(stem, gender, plural))
    .replace(/(\p{L}+)%/gu, (_, word: string) => (plural ? pluralize(word) : word))
    .replace(/~su (\p{L}+)/gu, (_, noun: string) => `${choosePossessive(person, noun)} ${noun}`);
}

function choosePossessive(person: Person, noun: string): string {
  const possessive = POSSESSIVES[person];
  return person === 3 ? possessive + (guessGender(noun) === 'f' ? 'a' : 'o') : possessive;
}
