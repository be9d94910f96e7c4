import { listAtoms, renameAtoms } from '../../formula/atoms.js';
import type { Formula } from '../../formula/formula.js';
import type { LogicRecord, RecordAtom } from '../records/record.js';
import type { CleaningReason } from './cleaning-reason.js';
import { nameLetter } from './atom-letters.js';
import { findOrderOfMention } from './order-of-mention.js';

/** Atoms that a record declares and its formula uses, under the letters that their order gives them. */
export interface Lettering {
  formula: Formula;
  atoms: RecordAtom[];
  /** True where a letter changed. */
  renamed: boolean;
  /** How many declared atoms the formula doesn't use. */
  unused: number;
}

/**
 * Drops atoms that the formula doesn't use and gives the others the letters p, q, r, … in the order of first mention: of
 * the grammar's records that is the order they stand in, of others the one in which the sentence has their words, where
 * that can be told.
 *
 * @param record - a record with a tidy input
 * @param formula - its formula
 * @returns formula and atoms, or what is wrong
 */
export function assignLetters(record: LogicRecord, formula: Formula): Lettering | CleaningReason {
  const { input, atoms, provenance } = record;
  const used = new Set(listAtoms(formula));
  const kept = atoms
    .filter(({ letter }) => used.has(letter))
    .map((one) => ({ ...one, gloss: one.gloss.normalize('NFC').trim() }));
  const fault = findFault(kept, used);
  if (fault !== undefined) return fault;
  const told = provenance.kind === 'llm' || provenance.kind === 'human';
  const order = told
    ? findOrderOfMention(
        input,
        kept.map(({ gloss }) => gloss),
      )
    : undefined;
  const ordered = order === undefined ? kept : order.map((place) => kept[place]!);
  const names = new Map(ordered.map(({ letter }, place) => [letter, nameLetter(place)]));
  return {
    formula: renameAtoms(formula, names),
    atoms: ordered.map((one, place) => ({ ...one, letter: nameLetter(place) })),
    renamed: [...names].some(([before, after]) => before !== after),
    unused: atoms.length - kept.length,
  };
}

function findFault(atoms: readonly RecordAtom[], used: ReadonlySet<string>): CleaningReason | undefined {
  const letters = new Set(atoms.map(({ letter }) => letter));
  if (letters.size < used.size) return 'undeclared-atom';
  if (letters.size < atoms.length) return 'duplicate-letter';
  if (atoms.some(({ gloss }) => gloss === '')) return 'empty-gloss';
  const glosses = new Set(atoms.map(({ gloss }) => gloss.toLowerCase()));
  return glosses.size < atoms.length ? 'duplicate-gloss' : undefined;
}
