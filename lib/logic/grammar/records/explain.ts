import type { Formula } from '../../formula/formula.js';
import { printFormula } from '../../formula/print-formula.js';
import { buildFormula } from '../constructions/build-formula.js';
import type { Branch, Tree } from '../constructions/grow-tree.js';
import type { Plan, Sentence } from '../constructions/write-sentence.js';
import type { RecordAtom } from '../../data/records/record.js';

const MEANINGS: Readonly<Record<Formula['kind'], string>> = {
  atom: 'afirma',
  not: 'niega',
  and: 'une lo que dice',
  or: 'deja abierta una alternativa',
  implies: 'pone una condición',
  iff: 'hace equivalentes las dos partes',
};

/**
 * The steps from a sentence to its formula, in Spanish: the atoms, each construction from the innermost, the whole.
 *
 * @param tree - the derivation
 * @param sentence - what it says
 * @param plan - its clauses
 * @param atoms - with their glosses
 * @returns short sentences
 */
export function explainDerivation(tree: Tree, sentence: Sentence, plan: Plan, atoms: readonly RecordAtom[]): string[] {
  const steps = listInside(tree).map((branch) => {
    const formula = buildFormula(branch, plan);
    return `«${quoteWords(branch, sentence)}» ${describe(branch)}: ${printFormula(formula)}.`;
  });
  const legend = atoms.map(({ letter, gloss }) => `${letter} es «${gloss}»`).join('; ');
  return [`${legend}.`, ...steps, `Fórmula: ${printFormula(buildFormula(tree, plan))}.`];
}

/** The constructions, the innermost first. */
function listInside(tree: Tree): Branch[] {
  return tree.kind === 'leaf' ? [] : [...tree.children.flatMap(listInside), tree];
}

function quoteWords(branch: Branch, { pieces }: Sentence): string {
  const words = pieces.filter(
    (piece) => piece.branch === branch && piece.leaf === undefined && !/^[,;.:]$/.test(piece.text),
  );
  return words.length > 0 ? words.map(({ text }) => text.toLowerCase()).join('…') : 'La pausa';
}

function describe({ rule }: Branch): string {
  if (rule.level === 5 && rule.formula.kind === 'implies') return 'pone una excepción';
  if (rule.formula.kind === 'and' && rule.formula.right.kind === 'not' && rule.level === 5)
    return 'deja una sola de las dos';
  if (rule.formula.kind === 'and' && rule.formula.left.kind === 'implies') return 'dice qué pasa en cada caso';
  return MEANINGS[rule.formula.kind];
}
