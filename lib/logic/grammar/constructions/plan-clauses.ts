import type { Random } from '../../../core/index.js';
import { chooseTense, listAdjuncts } from '../clauses/choose-tense.js';
import type { Time } from '../clauses/time.js';
import type { Clause, Subject, Tense } from '../clauses/clause.js';
import { drawClauseAbout } from '../clauses/draw-about.js';
import { drawAddressee, drawClause, drawTopic } from '../clauses/draw-clause.js';
import type { ClauseRequest, Topic } from '../clauses/draw-clause.js';
import type { Slice } from '../clauses/slices.js';
import { fillPlaces, pick } from '../lexicon/fill-places.js';
import { domains } from '../lexicon/lexicon.js';
import type { Domain } from '../lexicon/lexicon.js';
import type { Predicate } from '../lexicon/predicate.js';
import type { Person } from '../morphology/conjugate.js';
import { drawAnyone, drawExistence, filterPredicates, isNamed } from './draw-named.js';
import type { Leaf, Tree } from './grow-tree.js';

/** What a leaf says and how. */
export interface Planned {
  /** The number of its atom, by first mention; −1 for a verb of two subjects. */
  atom: number;
  clause: Clause;
  tense: Tense;
  negation: Leaf['negation'];
  dropsSubject: boolean;
}

/** Words and bounds of a sentence. */
export interface Setting {
  domain: Domain;
  /** Words that now and then come in. */
  other: Domain;
  time: Time;
  slice: Slice;
  random: Random;
}

/** How many clauses speak of what was named last by a pronoun. */
const ABOUT_SHARE = 0.12;
const MOST_TOPICS = 1000;

/** So often a topic is sought in the sentence's own field, before any other will do. */
const NEAR_TRIES = 40;

/** How many sentences of several statements say a clause twice. */
const ECHO_SHARE = 0.6;

/** What has been chosen so far. */
interface State extends Setting {
  topic: Topic | undefined;
  addressee: Topic;
  groups: Map<number, Topic>;
  pairs: Map<number, { topic: Topic; clauses: Clause[]; tense?: Tense }>;
  used: Set<string>;
  atoms: number;
  /** The subject that was named last. */
  named: Subject | undefined;
  /** The subject of each person. */
  persons: Map<Person, Subject>;
  /** True where the sentence commands. */
  commands: boolean;
  /** What a later part of the sentence may say again, and where that begins. */
  said: Planned[];
  echoes: ReadonlySet<Leaf>;
}

/**
 * Chooses what each leaf of a derivation says.
 *
 * @param tree - a derivation
 * @param setting - words and bounds
 * @returns the clauses by leaf, in the order of the sentence; undefined where the words at hand have no fitting pair
 */
export function planClauses(tree: Tree, setting: Setting): Map<Leaf, Planned> | undefined {
  const leaves = listLeaves(tree);
  const addressee: Topic = {
    subject: drawAddressee(setting.random),
    predicates: setting.domain.actions,
    personal: true,
  };
  const state: State = {
    ...setting,
    topic: undefined,
    addressee,
    groups: new Map(),
    pairs: new Map(),
    used: new Set(),
    atoms: 0,
    named: undefined,
    persons: new Map(),
    said: [],
    echoes: listEchoes(tree, setting.random),
    commands: leaves.some((leaf) => isCommand(leaf, setting)),
  };
  const plan = new Map<Leaf, Planned>();
  for (const leaf of leaves) {
    const planned = planLeaf(leaf, leaves, state);
    if (planned === undefined) return undefined;
    plan.set(leaf, planned);
  }
  return plan;
}

/**
 * The leaves of a derivation in the order of the sentence.
 *
 * @param tree - a derivation
 * @returns its leaves
 */
export function listLeaves(tree: Tree): Leaf[] {
  return tree.kind === 'leaf' ? [tree] : tree.children.flatMap(listLeaves);
}

/** Leaves of later statements that may say an earlier clause again. */
function listEchoes(tree: Tree, random: Random): ReadonlySet<Leaf> {
  if (tree.kind === 'leaf' || tree.rule.level < 6 || tree.children.length !== 2) return new Set();
  const [first, last] = [tree.children[0]!, tree.children[1]!];
  const both = first.kind === 'branch' && last.kind === 'branch' && Math.min(first.rule.level, last.rule.level) >= 3;
  if (!both || random.float() > ECHO_SHARE) return new Set();
  return new Set(listLeaves(last).filter(isPlain));
}

