import { PREFIXES, irregularVerbs } from './irregular-verbs.js';
import type { Irregular } from './irregular-verbs.js';
import { joinEnding, spellStem } from './spell-stem.js';
import type { Conjugation } from './spell-stem.js';
import { findStress, accentuate } from './syllables.js';
import { findStemChange } from './verb-classes.js';
import type { StemChange } from './verb-classes.js';

/** yo, tú, él or usted, nosotros, ellos or ustedes. */
export type Person = 0 | 1 | 2 | 3 | 4;

/** The simple forms of a verb, each by person. */
export interface VerbForms {
  infinitive: string;
  present: string[];
  preterite: string[];
  imperfect: string[];
  future: string[];
  conditional: string[];
  subjunctive: string[];
  imperfectSubjunctive: string[];
  /** Of tú. */
  command: string;
  participle: string;
  gerund: string;
}

const ENDINGS = {
  a: { present: 'o as a amos an', preterite: 'é aste ó amos aron', subjunctive: 'e es e emos en' },
  e: { present: 'o es e emos en', preterite: 'í iste ió imos ieron', subjunctive: 'a as a amos an' },
  i: { present: 'o es e imos en', preterite: 'í iste ió imos ieron', subjunctive: 'a as a amos an' },
} as const;
const IMPERFECT = { a: 'aba abas aba ábamos aban', e: 'ía ías ía íamos ían', i: 'ía ías ía íamos ían' } as const;
const STRONG = 'e iste o imos ieron';
const FUTURE = 'é ás á emos án';
const CONDITIONAL = 'ía ías ía íamos ían';

/** What the forms of one verb are made of. */
interface Verb {
  infinitive: string;
  stem: string;
  conjugation: Conjugation;
  change: StemChange | undefined;
  irregular: Irregular;
  prefix: string;
}

const known = new Map<string, VerbForms>();

/**
 * The forms of a verb, by the rules of Spanish and the lists of irregular verbs.
 *
 * @param infinitive - lower-case, without a pronoun
 * @returns its simple forms; the same object for the same verb
 */
export function conjugate(infinitive: string): VerbForms {
  let forms = known.get(infinitive);
  if (forms === undefined) known.set(infinitive, (forms = computeForms(infinitive)));
  return forms;
}

/**
 * As {@link conjugate}, for what may be no verb: nothing is kept.
 *
 * @param infinitive - anything in -ar, -er or -ir
 * @returns its forms by the rules
 */
export function computeForms(infinitive: string): VerbForms {
  return makeForms(describeVerb(infinitive));
}

function describeVerb(infinitive: string): Verb {
  const [prefix, irregular] = findIrregular(infinitive);
  const ending = infinitive.slice(-2);
  const conjugation = (ending === 'ír' ? 'i' : ending[0]) as Conjugation;
  const change = findStemChange(infinitive) ?? findStemChange(infinitive.slice(prefix.length));
  return { infinitive, stem: infinitive.slice(0, -2), conjugation, change, irregular, prefix };
}

function findIrregular(infinitive: string): [prefix: string, irregular: Irregular] {
  const exact = irregularVerbs[infinitive];
  if (exact !== undefined) return ['', exact];
  for (let cut = 1; cut < infinitive.length - 1; cut++) {
    const [prefix, rest] = [infinitive.slice(0, cut), infinitive.slice(cut)];
    const found = irregularVerbs[rest];
    if (found === undefined || rest.length < 4) continue;
    if (rest === 'ducir' || PREFIXES.has(prefix)) return [prefix, found];
  }
  return ['', {}];
}

function makeForms(verb: Verb): VerbForms {
  const present = makePresent(verb);
  const preterite = makePreterite(verb);
  const future = verb.prefix + (verb.irregular.future ?? makeFutureStem(verb));
  return {
    infinitive: verb.infinitive,
    present,
    preterite,
    imperfect: makeImperfect(verb),
    future: addEndings(future, FUTURE),
    conditional: addEndings(future, CONDITIONAL),
    subjunctive: makeSubjunctive(verb, present[0]!),
    imperfectSubjunctive: makeImperfectSubjunctive(preterite[4]!),
    command: makeCommand(verb, present[2]!),
    participle: makeParticiple(verb),
    gerund: makeGerund(verb),
  };
}

function makeFutureStem({ infinitive, prefix }: Verb): string {
  return infinitive.slice(prefix.length).replace('ír', 'ir');
}

function addEndings(stem: string, endings: string): string[] {
  return endings.split(' ').map((ending) => stem + ending);
}

/** Forms that a table gives, with the prefix. */
function readForms({ prefix }: Verb, forms: string): string[] {
  return forms.split(' ').map((form) => prefix + form);
}

