import { countNgramTypes } from './ngrams.js';
import type { Token } from './ngrams.js';

type Texts = readonly (readonly Token[])[];

/** The share of n-grams that are different ones, over all texts together: 1 where none comes twice. NaN without any. */
export function computeDistinct(texts: Texts, n: number): number {
  const { total, types } = countNgramTypes(texts, n);
  return types / total;
}

/**
 * The share of n-grams within a text that came before in it, over all texts: 1 − different / all. NaN without any.
 * @see Welleck et al. 2019, https://arxiv.org/abs/1908.04319, where it is seq-rep-n
 */
export function computeRepetitionRate(texts: Texts, n: number): number {
  const counts = texts.map((text) => countNgramTypes([text], n));
  const total = counts.reduce((sum, one) => sum + one.total, 0);
  return 1 - counts.reduce((sum, one) => sum + one.types, 0) / total;
}

/** A stretch of tokens that comes again. */
export interface RepeatedSpan {
  /** Tokens of the stretch, 0 where no token comes twice. */
  length: number;
  /** The index of its first start. */
  first: number;
  /** The index of its second start, perhaps before the first ended. */
  again: number;
}

/** A set of end positions of the same tokens: a state of a suffix automaton. */
interface AutomatonNode {
  length: number;
  link: number;
  end: number;
  next: Map<Token, number>;
}

/**
 * The longest stretch that occurs twice in a text, in time linear in its length.
 * @see Blumer et al. 1985, "The smallest automaton recognizing the subwords of a text"
 */
export function findLongestRepeatedSpan(text: readonly Token[]): RepeatedSpan {
  const nodes = buildAutomaton(text);
  let best: RepeatedSpan = { length: 0, first: 0, again: 0 };
  for (const { link, end } of nodes) {
    // What a node links to ends there and at the end of the node itself.
    const shared = nodes[link];
    if (shared === undefined || shared.length <= best.length || shared.end === end) continue;
    const [first, again] = [Math.min(shared.end, end), Math.max(shared.end, end)];
    best = { length: shared.length, first: first - shared.length + 1, again: again - shared.length + 1 };
  }
  return best;
}

function buildAutomaton(text: readonly Token[]): AutomatonNode[] {
  const nodes: AutomatonNode[] = [{ length: 0, link: -1, end: -1, next: new Map() }];
  let last = 0;
  for (const [end, token] of text.entries()) {
    const added = nodes.push({ length: nodes[last]!.length + 1, link: 0, end, next: new Map() }) - 1;
    let at = last;
    for (; at >= 0 && !nodes[at]!.next.has(token); at = nodes[at]!.link) nodes[at]!.next.set(token, added);
    if (at >= 0) nodes[added]!.link = splitNode(nodes, at, token);
    last = added;
  }
  return nodes;
}

/** The node that `token` after node `at` leads to, cut to just that length. */
function splitNode(nodes: AutomatonNode[], at: number, token: Token): number {
  const reached = nodes[at]!.next.get(token)!;
  const length = nodes[at]!.length + 1;
  const whole = nodes[reached]!;
  if (whole.length === length) return reached;
  const shorter = nodes.push({ ...whole, length, next: new Map(whole.next) }) - 1;
  whole.link = shorter;
  for (let back = at; back >= 0 && nodes[back]!.next.get(token) === reached; back = nodes[back]!.link) {
    nodes[back]!.next.set(token, shorter);
  }
  return shorter;
}
