import { parseFormula } from '../formula/parse-formula.js';
import type { Formula } from '../formula/formula.js';

/** Premises and the conclusion that is drawn from them; letters stand for any formula. */
interface ArgumentForm<Name extends string> {
  name: Name;
  premises: readonly Formula[];
  conclusion: Formula;
}

/** The name of a valid form. */
export type ValidForm =
  | 'addition'
  | 'biconditionalElimination'
  | 'biconditionalIntroduction'
  | 'conjunction'
  | 'conjunctiveSyllogism'
  | 'constructiveDilemma'
  | 'contraposition'
  | 'destructiveDilemma'
  | 'disjunctiveSyllogism'
  | 'hypotheticalSyllogism'
  | 'modusPonens'
  | 'modusTollens'
  | 'reductioAdAbsurdum'
  | 'simplification';

/** The name of a fallacy that is known by its form. */
export type KnownFallacy =
  | 'affirmingADisjunct'
  | 'affirmingTheConsequent'
  | 'brokenChain'
  | 'conditionalAsBiconditional'
  | 'denyingAConjunct'
  | 'denyingTheAntecedent'
  | 'illicitConversion'
  | 'illicitInversion';

/**
 * The name of a fallacy: one known by its form; a conversion of what `solo si` or `a menos que` says; or none of these, a
 * conclusion that does not follow.
 */
export type FormalFallacy = KnownFallacy | 'onlyIfReversed' | 'unlessReversed' | 'nonSequitur';

/** The valid forms that have a name. */
export const validForms: readonly ArgumentForm<ValidForm>[] = [
  defineForm('modusPonens', ['a -> b', 'a'], 'b'),
  defineForm('modusTollens', ['a -> b', '~b'], '~a'),
  defineForm('hypotheticalSyllogism', ['a -> b', 'b -> c'], 'a -> c'),
  defineForm('disjunctiveSyllogism', ['a | b', '~a'], 'b'),
  defineForm('constructiveDilemma', ['a -> b', 'c -> d', 'a | c'], 'b | d'),
  defineForm('constructiveDilemma', ['a -> b', 'c -> b', 'a | c'], 'b'),
  defineForm('destructiveDilemma', ['a -> b', 'c -> d', '~b | ~d'], '~a | ~c'),
  defineForm('destructiveDilemma', ['a -> b', 'a -> c', '~b | ~c'], '~a'),
  defineForm('conjunctiveSyllogism', ['~(a & b)', 'a'], '~b'),
  defineForm('biconditionalElimination', ['a <-> b', 'a'], 'b'),
  defineForm('biconditionalElimination', ['a <-> b', '~a'], '~b'),
  defineForm('biconditionalElimination', ['a <-> b'], 'a -> b'),
  defineForm('biconditionalIntroduction', ['a -> b', 'b -> a'], 'a <-> b'),
  defineForm('contraposition', ['a -> b'], '~b -> ~a'),
  defineForm('conjunction', ['a', 'b'], 'a & b'),
  defineForm('simplification', ['a & b'], 'a'),
  defineForm('addition', ['a'], 'a | b'),
  defineForm('reductioAdAbsurdum', ['a -> b', 'a -> ~b'], '~a'),
];

/** The formal fallacies that are known by their form. */
export const fallacyForms: readonly ArgumentForm<KnownFallacy>[] = [
  defineForm('affirmingTheConsequent', ['a -> b', 'b'], 'a'),
  defineForm('denyingTheAntecedent', ['a -> b', '~a'], '~b'),
  defineForm('illicitConversion', ['a -> b'], 'b -> a'),
  defineForm('illicitInversion', ['a -> b'], '~a -> ~b'),
  defineForm('affirmingADisjunct', ['a | b', 'a'], '~b'),
  defineForm('denyingAConjunct', ['~(a & b)', '~a'], 'b'),
  defineForm('brokenChain', ['a -> b', 'c -> b'], 'a -> c'),
  defineForm('brokenChain', ['a -> b', 'a -> c'], 'b -> c'),
  defineForm('conditionalAsBiconditional', ['a -> b'], 'a <-> b'),
];

function defineForm<Name extends string>(name: Name, premises: string[], conclusion: string): ArgumentForm<Name> {
  return { name, premises: premises.map(parseFormula), conclusion: parseFormula(conclusion) };
}
