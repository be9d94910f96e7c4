import { rules } from '../constructions/rules.js';

/** The mood in which a clause stands, or the part of one that it is. */
export type Mood =
  'indicative' | 'command' | 'subjunctive' | 'infinitive' | 'gerund' | 'participle' | 'noun' | 'np' | 'vp' | 'tail';

/** A clause that the reader knows by its words. */
export interface KnownClause {
  text: string;
  atom: number;
  negation: '' | 'no' | 'nunca' | 'jamás' | 'tampoco';
  moods: readonly Mood[];
}

/** A clause, or a word of a construction, or a mark of punctuation. */
export type Token = { kind: 'clause'; clause: KnownClause } | { kind: 'words'; text: string };

/** Words that differ from others in sound or gender only. */
const SPELLINGS: Readonly<Record<string, string>> = { e: 'y', u: 'o', ambas: 'ambos', las: 'los' };

/**
 * A word of a construction as readers compare it.
 *
 * @param word - in any case; `#` before it marks what agrees
 * @returns lower-case, the same for «y» and «e», «o» and «u», «ambos» and «ambas», «los» and «las»
 */
export function unifyWord(word: string): string {
  const plain = word.toLowerCase().replace('#', '');
  return SPELLINGS[plain] ?? plain;
}

/** The words and marks of all constructions. */
const WORDS: ReadonlySet<string> = new Set(
  rules.flatMap((rule) =>
    rule.items.flatMap((item) => (item.kind === 'words' ? item.text.split(' ').map(unifyWord) : [])),
  ),
);

/** No sentence has more ways to be cut. */
const MOST_CUTS = 32;

/**
 * Cuts a sentence into known clauses and words of constructions, in all ways.
 *
 * @param text - with capital and stop
 * @param clauses - what it may say
 * @returns each way as a list of tokens; none where something else stands in it
 */
export function tokenizeSentence(text: string, clauses: readonly KnownClause[]): Token[][] {
  const body = text.replace(/\.$/, '');
  const cuts: Token[][] = [];
  const visit = (at: number, tokens: readonly Token[]): void => {
    if (cuts.length >= MOST_CUTS) return;
    if (at === body.length) {
      cuts.push([...tokens]);
      return;
    }
    const begins = tokens.length === 0 || isStop(tokens.at(-1)!);
    for (const { token, end } of findTokens(body, at, clauses, begins)) visit(skipSpace(body, end), [...tokens, token]);
  };
  visit(0, []);
  return cuts;
}

function skipSpace(text: string, at: number): number {
  return text[at] === ' ' ? at + 1 : at;
}

function isStop(token: Token): boolean {
  return token.kind === 'words' && token.text === '.';
}

function findTokens(
  text: string,
  at: number,
  clauses: readonly KnownClause[],
  begins: boolean,
): { token: Token; end: number }[] {
  const said = clauses
    .filter((clause) => standsAt(text, at, clause.text, begins))
    .map((clause) => ({ token: { kind: 'clause', clause } as const, end: at + clause.text.length }));
  const word = /[,;.:]|[^\s,;.:]+/y;
  word.lastIndex = at;
  const found = word.exec(text)?.[0] ?? '';
  const unified = unifyWord(found);
  if (!WORDS.has(unified)) return said;
  return [...said, { token: { kind: 'words', text: unified }, end: at + found.length }];
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function standsAt(text: string, at: number, words: string, begins: boolean): boolean {
  const end = at + words.length;
  if (!text.startsWith(words, at) && !(begins && lowerFirst(text.slice(at, end)) === lowerFirst(words))) return false;
  return end === text.length || /[\s,;.:]/.test(text[end]!) || /[,;.:]$/.test(words);
}