/** Infinitives, gerunds and the like name no subject. */
function isConjugated({ form }: Leaf): boolean {
  return !/^(?:inf|ger|noun|part)$/.test(form);
}

function isPlain(leaf: Leaf): boolean {
  return (
    leaf.part === 'clause' &&
    leaf.pair === undefined &&
    leaf.subjectGroup === undefined &&
    !leaf.verbFirst &&
    isConjugated(leaf)
  );
}

/** Says an earlier clause again, once in a sentence. */
function planEcho(leaf: Leaf, state: State): Planned | undefined {
  const { random, said } = state;
  if (!state.echoes.has(leaf) || said.length === 0 || random.float() < 0.4) return undefined;
  const { atom, clause } = pick(random, said);
  if (clause.subject.kind === 'someone' || clause.meaning !== undefined) return undefined;
  state.echoes = new Set();
  const dropsSubject = state.named === clause.subject;
  state.named = clause.subject;
  return {
    atom,
    clause,
    tense: chooseTense(leaf.form, state.time, clause, random),
    negation: leaf.negation,
    dropsSubject,
  };
}

function planLeaf(leaf: Leaf, leaves: readonly Leaf[], state: State): Planned | undefined {
  const echo = planEcho(leaf, state);
  if (echo !== undefined) return echo;
  if (leaf.part === 'vp') return planVerb(leaf, state);
  const clause = leaf.pair === undefined ? drawSingle(leaf, leaves, state) : drawPaired(leaf, leaves, state);
  if (clause === undefined) return undefined;
  state.used.add(clause.predicate.family);
  const tense = chooseLeafTense(leaf, clause, state);
  const dropsSubject = leaf.part === 'clause' && state.named === clause.subject;
  if (isConjugated(leaf)) state.named = leaf.part === 'clause' ? clause.subject : undefined;
  const planned = {
    atom: state.atoms++,
    clause: dropsSubject ? { ...clause, inverted: false } : clause,
    tense,
    negation: leaf.negation,
    dropsSubject,
  };
  if (!state.echoes.has(leaf) && isPlain(leaf) && !isCommand(leaf, state)) state.said.push(planned);
  return planned;
}

/** The end of a clause has the tense of its beginning. */
function chooseLeafTense(leaf: Leaf, clause: Clause, { pairs, time, random }: State): Tense {
  const pair = leaf.pair === undefined ? undefined : pairs.get(leaf.pair);
  const tense = pair?.tense ?? chooseTense(leaf.form, time, clause, random);
  if (pair !== undefined) pair.tense = tense;
  return tense;
}

function makeRequest(leaf: Leaf, state: State): ClauseRequest {
  const bare = !isConjugated(leaf) || isCommand(leaf, state) || state.time === 'c' || leaf.part !== 'clause';
  const adjuncts = leaf.pair === undefined ? listAdjuncts(state.time, leaf.form) : [];
  const timed = leaf.form !== 'fut' && (state.time === 'p' || state.time === 'b');
  const coming = timed && state.time === 'p';
  return { slice: state.slice, bare, timed, coming, adjuncts, used: state.used };
}

function isCommand(leaf: Leaf, { time }: Setting): boolean {
  return leaf.form === 'imp' || (leaf.form === 'main' && time === 'i');
}

function drawSingle(leaf: Leaf, leaves: readonly Leaf[], state: State): Clause {
  const about = decideAbout(leaf, leaves, state);
  if (about !== undefined) return about;
  const topic = chooseTopic(leaf, leaves, state);
  state.topic = topic;
  return suit(drawClause(filterPredicates(topic, leaf, state), makeRequest(leaf, state), state.random), leaf, state);
}

/** Now and then a clause is about what was named last: «el juez lo aprueba». */
function decideAbout(leaf: Leaf, leaves: readonly Leaf[], state: State): Clause | undefined {
  const { named, random, topic } = state;
  if (
    !isPlain(leaf) ||
    named?.kind !== 'noun' ||
    named !== topic?.subject ||
    !isDefinite(named) ||
    random.float() > ABOUT_SHARE
  )
    return undefined;
  const who = isCommand(leaf, state) ? state.addressee : drawFitting({ ...leaf, verbFirst: false }, leaves, state);
  if (!who.personal || who.subject === named) return undefined;
  return suit(drawClauseAbout(who.subject, named, topic.personal, random), leaf, state);
}

