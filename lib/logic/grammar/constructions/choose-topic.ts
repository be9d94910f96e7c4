import type { Subject } from '../clauses/clause.js';
import { drawTopic } from '../clauses/draw-clause.js';
import type { Topic } from '../clauses/draw-clause.js';
import { nameSubject } from '../clauses/say-clause.js';
import { pick } from '../lexicon/fill-places.js';
import { domains } from '../lexicon/lexicon.js';
import { drawAnyone, drawExistence, isNamed } from './draw-named.js';
import type { Leaf } from './leaf.js';
import { isCommand, isDefinite } from './planning-state.js';
import type { PlanningState } from './planning-state.js';

/** So often a topic is sought in the sentence's own field, before any other will do. */
const NEAR_TRIES = 40;

/**
 * Chooses what a clause is about.
 *
 * @param leaf - the place of the clause
 * @param leaves - of the sentence
 * @param state - of the sentence
 * @returns its subject and what can be said of it
 */
export function chooseTopic(leaf: Leaf, leaves: readonly Leaf[], state: PlanningState): Topic {
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
    (group === undefined || group.kind === 'any' || group.kind === 'who') &&
    random.float() < 0.34;
  const drawn = again && fits(topic, leaf, group !== undefined) ? topic : drawFitting(leaf, leaves, state);
  const free = group === undefined ? leaf.pair === undefined : group.kind === 'each';
  const chosen = free ? drawn : { ...drawn, subject: makeDefinite(drawn.subject) };
  if (group !== undefined) groups.set(group, chosen);
  return chosen;
}

/**
 * Draws what a clause is about.
 *
 * @param leaf - the place of the clause
 * @param leaves - of the sentence
 * @param state - of the sentence
 * @returns a subject that its place can have, and what can be said of it
 */
export function drawFitting(leaf: Leaf, leaves: readonly Leaf[], state: PlanningState): Topic {
  const { random, domain, other, addressee } = state;
  const needsSubject = leaf.subjectGroup !== undefined;
  const kind = leaf.subjectGroup?.kind;
  if (kind === 'anyone' || kind === 'people') return drawWhoever(state);
  if (kind === 'each' || kind === 'many') return drawKind(kind, state);
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

/** «Quien llegue tarde»: of whom it is said is left open. */
function drawWhoever({ domain, other }: PlanningState): Topic {
  const predicates = [...domain.actions, ...domain.happenings];
  return {
    subject: { kind: 'someone' },
    predicates: predicates.length > 0 ? predicates : other.actions,
    personal: true,
  };
}

/** «Todo alumno que», «los alumnos que»: one or all of a kind. */
function drawKind(kind: 'each' | 'many', { domain, random }: PlanningState): Topic {
  for (let tries = 0; ; tries++) {
    const topic = drawTopic(tries < NEAR_TRIES ? domain : pick(random, domains), random, true);
    const { subject, personal } = topic;
    if (subject.kind !== 'noun' || !(personal || subject.plural) || !isCommon(subject)) continue;
    const many = kind === 'many';
    return { ...topic, subject: { ...subject, plural: many, determiner: many ? 'the' : 'a' } };
  }
}

/** Names, owners and codes don't tell a kind. */
function isCommon({ phrase }: Extract<Subject, { kind: 'noun' }>): boolean {
  return /^(?:el|la)$/.test(phrase.determiner) && !/[\d\p{Lu}]/u.test(phrase.singular);
}

/** Each person is one subject in a sentence, and a command is for whom it speaks to. */
function settlePerson(topic: Topic, { persons, addressee, commands }: PlanningState): Topic {
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
  if (leaf.part === 'who') return nameSubject(subject) !== '';
  if (leaf.form === 'part') return kind === 'passive';
  if (leaf.form === 'noun' && !needsSubject) return false;
  if ((leaf.form === 'inf' || leaf.form === 'ger') && !needsSubject) return kind === 'none' && topic.duty === undefined;
  if (kind === 'someone' && leaf.pair !== undefined) return false;
  if (leaf.verbFirst)
    return kind === 'none' || kind === 'they' || kind === 'passive' || (kind === 'person' && isSilent(subject));
  if (kind === 'someone') return leaf.negation === '' || leaf.negation === 'no';
  return true;
}

function makeDefinite(subject: Subject): Subject {
  const loose = subject.kind === 'noun' && (!isDefinite(subject) || subject.determiner === 'every');
  return loose ? { ...subject, determiner: 'the' } : subject;
}

function isSilent(subject: Subject): boolean {
  return subject.kind === 'person' && !subject.spoken && !subject.polite;
}
