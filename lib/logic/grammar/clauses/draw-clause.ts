import type { Random } from '../../../core/index.js';
import { fillPlaces, inventWord, pick, pickPerson } from '../lexicon/fill-places.js';
import type { ClauseGroup, Domain } from '../lexicon/lexicon.js';
import { readNounPhrases } from '../lexicon/noun-phrase.js';
import type { Determiner, NounPhrase } from '../lexicon/noun-phrase.js';
import type { Predicate } from '../lexicon/predicate.js';
import type { Person } from '../morphology/conjugate.js';
import { isStative } from '../morphology/verb-classes.js';
import type { Clause, ImpersonalModal, Modal, Subject } from './clause.js';
import { isInSlice } from './slices.js';
import type { Slice } from './slices.js';

/** A subject and what can be said of it. */
export interface Topic {
  subject: Subject;
  predicates: readonly Predicate[];
  /** True for people, who want and have to do things. */
  personal: boolean;
  /** Another subject of which the same can be said. */
  redraw?: () => Subject;
  /** What is said of the action itself. */
  duty?: ImpersonalModal;
}

type Kind = 'duty' | 'thing' | 'role' | 'person' | 'someone' | 'none' | 'they' | 'passive';

const SHARES: readonly (readonly [Kind, number])[] = [
  ['thing', 46],
  ['role', 11],
  ['person', 21],
  ['someone', 3],
  ['none', 8],
  ['they', 4],
  ['passive', 7],
  ['duty', 5],
];

/**
 * Chooses what a sentence, or a part of it, is about.
 *
 * @param domain - whose words are used
 * @param random - the generator that chooses
 * @param withSubject - true where an infinitive will have to find its subject
 * @returns a subject and its predicates
 */
export function drawTopic(domain: Domain, random: Random, withSubject: boolean): Topic {
  for (;;) {
    const topic = drawTopicOf(drawKind(random), domain, random);
    if (topic === undefined || topic.predicates.length === 0) continue;
    const { kind } = topic.subject;
    if (!withSubject || kind === 'noun' || kind === 'person') return topic;
  }
}

function drawKind(random: Random): Kind {
  let left = random.integer(SHARES.reduce((sum, [, share]) => sum + share, 0));
  return SHARES.find(([, share]) => (left -= share) < 0)![0];
}

function drawTopicOf(kind: Kind, domain: Domain, random: Random): Topic | undefined {
  if (kind === 'thing') return domain.groups.length > 0 ? drawThing(pick(random, domain.groups), random) : undefined;
  if (kind === 'passive')
    return domain.passives.length > 0 ? drawPassive(pick(random, domain.passives), random) : undefined;
  if (kind === 'none') return { subject: { kind }, predicates: domain.impersonal, personal: false };
  if (kind === 'they') return { subject: { kind }, predicates: domain.anonymous, personal: false };
  if (kind === 'duty') return drawDuty(domain, random);
  const predicates = [...domain.actions, ...domain.happenings];
  if (kind === 'someone') return { subject: { kind }, predicates: domain.actions, personal: true };
  if (kind === 'role') {
    const redraw = (): Subject => drawRole(domain, random);
    return { subject: redraw(), predicates, personal: true, redraw };
  }
  return { subject: drawPerson(random), predicates, personal: true };
}

const DUTIES: readonly ImpersonalModal[] = [
  ...(['hay que', 'hay que', 'se puede', 'se puede', 'se debe', 'se permite'] as const),
  ...(['está prohibido', 'está permitido', 'es obligatorio', 'conviene'] as const),
];

/** «Hay que pagar la cuota»: what must or may be done, by whom isn't told. */
function drawDuty(domain: Domain, random: Random): Topic {
  const duty = pick(random, DUTIES);
  const predicates = domain.actions.filter(({ reflexive, clitic, complement }) => {
    return !(reflexive || clitic !== undefined || complement.includes('~su') || complement.includes('@'));
  });
  return { subject: { kind: 'none' }, predicates, personal: false, duty };
}