/** What the place of a clause asks of it. */
function suit(clause: Clause, leaf: Leaf, state: State): Clause {
  const { subject } = clause;
  const inverted = leaf.verbFirst ? subject.kind === 'passive' || subject.kind === 'noun' : clause.inverted;
  if (leaf.negation === '' || subject.kind !== 'noun') return { ...clause, inverted };
  const plain =
    subject.determiner === 'a' ||
    subject.determiner === 'every' ||
    (subject.determiner === 'some' && leaf.negation !== 'no');
  const fixed: Subject =
    plain || (inverted && subject.determiner === 'some') ? { ...subject, determiner: 'the' } : subject;
  if (fixed !== subject && state.topic !== undefined) state.topic = { ...state.topic, subject: fixed };
  return { ...clause, inverted, subject: fixed };
}

function chooseTopic(leaf: Leaf, leaves: readonly Leaf[], state: State): Topic {
  const { random, topic, addressee, groups } = state;
  if (isCommand(leaf, state)) return addressee;
  const group = leaf.subjectGroup;
  const shared = group === undefined ? undefined : groups.get(group);
  if (shared !== undefined) return shared;
  const again =
    topic !== undefined &&
    topic !== addressee &&
    leaf.form !== 'noun' &&
    isDefinite(topic.subject) &&
    random.float() < 0.34;
  const drawn = again && fits(topic, leaf, group !== undefined) ? topic : drawFitting(leaf, leaves, state);
  const chosen =
    group === undefined && leaf.pair === undefined ? drawn : { ...drawn, subject: makeDefinite(drawn.subject) };
  if (group !== undefined) groups.set(group, chosen);
  return chosen;
}

function drawFitting(leaf: Leaf, leaves: readonly Leaf[], state: State): Topic {
  const { random, domain, other, addressee } = state;
  const needsSubject = leaf.subjectGroup !== undefined;
  if (!needsSubject && leaf.form === 'noun') return drawExistence(state);
  const mates = leaves.filter((each) => each.subjectGroup === leaf.subjectGroup);
  if (needsSubject && mates.some((each) => isCommand(each, state))) return addressee;
  if (needsSubject && mates.every(({ form }) => form === 'inf')) return settlePerson(drawAnyone(state), state);
  for (let tries = 0; ; tries++) {
    const near = random.float() < 0.08 ? other : domain;
    const source = tries < NEAR_TRIES ? near : pick(random, domains);
    const topic = settlePerson(drawTopic(source, random, needsSubject), state);
    if (!fits(topic, leaf, needsSubject)) continue;
    if (leaf.form !== 'noun' || topic.predicates.some((one) => isNamed(one, leaf, state.slice))) return topic;
  }
}

/** Each person is one subject in a sentence, and a command is for whom it speaks to. */
function settlePerson(topic: Topic, { persons, addressee, commands }: State): Topic {
  const { subject } = topic;
  if (subject.kind !== 'person') return topic;
  const second = subject.person === 1 || subject.polite;
  const settled = commands && second ? addressee.subject : (persons.get(subject.person) ?? subject);
  persons.set(subject.person, settled);
  return { ...topic, subject: settled };
}

function fits(topic: Topic, leaf: Leaf, needsSubject: boolean): boolean {
  const { subject } = topic;
  const { kind } = subject;
  if (needsSubject && kind !== 'noun' && kind !== 'person') return false;
  if (leaf.form === 'part') return kind === 'passive';
  if (leaf.form === 'noun' && !needsSubject) return false;
  if ((leaf.form === 'inf' || leaf.form === 'ger') && !needsSubject) return kind === 'none' && topic.duty === undefined;
  if (kind === 'someone' && leaf.pair !== undefined) return false;
  if (leaf.verbFirst)
    return kind === 'none' || kind === 'they' || kind === 'passive' || (kind === 'person' && isSilent(subject));
  if (kind === 'someone') return leaf.negation === '' || leaf.negation === 'no';
  return true;
}

/** «Un perro» and «alguien», said twice, need not be the same one. */
function isDefinite(subject: Subject): boolean {
  return subject.kind !== 'someone' && (subject.kind !== 'noun' || !/^(?:a|some)$/.test(subject.determiner));
}

function makeDefinite(subject: Subject): Subject {
  const loose = subject.kind === 'noun' && (!isDefinite(subject) || subject.determiner === 'every');
  return loose ? { ...subject, determiner: 'the' } : subject;
}

function isSilent(subject: Subject): boolean {
  return subject.kind === 'person' && !subject.spoken && !subject.polite;
}

/** Clauses that share a predicate, or all but the end of their complement. */
function drawPaired(leaf: Leaf, leaves: readonly Leaf[], state: State): Clause | undefined {
  const pair = state.pairs.get(leaf.pair!);
  if (pair === undefined) return drawFirst(leaf, leaves, state);
  const clause = drawNext(leaf, pair, state);
  pair.clauses.push(clause);
  return clause;
}

