import type { Formula } from '../formula/formula.js';
import { dropDoubleNegations, matchPattern } from './match-pattern.js';
import type { Binding } from './match-pattern.js';

/** Premises and a conclusion. */
export interface Argument {
  premises: readonly Formula[];
  conclusion: Formula;
}

/** A form that an argument has, and the premises that make it so. */
export interface FoundForm<Name extends string> {
  name: Name;
  /** Places among the argument's premises, in the form's order. */
  premises: readonly number[];
}

/**
 * The first of some forms that an argument has, in any order of the premises and beside further ones; a premise that joins
 * others by ∧ counts as these too.
 *
 * @param argument - premises and conclusion
 * @param forms - patterns whose atoms stand for any formula
 * @returns the form and its premises; undefined where none fits
 */
export function findForm<Name extends string>(
  argument: Argument,
  forms: readonly (Argument & { name: Name })[],
): FoundForm<Name> | undefined {
  const conclusion = dropDoubleNegations(argument.conclusion);
  const premises = argument.premises.flatMap((premise, place) =>
    listConjuncts(dropDoubleNegations(premise)).map((formula) => ({ formula, place })),
  );
  for (const form of forms) {
    for (const binding of matchPattern(form.conclusion, conclusion, new Map())) {
      const used = matchPremises(form.premises, premises, binding);
      if (used !== undefined) return { name: form.name, premises: used };
    }
  }
  return undefined;
}

/** A formula and, where it is a conjunction, its parts. */
function listConjuncts(formula: Formula): Formula[] {
  if (formula.kind !== 'and') return [formula];
  return [formula, ...listConjuncts(formula.left), ...listConjuncts(formula.right)];
}

interface PlacedPremise {
  formula: Formula;
  place: number;
}

/** Finds a premise of its own for each pattern. @returns their places */
function matchPremises(
  patterns: readonly Formula[],
  premises: readonly PlacedPremise[],
  binding: Binding,
): number[] | undefined {
  const [pattern, ...others] = patterns;
  if (pattern === undefined) return [];
  for (const premise of premises) {
    for (const bound of matchPattern(pattern, premise.formula, binding)) {
      const rest = matchPremises(
        others,
        premises.filter((other) => other !== premise),
        bound,
      );
      if (rest !== undefined) return [premise.place, ...rest];
    }
  }
  return undefined;
}
