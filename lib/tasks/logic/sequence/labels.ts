import { complexityLevels, measureComplexity } from '../../../logic/index.js';
import type { Formula } from '../../../logic/index.js';

/** What a target is, for losses that tell targets apart; what none of it is, as marks and connectors, has 0. */
export const targetLabels = {
  /** A word of the reasoning or of a gloss. */
  text: 1,
  /** A symbol of the formula. */
  formula: 2,
  /** A symbol of a formula that is wrong, which does not count. */
  wrong: 3,
  /** A symbol of the formula behind its reasoning, of which a teacher tells what it thinks; it does not count. */
  taught: 4,
} as const;

/** The outermost parts of formulas. */
const roots = ['atom', 'not', 'and', 'or', 'implies', 'iff'] as const;
/** The least label that holds classes: that of the first target of an answer. */
export const FIRST_CLASS_LABEL = 16;

/** What can be told of a formula before it is written, and the number of its classes. */
export const formulaClasses = { root: roots.length, atoms: 8, complexity: complexityLevels.length } as const;

/** Something of {@link formulaClasses}. */
export type FormulaClass = keyof typeof formulaClasses;

/** How the label of a first target holds each class: the label less {@link FIRST_CLASS_LABEL}, over `divisor`, modulo `classes`. */
export const classCodes: Readonly<Record<FormulaClass, { divisor: number; classes: number }>> = {
  complexity: { divisor: 1, classes: formulaClasses.complexity },
  atoms: { divisor: formulaClasses.complexity, classes: formulaClasses.atoms },
  root: { divisor: formulaClasses.complexity * formulaClasses.atoms, classes: formulaClasses.root },
};

/**
 * The label of the first target of an answer, which tells the outermost connective of its formula, how many atoms it has
 * (8 for more) and its level.
 *
 * @param formula - that is answered
 * @returns from {@link FIRST_CLASS_LABEL} on
 */
export function encodeClasses(formula: Formula): number {
  const { root, atoms, level } = measureComplexity(formula);
  const classes: Record<FormulaClass, number> = {
    root: roots.indexOf(root),
    atoms: Math.min(atoms, formulaClasses.atoms) - 1,
    complexity: complexityLevels.indexOf(level),
  };
  const names = Object.keys(classCodes) as FormulaClass[];
  return FIRST_CLASS_LABEL + names.reduce((code, name) => code + classes[name] * classCodes[name].divisor, 0);
}
