import { checkOptions, expectNotNegative, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { listAtoms } from '../formula/atoms.js';
import type { Formula } from '../formula/formula.js';
import { iff } from '../formula/formula.js';
import { printFormula } from '../formula/print-formula.js';
import { equivalent } from '../semantics/equivalence.js';
import { MOST_TABLE_ATOMS, buildTruthTable, countTrueRows } from '../semantics/truth-table.js';
import { alignAtoms } from './align-atoms.js';
import type { GlossedFormula } from './align-atoms.js';
import { computeTokenF1 } from './glosses.js';
import { computeTreeEditDistance, countNodes } from './tree-edit-distance.js';

/** How near a predicted formula comes to its reference; every figure lies from 0 to 1. */
export interface PredictionScores {
  /** 1 if there is a formula. */
  valid: number;
  /** 1 if it is the reference, symbol by symbol. */
  exact: number;
  /** 1 if it is the reference up to order, grouping and double negation. */
  canonical: number;
  /** 1 if it is equivalent to the reference. */
  semantic: number;
  /** F1 of the sets of atoms. */
  atomF1: number;
  /** F1 of the words of clauses, over the pairs of letters; 0 where a side has no clauses. */
  glossF1: number;
  /** 1 if the outermost connective is the same. */
  root: number;
  /** F1 of the connectives, each as often as it stands in both. */
  connectiveF1: number;
  /** 1 less the share of nodes that have to be changed. */
  partialCredit: number;
  /** F1 of the parts of the formulas, those that are equivalent counting as the same. */
  subformulaF1: number;
  /** The weighted mean of `atomF1`, the share of the reference's parts that are found, `root` and `semantic`. */
  compositional: number;
  /** The share of valuations under which both have the same value. */
  agreement: number;
}

/** The weights of the `compositional` score, all 1 unless they are given; only their ratios count. */
export interface CompositionWeights {
  /** Of the F1 of atoms. */
  atomF1?: number | undefined;
  /** Of the share of the reference's parts that are found. */
  parts?: number | undefined;
  /** Of the outermost connective. */
  root?: number | undefined;
  /** Of equivalence. */
  semantic?: number | undefined;
}

/** The keys of {@link CompositionWeights}. */
export const compositionWeightKeys: OptionChecks<CompositionWeights> = {
  atomF1: expectNotNegative,
  parts: expectNotNegative,
  root: expectNotNegative,
  semantic: expectNotNegative,
};

/** The scores of a prediction that is no formula. */
const NOTHING: Readonly<PredictionScores> = {
  ...{ valid: 0, exact: 0, canonical: 0, semantic: 0, atomF1: 0, glossF1: 0, root: 0, connectiveF1: 0 },
  ...{ partialCredit: 0, subformulaF1: 0, compositional: 0, agreement: 0 },
};

/**
 * Scores a predicted formula, after its letters have been brought into line with the reference's.
 *
 * @param prediction - the formula and the clauses of its letters; undefined for what is no formula
 * @param reference - the right ones
 * @param weights - of the `compositional` score
 * @returns all scores, 0 without a formula
 * @throws ArgumentError for weights below 0, or all 0
 */
export function scorePrediction(
  prediction: GlossedFormula | undefined,
  reference: GlossedFormula,
  weights: CompositionWeights = {},
): PredictionScores {
  checkOptions('scorePrediction', weights, compositionWeightKeys);
  if (prediction === undefined) return { ...NOTHING };
  const { formula, pairs } = alignAtoms(prediction, reference);
  const gold = reference.formula;
  const is = (style: 'pretty' | 'canonical'): number =>
    Number(printFormula(formula, style) === printFormula(gold, style));
  const semantic = Number(equivalent(formula, gold) === true);
  const [atomF1, root] = [computeTokenF1(listAtoms(formula), listAtoms(gold)), Number(formula.kind === gold.kind)];
  const parts = compareParts(formula, gold);
  const clauses = (prediction.atoms?.length ?? 0) + (reference.atoms?.length ?? 0);
  return {
    ...{ valid: 1, exact: is('pretty'), canonical: is('canonical'), semantic, atomF1, root },
    glossF1: clauses === 0 ? 0 : (2 * pairs.reduce((sum, { f1 }) => sum + f1, 0)) / clauses,
    connectiveF1: computeTokenF1(listConnectives(formula), listConnectives(gold)),
    partialCredit: computePartialCredit(formula, gold),
    subformulaF1: parts.f1,
    compositional: averageScores({ atomF1, parts: parts.recall, root, semantic }, weights),
    agreement: computeAgreement(formula, gold),
  };
}

/** The weighted mean of four scores. */
function averageScores(scores: Record<keyof CompositionWeights, number>, weights: CompositionWeights): number {
  let [sum, total] = [0, 0];
  for (const [name, score] of Object.entries(scores) as [keyof CompositionWeights, number][]) {
    const weight = weights[name] ?? 1;
    [sum, total] = [sum + weight * score, total + weight];
  }
  return total > 0 ? sum / total : refuseWeights();
}

function refuseWeights(): never {
  raise('PAL_ARGUMENT', { where: 'scorePrediction', expected: 'a weight above 0', received: 'none' });
}

/**
 * 1 less the share of nodes to change, of the larger formula.
 *
 * @param formula - any formula
 * @param reference - the right one
 * @returns 0 to 1
 */
export function computePartialCredit(formula: Formula, reference: Formula): number {
  const nodes = Math.max(countNodes(formula), countNodes(reference));
  return Math.max(0, 1 - computeTreeEditDistance(formula, reference) / nodes);
}

function computeAgreement(a: Formula, b: Formula): number {
  const same = iff(a, b);
  if (listAtoms(same).length > MOST_TABLE_ATOMS) return Number(equivalent(a, b) === true);
  const table = buildTruthTable(same);
  return countTrueRows(table) / table.rows;
}

function listConnectives(formula: Formula): string[] {
  return listParts(formula)
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'atom');
}

/** A formula and all its parts. */
function listParts(formula: Formula): Formula[] {
  if (formula.kind === 'atom') return [formula];
  if (formula.kind === 'not') return [formula, ...listParts(formula.operand)];
  return [formula, ...listParts(formula.left), ...listParts(formula.right)];
}

function compareParts(formula: Formula, gold: Formula): { recall: number; f1: number } {
  const [parts, goldParts] = [listParts(formula), listParts(gold)];
  const share = (some: Formula[], others: Formula[]): number =>
    some.filter((part) => others.some((other) => equivalent(part, other) === true)).length / some.length;
  const [precision, recall] = [share(parts, goldParts), share(goldParts, parts)];
  return { recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