function drawThing(group: ClauseGroup, random: Random): Topic {
  const bare = fillPhrase(pick(random, group.subjects), random);
  const phrase = group.plural && random.float() < 0.08 ? qualify(bare, random) : bare;
  const plural = group.plural && isCountable(phrase) && random.float() < 0.22;
  const determiner = group.plural ? drawDeterminer(random, plural) : 'the';
  const subject: Subject = { kind: 'noun', phrase, plural, determiner };
  const redraw = (): Subject => makeSingular(fillPhrase(pick(random, group.subjects), random));
  return { subject, predicates: group.predicates, personal: false, redraw };
}

function drawPassive(group: ClauseGroup, random: Random): Topic {
  const phrase = fillPhrase(pick(random, group.subjects), random);
  const plural = isCountable(phrase) && random.float() < 0.3;
  return {
    subject: { kind: 'passive', phrase, plural, determiner: 'the' },
    predicates: group.predicates,
    personal: false,
  };
}

function isCountable({ determiner, singular }: NounPhrase): boolean {
  return determiner !== '' && !/[\dA-Z]/.test(singular);
}

function drawRole(domain: Domain, random: Random): Subject {
  if (domain.people.length === 0 || random.float() < 0.35) return drawNamed(random);
  const phrase = fillPhrase(pick(random, domain.people), random);
  const plural = isCountable(phrase) && random.float() < 0.25;
  return { kind: 'noun', phrase, plural, determiner: drawDeterminer(random, plural) };
}

const QUALIFIERS = [
  'de <ciudad>',
  'de <persona>',
  'de al lado',
  'de siempre',
  'de la calle <nombre>',
  'número <n2-90>',
  'de la empresa <empresa>',
];

/** «El tren de Sevilla»: a short phrase with something behind it. */
function qualify(phrase: NounPhrase, random: Random): NounPhrase {
  if (phrase.determiner === '' || phrase.singular.split(' ').length > 1) return phrase;
  const qualifier = fillPlaces(pick(random, QUALIFIERS), random);
  return { ...phrase, singular: `${phrase.singular} ${qualifier}`, plural: `${phrase.plural} ${qualifier}` };
}

/** One of its kind, with its article. */
function makeSingular(phrase: NounPhrase): Subject {
  return { kind: 'noun', phrase, plural: false, determiner: 'the' };
}

function drawNamed(random: Random): Extract<Subject, { kind: 'noun' }> {
  const { name, gender, determiner = '' } = pickPerson(random);
  const phrase = { determiner, gender, stressedA: false, singular: name, plural: name };
  return { kind: 'noun', phrase, plural: false, determiner: 'the' };
}

const PERSONS: readonly Person[] = [0, 0, 1, 1, 1, 2, 2, 3, 3, 4];

function drawPerson(random: Random): Subject {
  const person = pick(random, PERSONS);
  const gender = random.float() < 0.7 ? 'm' : 'f';
  if (person === 2 || person === 4) return { kind: 'person', person, polite: true, gender, spoken: true };
  return { kind: 'person', person, polite: false, gender, spoken: random.float() < 0.12 };
}

/** Whom a command speaks to: tú, usted or ustedes. */
export function drawAddressee(random: Random): Subject {
  const person = pick(random, [1, 1, 1, 2, 4] as const);
  return { kind: 'person', person, polite: person !== 1, gender: 'm', spoken: false };
}

const SINGULAR: readonly Determiner[] = ['a', 'this', 'that', 'some', 'my', 'your', 'our'];
const PLURAL: readonly Determiner[] = ['this', 'that', 'every', 'my', 'our'];

function drawDeterminer(random: Random, plural: boolean): Determiner {
  return random.float() < 0.78 ? 'the' : pick(random, plural ? PLURAL : SINGULAR);
}

/** The phrase without open places; a thing without a name gets a rare or an invented one. */
function fillPhrase(phrase: NounPhrase, random: Random): NounPhrase {
  if (phrase.singular === '<persona>') return drawNamed(random).phrase;
  if (phrase.singular === '<cosa>') return readNounPhrases(drawThingName(random))[0]!;
  if (!phrase.singular.includes('<')) return phrase;
  const singular = fillPlaces(phrase.singular, random);
  return { ...phrase, singular, plural: singular };
}

