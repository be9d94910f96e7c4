import { raise } from '../../../core/index.js';
import type { Random } from '../../../core/index.js';
import { and, combine, implies, not, or } from '../../formula/formula.js';
import type { BinaryFormula, Formula } from '../../formula/formula.js';
import { printFormula } from '../../formula/print-formula.js';
import { equivalent } from '../../semantics/equivalence.js';

/** An equivalence, from left to right; undefined where a formula has not its shape. */
type Rule = (formula: Formula) => Formula | undefined;

/** The share of rewrites that may put ¬¬ before something. */
const DOUBLED = 0.05;

/** The equivalences by which formulas are rewritten. */
export const rewriteRules: Readonly<Record<string, Rule>> = {
  implicationToDisjunction: makeRule('implies', ({ left, right }) => or(not(left), right)),
  contraposition: makeRule('implies', ({ left, right }) => implies(not(right), not(left))),
  exportation: makeRule('implies', ({ left, right }) =>
    left.kind === 'and' ? implies(left.left, implies(left.right, right)) : undefined,
  ),
  importation: makeRule('implies', ({ left, right }) =>
    right.kind === 'implies' ? implies(and(left, right.left), right.right) : undefined,
  ),
  expandIff: makeRule('iff', ({ left, right }) => and(implies(left, right), implies(right, left))),
  deMorgan: (formula) => {
    if (formula.kind !== 'not') return undefined;
    const { operand } = formula;
    if (operand.kind === 'and') return or(not(operand.left), not(operand.right));
    return operand.kind === 'or' ? and(not(operand.left), not(operand.right)) : undefined;
  },
  removeDoubleNegation: (formula) => {
    return formula.kind === 'not' && formula.operand.kind === 'not' ? formula.operand.operand : undefined;
  },
  addDoubleNegation: (formula) => not(not(formula)),
  commutation: (formula) => {
    if (formula.kind !== 'and' && formula.kind !== 'or' && formula.kind !== 'iff') return undefined;
    return combine(formula.kind, formula.right, formula.left);
  },
  association: (formula) => {
    if ((formula.kind !== 'and' && formula.kind !== 'or') || formula.left.kind !== formula.kind) return undefined;
    return combine(formula.kind, formula.left.left, combine(formula.kind, formula.left.right, formula.right));
  },
};

/** A formula made by an equivalence. */
export interface RewrittenFormula {
  rule: string;
  formula: Formula;
}

/**
 * Rewrites a formula by one equivalence at one of its parts.
 *
 * @param formula - any formula
 * @param random - chooses the rule and the part; ¬¬ comes before a part in at most one rewrite of twenty
 * @returns an equivalent formula of the same atoms; undefined where no rule fits
 * @throws PalabraError of code PAL_INTERNAL where the result is not equivalent, which no rule may bring about
 */
export function rewriteFormula(formula: Formula, random: Random): RewrittenFormula | undefined {
  const doubles = random.float() < DOUBLED;
  const found = listRewrites(formula).filter(({ rule }) => doubles || rule !== 'addDoubleNegation');
  if (found.length === 0) return undefined;
  const chosen = found[random.integer(found.length)]!;
  if (equivalent(formula, chosen.formula) !== true) refuseRewrite(formula, chosen);
  return chosen;
}

/**
 * All formulas that one equivalence at one part makes.
 *
 * @param formula - any formula
 * @returns each with the name of its rule
 */
export function listRewrites(formula: Formula): RewrittenFormula[] {
  const here = Object.entries(rewriteRules).flatMap(([rule, apply]) => {
    const made = apply(formula);
    return made === undefined ? [] : [{ rule, formula: made }];
  });
  if (formula.kind === 'atom') return here;
  if (formula.kind === 'not') return [...here, ...wrap(formula.operand, not)];
  const { kind, left, right } = formula;
  return [
    ...here,
    ...wrap(left, (made) => combine(kind, made, right)),
    ...wrap(right, (made) => combine(kind, left, made)),
  ];
}

function wrap(part: Formula, build: (made: Formula) => Formula): RewrittenFormula[] {
  return listRewrites(part).map(({ rule, formula }) => ({ rule, formula: build(formula) }));
}

function makeRule(kind: BinaryFormula['kind'], apply: (formula: BinaryFormula) => Formula | undefined): Rule {
  return (formula) => (formula.kind === kind ? apply(formula) : undefined);
}

function refuseRewrite(formula: Formula, { rule, formula: made }: RewrittenFormula): never {
  return raise('PAL_INTERNAL', {
    where: 'rewriteFormula',
    expected: `${rule} to keep the meaning of ${printFormula(formula)}`,
    received: printFormula(made),
  });
}
