import { raise, show } from '../../../core/index.js';

/** A verb and its complement, of whatever subject. */
export interface Predicate {
  /** Without its pronoun. */
  infinitive: string;
  reflexive: boolean;
  /** A pronoun that always stands with it. */
  clitic: string | undefined;
  /** All behind the verb, in the notation of DomainText. */
  complement: string;
  /** What its relatives of the same entry share, and its own end, or empty where it has none: «tener» and «fiebre». */
  shared: string;
  own: string;
  /** The entry, by which relatives find each other. */
  family: string;
  /** True where the subject may stand behind the verb. */
  inverts: boolean;
}

/**
 * Reads an entry of a list of predicates.
 *
 * @param entry - as described by DomainText
 * @returns one predicate for each alternative
 */
export function readPredicates(entry: string): Predicate[] {
  const inverts = entry.startsWith('>');
  const text = entry.replace(/^>/, '');
  const [head, ...rest] = text.split(' ');
  const [, infinitive, se, clitic] = /^(\S*?[aeií]r)(se)?(les?)?$/.exec(head!) ?? [];
  if (infinitive === undefined) refuseEntry(entry);
  const parts = splitAlternatives(rest.join(' '));
  return parts.map(({ shared, own, complement }) => ({
    infinitive: infinitive,
    reflexive: se !== undefined,
    clitic,
    complement,
    shared,
    own,
    family: text,
    inverts,
  }));
}

/** Only the last group of alternatives can be coordinated; those before it multiply. */
function splitAlternatives(text: string): { shared: string; own: string; complement: string }[] {
  const group = /\{([^{}]*)\}/.exec(text);
  if (group === null) return [{ shared: text, own: '', complement: text }];
  const [before, after] = [text.slice(0, group.index), text.slice(group.index + group[0].length)];
  return group[1]!.split('|').flatMap((choice) => {
    const complement = before + choice + after;
    if (complement.includes('{')) return splitAlternatives(complement);
    return [{ shared: before, own: after === '' ? choice : '', complement }];
  });
}

function refuseEntry(entry: string): never {
  raise('PAL_ARGUMENT', {
    where: 'readPredicates',
    expected: 'an entry that begins with an infinitive',
    received: show(entry),
  });
}
