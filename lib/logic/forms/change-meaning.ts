import type { Random } from '../../core/index.js';
import { listAtoms, renameAtoms } from '../formula/atoms.js';
import { combine, not } from '../formula/formula.js';
import type { BinaryFormula, BinaryKind, Formula } from '../formula/formula.js';
import { equivalent } from '../semantics/equivalence.js';

/** What a misreading makes of a part of a formula; none where it does not apply. */
type Edit = (part: Formula) => readonly Formula[];

const binaryKinds: readonly string[] = ['and', 'or', 'implies', 'iff'] satisfies BinaryKind[];

/** The misreadings of a part, by what they mistake. */
const edits: readonly Edit[] = [
  // The direction of "only if": B → A for A → B.
  (part) => (part.kind === 'implies' ? [combine('implies', part.right, part.left)] : []),
  // The direction of "unless": A → ¬B for ¬A → B.
  (part) =>
    part.kind === 'implies' && part.left.kind === 'not' ? [combine('implies', part.left.operand, not(part.right))] : [],
  createExchange('and', 'or'),
  createExchange('implies', 'iff'),
  (part) => (part.kind === 'not' ? [part.operand] : [not(part)]),
  moveNegation,
  moveBrackets,
];

/**
 * Misreads a formula: one edit that changes what it means, as one that swaps the sides of an implication, exchanges a
 * connective, drops, adds or moves a negation, brackets otherwise, or swaps two atoms. All kinds of edits that apply are
 * equally likely, and then all places.
 *
 * @param formula - any formula
 * @param random - draws the edit
 * @returns a formula of the same atoms that is not equivalent
 * @example changeMeaning(parseFormula('p -> q'), new Random(1)) // q → p, p ↔ q, ¬p → q, …
 */
export function changeMeaning(formula: Formula, random: Random): Formula {
  const kinds = [...edits.map((edit) => listEdits(formula, edit)), swapAtoms(formula)];
  for (const kind of random.shuffle(kinds.filter(({ length }) => length > 0))) {
    const found = random.shuffle([...kind]).find((other) => equivalent(formula, other) === false);
    if (found !== undefined) return found;
  }
  // No formula means what its negation does.
  return not(formula);
}

/** All formulas in which one part is edited. */
function listEdits(formula: Formula, edit: Edit): Formula[] {
  const here = [...edit(formula)];
  if (formula.kind === 'atom') return here;
  if (formula.kind === 'not') return [...here, ...listEdits(formula.operand, edit).map(not)];
  const { kind, left, right } = formula;
  return [
    ...here,
    ...listEdits(left, edit).map((other) => combine(kind, other, right)),
    ...listEdits(right, edit).map((other) => combine(kind, left, other)),
  ];
}

function createExchange(one: BinaryKind, other: BinaryKind): Edit {
  const exchanged: Partial<Record<Formula['kind'], BinaryKind>> = { [one]: other, [other]: one };
  return (part) => {
    const kind = exchanged[part.kind];
    return kind !== undefined && isBinary(part) ? [combine(kind, part.left, part.right)] : [];
  };
}

/** Into the parentheses, over the first part alone, and out of them. */
function moveNegation(part: Formula): Formula[] {
  if (part.kind === 'not' && isBinary(part.operand)) {
    const { kind, left, right } = part.operand;
    return [combine(kind, not(left), right)];
  }
  return isBinary(part) && part.left.kind === 'not' ? [not(combine(part.kind, part.left.operand, part.right))] : [];
}

function moveBrackets(part: Formula): Formula[] {
  if (!isBinary(part)) return [];
  const { kind, left, right } = part;
  return [
    ...(isBinary(left) ? [combine(left.kind, left.left, combine(kind, left.right, right))] : []),
    ...(isBinary(right) ? [combine(right.kind, combine(kind, left, right.left), right.right)] : []),
  ];
}

function swapAtoms(formula: Formula): Formula[] {
  const names = listAtoms(formula);
  return names.flatMap((a, place) =>
    names.slice(place + 1).map((b) =>
      renameAtoms(
        formula,
        new Map([
          [a, b],
          [b, a],
        ]),
      ),
    ),
  );
}

function isBinary(formula: Formula): formula is BinaryFormula {
  return binaryKinds.includes(formula.kind);
}