function drawThingName(random: Random): string {
  if (random.float() < 0.55) return fillPlaces('<cosa>', random);
  const word = inventWord(random);
  return `${/[ae]$/.test(word) && random.float() < 0.8 ? 'la' : 'el'} ${word}`;
}

/** What a clause may be, and what it has to differ from. */
export interface ClauseRequest {
  slice: Slice;
  /** True where a verb before the verb would be odd. */
  bare: boolean;
  /** True where a verb before the verb may tell time. */
  timed: boolean;
  /** True where «ir a» may tell the future. */
  coming: boolean;
  adjuncts: readonly string[];
  /** Entries already used in the sentence. */
  used: ReadonlySet<string>;
}

/**
 * Says something of a topic.
 *
 * @param topic - a subject and its predicates
 * @param request - the bounds
 * @param random - the generator that chooses
 * @returns a clause
 */
export function drawClause(topic: Topic, request: ClauseRequest, random: Random): Clause {
  const predicate = drawPredicate(topic.predicates, request, random);
  const modal = topic.duty ?? (request.bare ? undefined : drawModal(topic, predicate, random, request));
  const complement = fillPlaces(predicate.complement, random);
  const inverted = decideInversion(topic.subject, predicate, modal, random);
  const adjunct = predicate.infinitive === 'ser' ? '' : decideAdjunct(complement, request.adjuncts, random);
  return { subject: topic.subject, predicate, complement, modal, adjunct, inverted };
}

function drawPredicate(predicates: readonly Predicate[], { slice, used }: ClauseRequest, random: Random): Predicate {
  let chosen = pick(random, predicates);
  for (let tries = 0; tries < 40 && (used.has(chosen.family) || !isInSlice(chosen.family, slice)); tries++) {
    chosen = pick(random, predicates);
  }
  return chosen;
}

function decideInversion(subject: Subject, predicate: Predicate, modal: Modal | undefined, random: Random): boolean {
  if (subject.kind === 'passive') return random.float() < 0.65;
  if (subject.kind !== 'noun') return false;
  if (modal !== undefined || predicate.complement.length > 14) return false;
  return predicate.inverts && predicate.complement === ''
    ? random.float() < 0.6
    : predicate.inverts && random.float() < 0.15;
}

function decideAdjunct(complement: string, adjuncts: readonly string[], random: Random): string {
  if (adjuncts.length === 0 || random.float() > 0.1) return '';
  return complement.split(' ').length > 3 ||
    /\d|mañana|noche|hora|lunes|viernes|domingo|sábado|jueves|día|mes|año|tarde|semana|verano|otoño|invierno|temp/.test(
      complement,
    )
    ? ''
    : pick(random, adjuncts);
}

const MODALS: readonly Modal[] = ['poder', 'poder', 'poder', 'deber', 'deber', 'ir a', 'estar', 'dejar de'];
const PERSONAL_MODALS: readonly Modal[] = [
  'poder',
  'poder',
  'poder',
  'deber',
  'tener que',
  'tener que',
  'querer',
  'ir a',
  'estar',
  'acabar de',
];
const WITHOUT_MODAL = new Set(['poder', 'deber', 'querer', 'saber', 'soler']);

function drawModal(
  { subject, personal }: Topic,
  predicate: Predicate,
  random: Random,
  { timed, coming }: ClauseRequest,
): Modal | undefined {
  if (random.float() > 0.1 || WITHOUT_MODAL.has(predicate.infinitive)) return undefined;
  const modal = pick(random, personal ? PERSONAL_MODALS : MODALS);
  if (subject.kind === 'someone') return undefined;
  if (!timed && /^(?:acabar de|estar)$/.test(modal)) return undefined;
  if (!coming && modal === 'ir a') return undefined;
  const stative = isStative(predicate.infinitive);
  if (stative && /^(?:estar|dejar de|acabar de|ir a)$/.test(modal)) return undefined;
  if (modal === 'dejar de' && subject.kind !== 'none' && subject.kind !== 'noun') return undefined;
  return subject.kind === 'they' ? undefined : modal;
}
