import { rules } from '../constructions/rules.js';
import type { Rule, Slot } from '../constructions/rules.js';
import { tokenizeSentence } from './tokenize-sentence.js';
import type { Token, KnownClause, Mood } from './tokenize-sentence.js';
import { computeValues, makeValueSpace } from './truth-values.js';
import type { Values, ValueSpace } from './truth-values.js';

const MOODS: Readonly<Record<Exclude<Slot['form'], '='>, readonly Mood[]>> = {
  main: ['indicative', 'command'],
  si: ['indicative'],
  when: ['indicative', 'subjunctive'],
  ind: ['indicative'],
  fut: ['indicative'],
  sub: ['subjunctive'],
  subp: ['subjunctive'],
  inf: ['infinitive'],
  imp: ['command'],
  np: ['np'],
  vp: ['vp'],
  tail: ['tail'],
};

/** One sentence that is being read. */
interface Reading {
  tokens: readonly Token[];
  /** Constructions whose words all occur in it. */
  rules: readonly Rule[];
  space: ValueSpace;
  known: Map<string, readonly Values[]>;
}

/**
 * All meanings of a sentence.
 *
 * @param text - with capital and stop
 * @param clauses - what it may say, in its words
 * @param atoms - how many atoms its clauses have, up to seven
 * @returns the truth values of each meaning, once; none where it is no sentence of the grammar
 */
export function readSentence(text: string, clauses: readonly KnownClause[], atoms: number): readonly Values[] {
  return unite(tokenizeSentence(text, clauses).map((tokens) => readTokens(tokens, atoms)));
}

/**
 * All meanings that the constructions of the grammar give a sentence.
 *
 * @param tokens - of the sentence
 * @param atoms - how many atoms its clauses have, up to seven
 * @returns the truth values of each meaning, once; none where it is no sentence of the grammar
 */
export function readTokens(tokens: readonly Token[], atoms: number): readonly Values[] {
  const words = new Set(tokens.flatMap((token) => (token.kind === 'words' ? [token.text] : [])));
  const reading: Reading = {
    tokens,
    rules: rules.filter((rule) => rule.items.every((item) => item.kind === 'slot' || words.has(lowerFirst(item.text)))),
    space: makeValueSpace(atoms),
    known: new Map(),
  };
  return unite(MOODS.main.map((mood) => deriveMood(0, tokens.length, 4, mood, reading)));
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function unite(lists: readonly (readonly Values[])[]): Values[] {
  return [...new Set(lists.flat())];
}

/** The meanings of the tokens from start to end, up to a level, in a mood. */
function deriveMood(start: number, end: number, level: number, mood: Mood, reading: Reading): readonly Values[] {
  const key = `${start} ${end} ${level} ${mood}`;
  let meanings = reading.known.get(key);
  if (meanings === undefined) reading.known.set(key, (meanings = computeMeanings(start, end, level, mood, reading)));
  return meanings;
}

function computeMeanings(start: number, end: number, level: number, mood: Mood, reading: Reading): Values[] {
  if (end - start === 1) {
    const token = reading.tokens[start]!;
    return token.kind === 'clause' ? readClause(token.clause, mood, reading.space) : [];
  }
  const main = mood === 'indicative' || mood === 'command';
  const fitting = reading.rules.filter((rule) => rule.level <= level && (main || rule.inherits));
  return unite(fitting.map((rule) => applyRule(rule, start, end, mood, reading)));
}

function readClause({ atom, negation, moods }: KnownClause, mood: Mood, { atoms, all }: ValueSpace): Values[] {
  if (!moods.includes(mood)) return [];
  if (atom < 0) return [0n];
  return [negation === '' ? atoms[atom]! : all ^ atoms[atom]!];
}

function applyRule(rule: Rule, start: number, end: number, mood: Mood, reading: Reading): Values[] {
  const results: Values[] = [];
  const parts = new Map<string, Values>();
  const visit = (place: number, at: number): void => {
    const item = rule.items[place];
    if (item === undefined) {
      if (at === end) results.push(computeValues(rule.formula, parts, reading.space.all));
      return;
    }
    if (item.kind === 'words') {
      const token = reading.tokens[at];
      if (at < end && token?.kind === 'words' && token.text === lowerFirst(item.text)) visit(place + 1, at + 1);
      return;
    }
    const left = rule.items.length - 1 - place;
    for (let stop = left === 0 ? end : at + 1; stop <= end - left; stop++) {
      for (const value of readSlot(item, at, stop, mood, reading)) {
        parts.set(item.letter, value);
        visit(place + 1, stop);
      }
    }
  };
  visit(0, start);
  return results;
}

function readSlot(slot: Slot, start: number, end: number, mood: Mood, reading: Reading): readonly Values[] {
  if (end <= start) return [];
  const moods = slot.form === '=' || (slot.form === 'main' && mood === 'command') ? [mood] : MOODS[slot.form];
  const token = end - start === 1 ? reading.tokens[start]! : undefined;
  if (token?.kind === 'clause') return moods.flatMap((each) => readMarked(slot, token.clause, each, reading.space));
  if (slot.polarity === 'negated' || slot.polarity === 'also') return [];
  return unite(moods.map((each) => deriveMood(start, end, slot.readable, each, reading)));
}

/** A clause in a place that asks for a negation, or for none, or for less than a clause. */
function readMarked(slot: Slot, clause: KnownClause, mood: Mood, space: ValueSpace): Values[] {
  const { negation } = clause;
  if (slot.lowest > 0) return [];
  if (slot.polarity === 'affirmed' && negation !== '') return [];
  if (slot.polarity === 'also' && negation !== 'tampoco') return [];
  if (slot.polarity === 'negated') return negation === '' ? [] : readClause({ ...clause, negation: '' }, mood, space);
  if (slot.polarity === 'also') return readClause({ ...clause, negation: '' }, mood, space);
  return readClause(clause, mood, space);
}
