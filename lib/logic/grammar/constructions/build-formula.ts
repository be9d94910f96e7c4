import { atom, combine, not } from '../../formula/formula.js';
import type { BinaryKind, Formula } from '../../formula/formula.js';
import type { Branch, Leaf, Tree } from './grow-tree.js';
import type { Plan } from './write-sentence.js';

/** The letters of atoms, in the order of their first mention. */
const LETTERS = ['p', 'q', 'r', 's', 't', 'u', 'v', 'w'];

/**
 * The letter of an atom.
 *
 * @param place - of its first mention, from 0
 * @returns p to w, then p1 and so on
 */
export function nameAtom(place: number): string {
  const round = Math.floor(place / LETTERS.length);
  return LETTERS[place % LETTERS.length]! + (round === 0 ? '' : String(round));
}

/**
 * The formula of a derivation.
 *
 * @param tree - a derivation
 * @param plan - the atoms of its leaves
 * @returns the formula in the form that its constructions give it
 */
export function buildFormula(tree: Tree, plan: Plan): Formula {
  if (tree.kind === 'leaf') return buildLeaf(tree, plan, tree.negation !== '');
  const parts = new Map(tree.rule.slots.map((slot, i) => [slot.letter, buildChild(tree, i, plan)]));
  return substitute(tree.rule.formula, parts);
}

function buildLeaf(leaf: Leaf, plan: Plan, negated: boolean): Formula {
  const letter = atom(nameAtom(Math.max(0, plan.get(leaf)!.atom)));
  return negated ? not(letter) : letter;
}

/** Where the construction itself says «no», its formula has the negation. */
function buildChild({ rule, children }: Branch, index: number, plan: Plan): Formula {
  const { polarity } = rule.slots[index]!;
  const child = children[index]!;
  if (child.kind === 'leaf' && (polarity === 'negated' || polarity === 'also')) return buildLeaf(child, plan, false);
  return buildFormula(child, plan);
}

function substitute(formula: Formula, parts: ReadonlyMap<string, Formula>): Formula {
  if (formula.kind === 'atom') return parts.get(formula.name)!;
  if (formula.kind === 'not') return negate(substitute(formula.operand, parts));
  return chain(formula.kind, substitute(formula.left, parts), substitute(formula.right, parts));
}

/** «A menos que no llueva» is no double negation. */
function negate(formula: Formula): Formula {
  return formula.kind === 'not' ? formula.operand : not(formula);
}

/** Chains of ∧ and ∨ group to the left, as they are read. */
function chain(kind: BinaryKind, left: Formula, right: Formula): Formula {
  if ((kind === 'and' || kind === 'or') && right.kind === kind) {
    return chain(kind, chain(kind, left, right.left), right.right);
  }
  return combine(kind, left, right);
}
