import type { Formula } from '../../formula/formula.js';
import type { Branch, Leaf } from '../constructions/grow-tree.js';
import type { Piece, Sentence } from '../constructions/write-sentence.js';
import type { RecordConnector } from '../../data/records/record.js';

const SYMBOLS = { not: '¬', and: '∧', or: '∨', implies: '→', iff: '↔' } as const;

/**
 * The connectives of a sentence with their words, in the order of the sentence.
 *
 * @param sentence - its pieces
 * @returns one entry for each construction and connective, and for each negation that is a clause's own
 */
export function listConnectors(sentence: Sentence): RecordConnector[] {
  const entries: { start: number; connector: RecordConnector }[] = [];
  for (const branch of listBranches(sentence)) {
    const words = findWords(branch, sentence);
    if (words.length === 0) continue;
    const cue = words.map(({ start, end }) => sentence.text.slice(start, end).toLowerCase()).join('…');
    const { start, end } = words[0]!;
    for (const symbol of listSymbols(branch.rule.formula))
      entries.push({ start, connector: { symbol, cue, span: [start, end] } });
  }
  for (const piece of sentence.pieces) {
    if (piece.negation === undefined || isOfConstruction(piece)) continue;
    const [start, end] = piece.negation;
    const cue = sentence.text.slice(start, end).toLowerCase();
    entries.push({ start, connector: { symbol: '¬', cue, span: [start, end] } });
  }
  return entries.sort((a, b) => a.start - b.start).map(({ connector }) => connector);
}

/**
 * The constructions of a sentence in the order of their first words.
 *
 * @param sentence - its pieces
 * @returns each construction once
 */
export function listBranches(sentence: Sentence): Branch[] {
  return [...new Set(sentence.pieces.flatMap(({ branch }) => (branch === undefined ? [] : [branch])))];
}

/** The words of a construction; where it has none, its marks of punctuation. */
function findWords(branch: Branch, { pieces }: Sentence): { start: number; end: number }[] {
  const own = pieces.filter((piece) => piece.branch === branch);
  const marks = own.filter(({ leaf, text }) => leaf === undefined && isMark(text));
  const words = own.flatMap((piece) => {
    if (piece.leaf === undefined) return isMark(piece.text) ? [] : [{ start: piece.start, end: piece.end }];
    if (piece.negation === undefined || !isOfConstruction(piece)) return [];
    return [{ start: piece.negation[0], end: piece.negation[1] }];
  });
  return words.length > 0 ? words : marks;
}

function isMark(text: string): boolean {
  return /^[,;.:]$/.test(text);
}

/** True where the construction, not the clause, says «no» or «tampoco». */
function isOfConstruction({ branch, leaf }: Piece): boolean {
  if (branch === undefined || leaf === undefined) return false;
  const slot = branch.rule.slots[branch.children.indexOf(leaf satisfies Leaf)];
  return slot?.polarity === 'negated' || slot?.polarity === 'also';
}

function listSymbols(formula: Formula): RecordConnector['symbol'][] {
  const symbols = new Set<RecordConnector['symbol']>();
  const visit = (node: Formula): void => {
    if (node.kind === 'atom') return;
    if (node.kind === 'not') {
      symbols.add(SYMBOLS.not);
      visit(node.operand);
      return;
    }
    visit(node.left);
    symbols.add(SYMBOLS[node.kind]);
    visit(node.right);
  };
  visit(formula);
  return [...symbols];
}
