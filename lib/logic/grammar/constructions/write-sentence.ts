import { agreeComplement, findAgreement } from '../clauses/agreement.js';
import { nameSubject, sayClause } from '../clauses/say-clause.js';
import type { Utterance } from '../clauses/clause.js';
import { capitalize, chooseAnd, chooseOr, contract } from '../morphology/join-words.js';
import type { Gender } from '../morphology/inflect-nouns.js';
import type { Branch, Leaf, Tree } from './grow-tree.js';
import type { Planned } from './plan-clauses.js';

/** A piece of a sentence: a leaf, or words of a construction. */
export interface Piece {
  text: string;
  /** Where it stands in the sentence, in UTF-16 units. */
  start: number;
  end: number;
  /** The construction it belongs to; of a leaf the one right above. */
  branch: Branch | undefined;
  leaf: Leaf | undefined;
  /** The word of negation of a leaf, in the sentence. */
  negation: readonly [start: number, end: number] | undefined;
}

/** A sentence and its pieces in their order. */
export interface Sentence {
  text: string;
  pieces: readonly Piece[];
}

/** The clauses of a derivation by its leaves. */
export type Plan = ReadonlyMap<Leaf, Planned>;

/**
 * Writes a derivation as a sentence, with capital and stop.
 *
 * @param tree - a derivation
 * @param plan - what its leaves say
 * @returns the sentence
 */
export function writeSentence(tree: Tree, plan: Plan): Sentence {
  const pieces = listPieces(tree, undefined, plan);
  let text = '';
  const placed = pieces.map((piece, i) => {
    const words = adaptWords(piece, pieces[i + 1]?.text ?? '', plan);
    const begins = text === '' || text.endsWith('.');
    text += text === '' || /^[,;.:]$/.test(words) ? '' : ' ';
    const start = text.length;
    text += begins ? capitalize(words) : words;
    const negation = piece.negation && ([piece.negation[0] + start, piece.negation[1] + start] as const);
    return { ...piece, text: words, start, end: text.length, negation };
  });
  return { text: `${text}.`, pieces: placed };
}

function listPieces(tree: Tree, above: Branch | undefined, plan: Plan): Piece[] {
  if (tree.kind === 'leaf') return [makeLeafPiece(tree, above, plan)];
  let next = 0;
  return tree.rule.items.flatMap((item) =>
    item.kind === 'words' ? [makePiece(item.text, tree)] : listPieces(tree.children[next++]!, tree, plan),
  );
}

function makePiece(text: string, branch: Branch | undefined, leaf?: Leaf, negation?: Utterance['negationSpan']): Piece {
  return { text, start: 0, end: 0, branch, leaf, negation };
}

function makeLeafPiece(leaf: Leaf, above: Branch | undefined, plan: Plan): Piece {
  const planned = plan.get(leaf)!;
  const { text, negationSpan } = sayPart(leaf, planned);
  return makePiece(text, above, leaf, negationSpan);
}

function sayPart(leaf: Leaf, { clause, tense, negation, dropsSubject }: Planned): Utterance {
  if (leaf.part === 'np') return { text: nameSubject(clause.subject), negationSpan: undefined };
  if (leaf.part === 'tail') return { text: sayTail(clause), negationSpan: undefined };
  if (leaf.form === 'noun') return { text: contract(clause.complement), negationSpan: undefined };
  return sayClause(clause, { tense, negation, dropsSubject });
}

/** A preposition or an article before alternatives, which each of them repeats. */
const LINK = /((?:\b(?:a|de|en|con|por|para|contra|entre|sobre) )?(?:\b(?:el|la|los|las|al|del|un|una) )?)$/;

/** The end of a complement that is coordinated with another. */
function sayTail({ complement, predicate, subject }: Planned['clause']): string {
  const link = LINK.exec(predicate.shared)![1]!;
  return contract(link + agreeComplement(complement.slice(predicate.shared.length), findAgreement(subject)));
}

function adaptWords({ text, branch, leaf }: Piece, next: string, plan: Plan): string {
  if (leaf !== undefined) return text;
  if (text === 'y') return chooseAnd(next);
  if (text === 'o') return chooseOr(next);
  return text.includes('#') ? agreePair(text, branch!, plan) : text;
}

/** «Ambos» and «los dos», or their feminine; «ambas cosas» where what is meant has no gender. */
function agreePair(text: string, branch: Branch, plan: Plan): string {
  const genders = branch.children.flatMap((child) => (isPaired(child) ? [findGender(child, plan.get(child)!)] : []));
  if (genders.includes(undefined)) return text.replace('#ambos', 'ambas cosas').replace('#los dos', 'las dos cosas');
  const plain = text.replace('#', '');
  return genders.includes('m') ? plain : plain.replace('ambos', 'ambas').replace('los', 'las');
}

function isPaired(tree: Tree): tree is Leaf {
  return tree.kind === 'leaf' && tree.pair !== undefined && tree.part !== 'vp';
}

/** The gender of what clauses differ in: their subject, or a complement that an article tells. */
function findGender(leaf: Leaf, { clause }: Planned): Gender | undefined {
  if (leaf.swaps) return findAgreement(clause.subject).gender;
  if (/^(?:la|las|una|unas) /.test(sayTail(clause))) return 'f';
  return /^(?:el|los|un|unos) /.test(sayTail(clause)) ? 'm' : undefined;
}
