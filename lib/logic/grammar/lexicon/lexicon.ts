import { farming, animals, weather } from './domains/nature.js';
import { cooking, health, sport } from './domains/body.js';
import { operations, programming, security } from './domains/computing.js';
import { family, home, school, travel } from './domains/daily.js';
import { general } from './domains/general.js';
import { culture, games, logic, science } from './domains/reason.js';
import { finance, law, politics, work } from './domains/society.js';
import type { DomainText } from './domain-text.js';
import { readNounPhrases } from './noun-phrase.js';
import type { NounPhrase } from './noun-phrase.js';
import { readPredicates } from './predicate.js';
import type { Predicate } from './predicate.js';

/** Subjects and predicates that go together. */
export interface ClauseGroup {
  subjects: readonly NounPhrase[];
  predicates: readonly Predicate[];
  /** True where the plural of each subject is as good. */
  plural: boolean;
}

/** The words of one field. */
export interface Domain {
  name: string;
  groups: readonly ClauseGroup[];
  people: readonly NounPhrase[];
  actions: readonly Predicate[];
  happenings: readonly Predicate[];
  impersonal: readonly Predicate[];
  anonymous: readonly Predicate[];
  passives: readonly ClauseGroup[];
}

const TEXTS: readonly DomainText[] = [
  ...[weather, animals, farming, health, cooking, sport, law, politics, finance, work],
  ...[family, home, travel, school, security, programming, operations, logic, science, games, culture],
  general,
];

/** The fields, in a fixed order. */
export const domains: readonly Domain[] = TEXTS.map(readDomain);

function readDomain(text: DomainText): Domain {
  return {
    name: text.name,
    groups: text.groups.map(({ subjects, predicates, plural }) => ({
      subjects: readNouns(subjects),
      predicates: readVerbs(predicates),
      plural: plural === true,
    })),
    people: readNouns(text.people),
    actions: readVerbs(text.actions),
    happenings: readVerbs(text.happenings),
    impersonal: readVerbs(text.impersonal),
    anonymous: readVerbs(text.anonymous),
    passives: (text.passives ?? []).map(({ objects, verbs }) => ({
      subjects: readNouns(objects),
      predicates: readVerbs(verbs),
      plural: true,
    })),
  };
}

function readNouns(text: string | undefined): NounPhrase[] {
  return readEntries(text).flatMap(readNounPhrases);
}

function readVerbs(text: string | undefined): Predicate[] {
  return readEntries(text).flatMap(readPredicates);
}

/** Entries end with `;`; line breaks inside them are spaces, behind `|` and `{` nothing. */
function readEntries(text: string | undefined): string[] {
  if (text === undefined) return [];
  const flat = text
    .replace(/\s+/g, ' ')
    .replace(/([|{]) /g, '$1')
    .replace(/ ([|}])/g, '$1');
  return flat
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