/** Undefined where none fits: a topic that is given may have no two predicates that go together. */
function drawFirst(leaf: Leaf, leaves: readonly Leaf[], state: State): Clause | undefined {
  const size = leaves.filter((each) => each.pair === leaf.pair && each.part !== 'vp').length;
  for (let attempt = 0; attempt < MOST_TOPICS; attempt++) {
    const topic = leaf.swaps ? drawTopic(state.domain, state.random, true) : chooseTopic(leaf, leaves, state);
    const predicates = leaf.swaps ? topic.predicates : listCoordinable(topic.predicates, size);
    if (leaf.swaps && (topic.subject.kind !== 'noun' || !hasOthers(topic, size))) continue;
    if (predicates.length === 0) {
      if (isCommand(leaf, state)) state.addressee = { ...state.addressee, predicates: state.other.actions };
      state.topic = undefined;
      continue;
    }
    const subject: Subject =
      leaf.swaps && topic.subject.kind === 'noun'
        ? { ...topic.subject, plural: false, determiner: 'the' }
        : topic.subject;
    const chosen = { ...topic, subject, predicates };
    const drawn = drawClause(
      chosen,
      { ...makeRequest(leaf, state), bare: leaf.swaps || isCommand(leaf, state) },
      state.random,
    );
    const clause = { ...suit(drawn, leaf, state), inverted: false, adjunct: '' };
    state.topic = leaf.swaps ? undefined : topic;
    state.pairs.set(leaf.pair!, { topic: chosen, clauses: [clause] });
    return clause;
  }
  return undefined;
}

/** Predicates whose ends can be told one after the other. */
function listCoordinable(predicates: readonly Predicate[], size: number): Predicate[] {
  const counts = new Map<string, number>();
  const name = (predicate: Predicate): string => `${predicate.family} ${predicate.shared}`;
  for (const predicate of predicates) counts.set(name(predicate), (counts.get(name(predicate)) ?? 0) + 1);
  return predicates.filter(
    (predicate) => predicate.own !== '' && !predicate.shared.includes('<') && counts.get(name(predicate))! >= size,
  );
}

function drawNext(leaf: Leaf, { topic, clauses }: { topic: Topic; clauses: Clause[] }, { random }: State): Clause {
  const first = clauses[0]!;
  if (leaf.part === 'np') return { ...first, subject: drawOther(topic, clauses) };
  const taken = new Set(clauses.map((clause) => clause.predicate));
  const { family, shared } = first.predicate;
  const open = topic.predicates.filter((each) => each.family === family && each.shared === shared && !taken.has(each));
  const predicate = pick(random, open);
  return { ...first, predicate, complement: fillPlaces(predicate.complement, random) };
}

/** Whether as many subjects as a construction coordinates can have the same said of them. */
function hasOthers({ redraw }: Topic, count: number): boolean {
  if (redraw === undefined) return false;
  const names = Array.from({ length: 12 * count }, () => {
    const subject = redraw();
    return subject.kind === 'noun' ? subject.phrase.singular : '';
  });
  return new Set(names).size >= count;
}

function drawOther(topic: Topic, clauses: readonly Clause[]): Subject {
  const taken = new Set(clauses.map(({ subject }) => (subject.kind === 'noun' ? subject.phrase.singular : '')));
  for (;;) {
    const subject = topic.redraw!();
    if (subject.kind !== 'noun' || taken.has(subject.phrase.singular)) continue;
    return { ...subject, plural: false, determiner: 'the' };
  }
}

function planVerb(leaf: Leaf, state: State): Planned {
  const { clauses } = state.pairs.get(leaf.pair!)!;
  const tense = chooseLeafTense(leaf, clauses[0]!, state);
  state.named = undefined;
  return { atom: -1, clause: joinSubjects(clauses), tense, negation: '', dropsSubject: true };
}

/** The clause of both subjects, for the agreement of its verb. */
function joinSubjects(clauses: readonly Clause[]): Clause {
  const [first] = clauses;
  const subjects = clauses.map(({ subject }) => subject).filter((subject) => subject.kind === 'noun');
  const gender = subjects.every(({ phrase }) => phrase.gender === 'f') ? 'f' : 'm';
  const phrase = { ...subjects[0]!.phrase, gender } as const;
  return { ...first!, subject: { kind: 'noun', phrase, plural: true, determiner: 'the' } };
}