/** The stem under stress, where a verb changes it. */
function changeStem({ stem, change }: Verb): string {
  if (change === undefined) return stem;
  if (change === 'í' || change === 'ú') return accentuateLast(stem, change === 'í' ? 'i' : 'u', change);
  const [from, to] = { ie: ['e', 'ie'], ue: ['o', 'ue'], i: ['e', 'i'], 'u>ue': ['u', 'ue'], 'i>ie': ['i', 'ie'] }[
    change
  ];
  const changed = accentuateLast(stem, from!, to!);
  return change === 'ue' ? changed.replace('gue', 'güe') : changed;
}

function accentuateLast(stem: string, from: string, to: string): string {
  const at = stem.lastIndexOf(from);
  return at < 0 ? stem : stem.slice(0, at) + to + stem.slice(at + from.length);
}

/** The stem of -ir verbs where it is unstressed before a diphthong or a: durmió, sintamos. */
function closeStem({ stem, change, conjugation }: Verb): string {
  if (conjugation !== 'i') return stem;
  if (change === 'ie' || change === 'i') return accentuateLast(stem, 'e', 'i');
  return change === 'ue' ? accentuateLast(stem, 'o', 'u') : stem;
}

function spell(verb: Verb, stem: string, ending: string): string {
  return joinEnding(spellStem(stem, ending, verb.conjugation), ending);
}

/** -uir verbs put y before a, e, o: construyo. */
function insertY({ stem, conjugation }: Verb): boolean {
  return conjugation === 'i' && /[^gq]u$/.test(stem);
}

function makePresent(verb: Verb): string[] {
  const { irregular } = verb;
  if (irregular.present !== undefined) return readForms(verb, irregular.present);
  const stressed = changeStem(verb) + (insertY(verb) ? 'y' : '');
  const forms = ENDINGS[verb.conjugation].present
    .split(' ')
    .map((ending, person) => (person === 3 ? spell(verb, verb.stem, ending) : spell(verb, stressed, ending)));
  if (irregular.yo !== undefined) forms[0] = verb.prefix + irregular.yo;
  return forms;
}

function makeSubjunctive(verb: Verb, yo: string): string[] {
  const { irregular, conjugation } = verb;
  if (irregular.subjunctive !== undefined) return readForms(verb, irregular.subjunctive);
  const endings = ENDINGS[conjugation].subjunctive.split(' ');
  if (irregular.yo !== undefined || irregular.present !== undefined || insertY(verb)) {
    return endings.map((ending) => yo.slice(0, -1) + ending);
  }
  const [stressed, closed] = [changeStem(verb), closeStem(verb)];
  return endings.map((ending, person) => spell(verb, person === 3 ? closed : stressed, ending));
}

function makePreterite(verb: Verb): string[] {
  const { irregular, prefix } = verb;
  if (irregular.preterite !== undefined) return readForms(verb, irregular.preterite);
  if (irregular.strong !== undefined) return makeStrong(prefix + irregular.strong);
  const closed = closeStem(verb);
  return ENDINGS[verb.conjugation].preterite
    .split(' ')
    .map((ending, person) => spell(verb, person === 2 || person === 4 ? closed : verb.stem, ending));
}

function makeStrong(stem: string): string[] {
  const forms = addEndings(stem, STRONG);
  if (stem.endsWith('j')) forms[4] = `${stem}eron`;
  if (stem.endsWith('c')) forms[2] = `${stem.slice(0, -1)}zo`;
  return forms;
}

function makeImperfect(verb: Verb): string[] {
  if (verb.irregular.imperfect !== undefined) return readForms(verb, verb.irregular.imperfect);
  return addEndings(verb.stem, IMPERFECT[verb.conjugation]);
}

function makeImperfectSubjunctive(they: string): string[] {
  const stem = they.slice(0, -3);
  const stressed = stem.slice(0, -1) + { a: 'á', e: 'é' }[stem.at(-1) as 'a' | 'e'];
  return ['ra', 'ras', 'ra', 'ramos', 'ran'].map((ending, person) => (person === 3 ? stressed : stem) + ending);
}

function makeCommand(verb: Verb, he: string): string {
  const { command } = verb.irregular;
  if (command === undefined || (verb.prefix !== '' && command === 'di')) return he;
  const form = verb.prefix + command;
  return verb.prefix !== '' && form.endsWith('n') ? accentuate(form, findStress(`${form}d`)) : form;
}

function makeParticiple(verb: Verb): string {
  const { irregular, prefix, conjugation, stem } = verb;
  if (irregular.participle !== undefined) return prefix + irregular.participle;
  return conjugation === 'a' ? `${stem}ado` : joinEnding(stem, 'ido');
}

function makeGerund(verb: Verb): string {
  const { irregular, prefix, conjugation, stem } = verb;
  if (irregular.gerund !== undefined) return prefix + irregular.gerund;
  return conjugation === 'a' ? `${stem}ando` : joinEnding(closeStem(verb), 'iendo');
}
