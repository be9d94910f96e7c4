import type { Topic } from '../clauses/draw-clause.js';
import { isInSlice } from '../clauses/slices.js';
import type { Slice } from '../clauses/slices.js';
import { domains } from '../lexicon/lexicon.js';
import type { Domain } from '../lexicon/lexicon.js';
import type { Predicate } from '../lexicon/predicate.js';
import type { Leaf } from './grow-tree.js';

/** Words to choose from. */
interface Words {
  domain: Domain;
  other: Domain;
  slice: Slice;
}

type Place = Pick<Leaf, 'form' | 'subjectGroup'>;

/**
 * What is there, for a place that names it only: «sin luz».
 *
 * @param words - to choose from
 * @returns a topic without subject
 */
export function drawExistence(words: Words): Topic {
  const { domain, other, slice } = words;
  const place = { form: 'noun', subjectGroup: undefined } as const;
  const near = [domain, other, ...domains].map(({ impersonal }) =>
    impersonal.filter((one) => isNamed(one, place, slice)),
  );
  return { subject: { kind: 'none' }, predicates: near.find(({ length }) => length > 0)!, personal: false };
}

/**
 * Whoever it is, told as «tú»: «para votar hay que estar empadronado».
 *
 * @param words - to choose from
 * @returns a topic whose predicates have nothing that agrees with their subject
 */
export function drawAnyone(words: Words): Topic {
  const { domain, other } = words;
  const predicates = [...domain.actions, ...domain.happenings, ...other.actions].filter(
    ({ reflexive, clitic, complement }) => !(reflexive || clitic !== undefined || /[@%~]/.test(complement)),
  );
  return {
    subject: { kind: 'person', person: 1, polite: false, gender: 'm', spoken: false },
    predicates,
    personal: true,
  };
}

/**
 * A topic with the predicates that a place takes.
 *
 * @param topic - any
 * @param place - of a clause
 * @param words - of the sentence
 * @returns the same topic but where the place takes a noun only
 */
export function filterPredicates(topic: Topic, place: Place, words: Words): Topic {
  if (place.form !== 'noun') return topic;
  return { ...topic, predicates: topic.predicates.filter((one) => isNamed(one, place, words.slice)) };
}

/**
 * Whether a predicate says what is had or is there, so that its noun is enough.
 *
 * @param predicate - of a topic
 * @param place - with a group where a subject has it
 * @param slice - of the lexicon
 * @returns true for «tener» and «haber» with a plain noun
 */
export function isNamed(predicate: Predicate, place: Place, slice: Slice): boolean {
  const { infinitive, clitic, complement, family } = predicate;
  if (infinitive !== (place.subjectGroup === undefined ? 'haber' : 'tener') || clitic !== undefined) return false;
  return /^(?!algui?[eé]n)\p{Ll}[^@%~<]*$/u.test(complement) && isInSlice(family, slice);
}
