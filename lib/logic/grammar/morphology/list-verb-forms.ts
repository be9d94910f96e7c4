import { computeForms, conjugate } from './conjugate.js';
import type { VerbForms } from './conjugate.js';
import { irregularVerbs } from './irregular-verbs.js';
import { removeAccents } from './syllables.js';

/** The endings of regular forms, and of participles. */
const ENDINGS = (
  'o as a amos an es e emos en imos é aste ó aron í iste ió ieron aba abas ábamos aban ía ías íamos ían ' +
  'aré arás ará aremos arán eré erás erá eremos erán iré irás irá iremos irán aría arías aríamos arían ' +
  'ería erías eríamos erían iría irías iríamos irían ara aras áramos aran iera ieras iéramos ieran ' +
  'yo yes ye yen ya yas yamos yan yó yeron yera yeras yéramos yeran ado ada ados adas ido ida idos idas ando iendo yendo ar er ir ad ed id'
).split(' ');

/** A pronoun that is written behind a form. */
const PRONOUN = /(?:me|te|se|nos|l[oae]s?)$/;

/** How the end of a stem is spelt before other endings. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/qu$/, 'c'],
  [/zc$/, 'c'],
  [/c$/, 'z'],
  [/gu$/, 'g'],
  [/gü$/, 'gu'],
  [/j$/, 'g'],
  [/g$/, ''],
  [/y$/, ''],
];

/** How the last vowel of a stem is without stress. */
const VOWELS: readonly (readonly [RegExp, string])[] = [
  [/ie(?=[^aeiouáéíóú]*$)/, 'e'],
  [/ue(?=[^aeiouáéíóú]*$)/, 'o'],
  [/ue(?=[^aeiouáéíóú]*$)/, 'u'],
  [/i(?=[^aeiouáéíóú]*$)/, 'e'],
  [/u(?=[^aeiouáéíóú]*$)/, 'o'],
];

let irregular: ReadonlyMap<string, readonly string[]> | undefined;

/**
 * The forms of each verb that a word may be one of, by the endings and changes that Spanish has. The verb need not exist:
 * any word in -o may be of one in -ar.
 *
 * @param word - one lower-case word, with or without pronouns behind it
 * @returns forms, the word among them where it may be one
 */
export function listVerbForms(word: string): ReadonlySet<string> {
  irregular ??= groupIrregular();
  const forms = new Set<string>();
  const add = (all: Iterable<string>): void => {
    for (const form of all) forms.add(form);
  };
  for (const bare of listBare(word)) {
    for (const infinitive of irregular.get(bare) ?? []) add(listForms(conjugate(infinitive)));
    for (const infinitive of guessInfinitives(bare)) {
      const all = listForms(computeForms(infinitive));
      if (all.includes(bare)) add(all);
    }
  }
  return forms;
}

/** The word, and what is left of it without one or two pronouns: «dar» of «dárselo», «vamos» of «vámonos». */
function listBare(word: string): string[] {
  const rests = [word];
  for (let rest = word; rests.length < 3 && PRONOUN.test(rest); rests.push(rest)) rest = rest.replace(PRONOUN, '');
  const plain = rests.slice(1).map(removeAccents);
  const all = [...rests, ...plain, ...plain.filter((rest) => rest.endsWith('mo')).map((rest) => `${rest}s`)];
  return [...new Set(all)].filter((rest) => rest.length > 1);
}

function guessInfinitives(word: string): Set<string> {
  const stems = ENDINGS.filter((ending) => word.endsWith(ending) && word.length > ending.length + 1).flatMap((ending) =>
    listStems(word.slice(0, -ending.length)),
  );
  return new Set(stems.flatMap((stem) => [`${stem}ar`, `${stem}er`, `${stem}ir`]));
}

/** A stem as it may be before other endings. */
function listStems(stem: string): string[] {
  const change = (stems: string[], changes: typeof SPELLINGS): string[] => [
    ...stems,
    ...stems.flatMap((one) => changes.filter(([from]) => from.test(one)).map(([from, to]) => one.replace(from, to))),
  ];
  const all = change(change([stem], SPELLINGS), VOWELS);
  return [...new Set([...all, ...all.map(removeAccents)])];
}

function groupIrregular(): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const infinitive of Object.keys(irregularVerbs).filter((verb) => /[aeií]r$/.test(verb) && verb !== 'ducir')) {
    for (const form of new Set(listForms(conjugate(infinitive)))) {
      index.set(form, [...(index.get(form) ?? []), infinitive]);
    }
  }
  return index;
}

function listForms(verb: VerbForms): string[] {
  const { infinitive, participle, gerund, command, ...tenses } = verb;
  const stem = participle.slice(0, -1);
  return [
    infinitive,
    gerund,
    command,
    participle,
    `${stem}a`,
    `${stem}os`,
    `${stem}as`,
    ...Object.values(tenses).flat(),
  ];
}
