import type { Random } from '../../../core/index.js';
import type { Clause } from '../../grammar/clauses/clause.js';
import { drawClause, drawTopic } from '../../grammar/clauses/draw-clause.js';
import type { ClauseRequest, Topic } from '../../grammar/clauses/draw-clause.js';
import { isInSlice } from '../../grammar/clauses/slices.js';
import type { Slice } from '../../grammar/clauses/slices.js';
import { pick, pickPerson } from '../../grammar/lexicon/fill-places.js';
import { domains } from '../../grammar/lexicon/lexicon.js';
import type { Domain } from '../../grammar/lexicon/lexicon.js';
import type { NounPhrase } from '../../grammar/lexicon/noun-phrase.js';

/** Someone with a name. */
export interface Person {
  /** With a title, where there is one. */
  name: string;
  /** Before a title, or empty. */
  article: string;
  gender: 'm' | 'f';
}

/** The words that a text is made with. */
export interface Fillers {
  slice: Slice;
  domain: Domain;
  other: Domain;
  /** The phrases of a list that belong to the slice. */
  choose: (phrases: readonly string[]) => readonly string[];
}

/** Each fifth phrase of a list is of the slices that are not trained on. */
const HELD_PHRASE = 5;
/** Draws after which words of another field are as good. */
const TRIES = 400;
const SUBJECTS = new Set(['the', 'this', 'that', 'our']);

/**
 * Chooses what a text is about.
 *
 * @param slice - of the lexicon and of the phrases
 * @param random - the generator that chooses
 * @returns two fields of life and the phrases of the slice
 */
export function chooseFillers(slice: Slice, random: Random): Fillers {
  const order = random.permutation(domains.length - 1);
  const isHeld = (place: number): boolean => place % HELD_PHRASE === HELD_PHRASE - 1;
  return {
    slice,
    domain: domains[order[0]!]!,
    other: domains[order[1]!]!,
    choose: (phrases) =>
      slice === 'all' ? phrases : phrases.filter((_, place) => isHeld(place) === (slice !== 'train')),
  };
}

/** A person whose name isn't taken. */
export function drawPerson(random: Random, taken: ReadonlySet<string>): Person {
  for (;;) {
    const { name, gender, determiner: article = '' } = pickPerson(random);
    if (!taken.has(name)) return { name, gender, article };
  }
}

/** Something that is so, or is not: of things, of people with a name or a role, and of the weather. */
export function drawFact(domain: Domain, { slice }: Fillers, used: ReadonlySet<string>, random: Random): Clause {
  for (let tries = 0; ; tries++) {
    const topic = drawTopic(tries < TRIES ? domain : pick(random, domains), random, false);
    if (!isPlain(topic)) continue;
    const clause = drawClause(topic, makeRequest(slice, used), random);
    if (isFresh(clause, slice, used)) return clause;
  }
}

/** Subjects that need nothing said before. */
function isPlain({ subject, duty }: Topic): boolean {
  if (duty !== undefined || subject.kind === 'person' || subject.kind === 'someone' || subject.kind === 'they')
    return false;
  if (subject.kind === 'none') return true;
  const { determiner, singular, plural } = subject.phrase;
  if (subject.plural && singular === plural) return false;
  return SUBJECTS.has(subject.determiner) && !/^(?:mi|tu)$/.test(determiner);
}

/** Something that can be done, by whom isn't told. */
export function drawAction({ domain, slice }: Fillers, used: ReadonlySet<string>, random: Random): Clause {
  for (let tries = 0; ; tries++) {
    const topic = drawTopic(tries < TRIES ? domain : pick(random, domains), random, false);
    if (topic.duty === undefined) continue;
    const { duty: _, ...plain } = topic;
    const clause = drawClause(plain, makeRequest(slice, used), random);
    if (isFresh(clause, slice, used)) return clause;
  }
}

/** People of whom there are many. */
export function drawGroup({ domain }: Fillers, random: Random): NounPhrase {
  const isMany = ({ determiner, singular }: NounPhrase): boolean =>
    /^(?:el|la)$/.test(determiner) && !/[\d<A-Z]/.test(singular);
  for (let from = domain; ; from = pick(random, domains)) {
    const many = from.people.filter(isMany);
    if (many.length > 0) return pick(random, many);
  }
}

/** What can be said of such people. */
export function drawHabit({ domain, slice }: Fillers, used: ReadonlySet<string>, random: Random): Clause {
  for (let from = domain; ; from = pick(random, domains)) {
    const predicates = [...from.actions, ...from.happenings].filter(({ family, complement }) => {
      return isInSlice(family, slice) && !used.has(family) && !complement.includes('~su');
    });
    if (predicates.length === 0) continue;
    const topic: Topic = { subject: { kind: 'none' }, predicates, personal: true };
    return drawClause(topic, makeRequest(slice, used), random);
  }
}

function makeRequest(slice: Slice, used: ReadonlySet<string>): ClauseRequest {
  return { slice, bare: true, timed: false, coming: false, adjuncts: [], used };
}

/** The grammar gives up after some tries; here nothing of another slice may come through. */
function isFresh({ predicate: { family } }: Clause, slice: Slice, used: ReadonlySet<string>): boolean {
  return isInSlice(family, slice) && !used.has(family);
}
