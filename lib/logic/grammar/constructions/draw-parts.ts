import { listAdjuncts } from '../clauses/choose-tense.js';
import type { Clause, Subject } from '../clauses/clause.js';
import { drawClause, drawTopic } from '../clauses/draw-clause.js';
import type { ClauseRequest, Topic } from '../clauses/draw-clause.js';
import { fillPlaces, pick } from '../lexicon/fill-places.js';
import type { Predicate } from '../lexicon/predicate.js';
import { chooseTopic } from './choose-topic.js';
import type { Leaf } from './leaf.js';
import { isCommand, isConjugated } from './planning-state.js';
import type { Pair, PlanningState } from './planning-state.js';

const MOST_TOPICS = 1000;

/**
 * What a place asks of the clause that is drawn for it.
 *
 * @param leaf - of a derivation
 * @param state - of its sentence
 * @returns the bounds
 */
export function makeRequest(leaf: Leaf, state: PlanningState): ClauseRequest {
  const bare = !isConjugated(leaf) || isCommand(leaf, state) || state.time === 'c' || leaf.part !== 'clause';
  const adjuncts = leaf.pair === undefined ? listAdjuncts(state.time, leaf.form) : [];
  const timed = leaf.form !== 'fut' && (state.time === 'p' || state.time === 'b');
  const coming = timed && state.time === 'p';
  return { slice: state.slice, bare, timed, coming, adjuncts, used: state.used };
}

/**
 * A clause as its place in the sentence asks for it.
 *
 * @param clause - as it was drawn
 * @param leaf - its place
 * @param state - of the sentence
 * @returns the clause with fitting order and determiner
 */
export function suitClause(clause: Clause, leaf: Leaf, state: PlanningState): Clause {
  const { subject } = clause;
  const inverted = leaf.verbFirst ? subject.kind === 'passive' || subject.kind === 'noun' : clause.inverted;
  if (leaf.negation === '' || subject.kind !== 'noun' || leaf.subjectGroup?.kind === 'each')
    return { ...clause, inverted };
  const plain =
    subject.determiner === 'a' ||
    subject.determiner === 'every' ||
    (subject.determiner === 'some' && leaf.negation !== 'no');
  const fixed: Subject =
    plain || (inverted && subject.determiner === 'some') ? { ...subject, determiner: 'the' } : subject;
  if (fixed !== subject && state.topic !== undefined) state.topic = { ...state.topic, subject: fixed };
  return { ...clause, inverted, subject: fixed };
}

/**
 * Draws clauses that share a predicate, or all but the end of their complement.
 *
 * @param leaf - one of them, or their common beginning
 * @param leaves - of the sentence
 * @param state - of the sentence
 * @returns a clause; undefined where the words at hand have no fitting pair
 */
export function drawPaired(leaf: Leaf, leaves: readonly Leaf[], state: PlanningState): Clause | undefined {
  const pair = state.pairs.get(leaf.pair!);
  if (pair === undefined) return drawFirst(leaf, leaves, state);
  if (pair.isOpen === true) {
    pair.isOpen = false;
    return pair.clauses[0]!;
  }
  const clause = drawNext(leaf, pair, state);
  pair.clauses.push(clause);
  return clause;
}

/** Undefined where none fits: a topic that is given may have no two predicates that go together. */
function drawFirst(leaf: Leaf, leaves: readonly Leaf[], state: PlanningState): Clause | undefined {
  const size = leaves.filter((each) => each.pair === leaf.pair && each.part !== 'vp' && each.part !== 'head').length;
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
    const clause = { ...suitClause(drawn, leaf, state), inverted: false, adjunct: '' };
    state.topic = leaf.swaps ? undefined : topic;
    state.pairs.set(leaf.pair!, { topic: chosen, clauses: [clause], isOpen: leaf.part === 'head' });
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

function drawNext(leaf: Leaf, { topic, clauses }: Pair, { random }: PlanningState): Clause {
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

/**
 * The clause of several subjects, for the agreement of its verb.
 *
 * @param clauses - which differ in their subjects
 * @returns one clause of all
 */
export function joinSubjects(clauses: readonly Clause[]): Clause {
  const [first] = clauses;
  const subjects = clauses.map(({ subject }) => subject).filter((subject) => subject.kind === 'noun');
  const gender = subjects.every(({ phrase }) => phrase.gender === 'f') ? 'f' : 'm';
  const phrase = { ...subjects[0]!.phrase, gender } as const;
  return { ...first!, subject: { kind: 'noun', phrase, plural: true, determiner: 'the' } };
}
