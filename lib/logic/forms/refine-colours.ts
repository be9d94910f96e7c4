import type { Formula } from '../formula/formula.js';

/**
 * Orders the atoms of a formula by the parts that they play in it: a colour for each atom is refined by the formula's shape
 * under the colours so far until no more atoms are told apart; then one of the first that look alike is singled out.
 *
 * @param formula - in canonical form
 * @param atoms - of the formula
 * @returns the atoms in an order that does not follow from their names, but where several look alike
 */
export function refineColours(formula: Formula, atoms: readonly string[]): string[] {
  let colours = new Map(atoms.map((name) => [name, '']));
  for (;;) {
    colours = refineToEnd(formula, colours);
    const tie = findTie(colours);
    if (tie === undefined) break;
    colours.set(tie, `${colours.get(tie)!}!`);
  }
  return [...atoms].sort((a, b) => compareTexts(colours.get(a)!, colours.get(b)!));
}

function refineToEnd(formula: Formula, given: ReadonlyMap<string, string>): Map<string, string> {
  let colours = new Map(given);
  for (let before = 0; new Set(colours.values()).size > before;) {
    before = new Set(colours.values()).size;
    const seen = new Map([...colours.keys()].map((name) => [name, describeSeen(formula, name, colours)]));
    const ranks = new Map([...new Set(seen.values())].sort(compareTexts).map((text, rank) => [text, rank]));
    colours = new Map([...seen].map(([name, text]) => [name, String(ranks.get(text)!).padStart(4, '0')]));
  }
  return colours;
}

/** The formula as it looks from an atom: that one marked, the others by their colours, operands sorted. */
function describeSeen(formula: Formula, marked: string, colours: ReadonlyMap<string, string>): string {
  const describe = (node: Formula): string => {
    if (node.kind === 'atom') return node.name === marked ? `*${colours.get(marked)!}` : `a${colours.get(node.name)!}`;
    if (node.kind === 'not') return `¬${describe(node.operand)}`;
    if (node.kind === 'implies') return `(${describe(node.left)} → ${describe(node.right)})`;
    const operands = listChain(node, node.kind).map(describe).sort(compareTexts);
    return `${node.kind}(${operands.join(', ')})`;
  };
  return describe(formula);
}

function listChain(formula: Formula, kind: Formula['kind']): Formula[] {
  if (formula.kind !== kind || formula.kind === 'atom' || formula.kind === 'not') return [formula];
  return [...listChain(formula.left, kind), ...listChain(formula.right, kind)];
}

/** An atom of the first colour that several have. */
function findTie(colours: ReadonlyMap<string, string>): string | undefined {
  const counts = new Map<string, string[]>();
  for (const [name, colour] of colours) counts.set(colour, [...(counts.get(colour) ?? []), name]);
  return [...counts].sort(([a], [b]) => compareTexts(a, b)).find(([, names]) => names.length > 1)?.[1][0];
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
