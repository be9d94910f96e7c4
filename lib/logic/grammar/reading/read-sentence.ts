import type { Slot } from '../constructions/rules.js';
import { compiledRules, numberWord } from './compiled-rules.js';
import type { CompiledRule } from './compiled-rules.js';
import { tokenizeSentence } from './tokenize-sentence.js';
import type { KnownClause, Mood, Token } from './tokenize-sentence.js';
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
  ger: ['gerund'],
  part: ['participle'],
  noun: ['noun', 'np'],
  np: ['np'],
  vp: ['vp'],
  tail: ['tail'],
};

const MOOD_NUMBERS: Readonly<Record<Mood, number>> = {
  indicative: 0,
  command: 1,
  subjunctive: 2,
  infinitive: 3,
  np: 4,
  vp: 5,
  tail: 6,
  gerund: 7,
  participle: 8,
  noun: 9,
};

/** Added to a level where only conditions may stand that begin with their own words. */
const FRONTED = 8;

/** One sentence that is being read. */
interface Reading {
  /** Clauses, or the numbers of words. */
  tokens: readonly (KnownClause | number)[];
  /** Constructions whose words all occur in it. */
  rules: readonly CompiledRule[];
  space: ValueSpace;
  known: Map<number, readonly Values[]>;
}

const NOTHING: readonly Values[] = [];

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
  const numbered = tokens.map((token) => (token.kind === 'words' ? numberWord(token.text) : token.clause));
  const words = new Set(numbered);
  const reading: Reading = {
    tokens: numbered,
    rules: compiledRules.filter(
      (rule) => rule.items.length <= tokens.length && rule.words.every((word) => words.has(word)),
    ),
    space: makeValueSpace(atoms),
    known: new Map(),
  };
  return unite(MOODS.main.map((mood) => deriveMood(0, tokens.length, 7, mood, reading)));
}

function unite(lists: readonly (readonly Values[])[]): readonly Values[] {
  const full = lists.filter((list) => list.length > 0);
  return full.length < 2 ? (full[0] ?? NOTHING) : [...new Set(full.flat())];
}

/** The meanings of the tokens from start to end, up to a level, in a mood. */
function deriveMood(start: number, end: number, level: number, mood: Mood, reading: Reading): readonly Values[] {
  const key = ((start * 256 + end) * 16 + level) * 16 + MOOD_NUMBERS[mood];
  let meanings = reading.known.get(key);
  if (meanings === undefined) reading.known.set(key, (meanings = computeMeanings(start, end, level, mood, reading)));
  return meanings;
}

function computeMeanings(start: number, end: number, level: number, mood: Mood, reading: Reading): readonly Values[] {
  const { tokens, rules, space } = reading;
  const [first, last] = [tokens[start]!, tokens[end - 1]!];
  if (end - start === 1) return typeof first === 'number' ? NOTHING : readClause(first, mood, space);
  const found = new Set<Values>();
  for (const compiled of rules) {
    const { rule, items } = compiled;
    if (items.length > end - start || rule.level > level % FRONTED || (level > FRONTED && !rule.fronted)) continue;
    if (compiled.first >= 0 ? compiled.first !== first : !canBegin(first, compiled)) continue;
    if (compiled.last >= 0 && compiled.last !== last) continue;
    if (rule.inherits || isWhole(rule.level, mood)) applyRule(compiled, start, end, mood, reading, found);
  }
  return found.size === 0 ? NOTHING : [...found];
}

/** Conditions and exceptions stand in main clauses and behind «no es cierto que». */
function isWhole(level: number, mood: Mood): boolean {
  return mood === 'indicative' || mood === 'command' || (mood === 'subjunctive' && level >= 3 && level <= 5);
}

/** Constructions for two subjects begin with one. */
function canBegin(token: KnownClause | number, { items }: CompiledRule): boolean {
  if ((items[0] as Slot).form !== 'np') return true;
  return typeof token !== 'number' && token.moods.includes('np');
}

function readClause({ atom, negation, moods }: KnownClause, mood: Mood, { atoms, all }: ValueSpace): readonly Values[] {
  if (!moods.includes(mood)) return NOTHING;
  if (atom < 0) return [0n];
  return [negation === '' ? atoms[atom]! : all ^ atoms[atom]!];
}

function applyRule(
  { rule, items }: CompiledRule,
  start: number,
  end: number,
  mood: Mood,
  reading: Reading,
  found: Set<Values>,
): void {
  const parts = new Map<string, Values>();
  const visit = (place: number, at: number): void => {
    if (place === items.length) {
      found.add(computeValues(rule.formula, parts, reading.space.all));
      return;
    }
    const item = items[place]!;
    const left = items.length - 1 - place;
    if (typeof item === 'number') {
      if (reading.tokens[at] === item && (left > 0 || at + 1 === end)) visit(place + 1, at + 1);
      return;
    }
    const next = items[place + 1];
    for (let stop = left === 0 ? end : at + 1; stop <= end - left; stop++) {
      if (typeof next === 'number' && reading.tokens[stop] !== next) continue;
      for (const value of readSlot(item, at, stop, mood, reading)) {
        parts.set(item.letter, value);
        visit(place + 1, stop);
      }
    }
  };
  visit(0, start);
}

function readSlot(slot: Slot, start: number, end: number, mood: Mood, reading: Reading): readonly Values[] {
  const follows = slot.form === '=' || (slot.form === 'main' && (mood === 'command' || mood === 'subjunctive'));
  const moods = follows ? [mood] : MOODS[slot.form as Exclude<Slot['form'], '='>];
  const token = reading.tokens[start]!;
  if (end - start === 1) {
    if (typeof token === 'number') return NOTHING;
    return unite(moods.map((each) => readMarked(slot, token, each, reading.space)));
  }
  if (slot.polarity === 'negated' || slot.polarity === 'also') return NOTHING;
  return unite(
    moods.map((each) => deriveMood(start, end, slot.readable + (slot.fronted ? FRONTED : 0), each, reading)),
  );
}

/** A clause in a place that asks for a negation, or for none, or for less than a clause. */
function readMarked(slot: Slot, clause: KnownClause, mood: Mood, space: ValueSpace): readonly Values[] {
  const { negation } = clause;
  const { polarity } = slot;
  if (slot.lowest > 0) return NOTHING;
  if (polarity === 'affirmed' && negation !== '') return NOTHING;
  if (polarity === 'also' && negation !== 'tampoco') return NOTHING;
  if (polarity === 'negated' && negation === '') return NOTHING;
  const plain = polarity === 'negated' || polarity === 'also' ? ({ ...clause, negation: '' } as const) : clause;
  return readClause(plain, mood, space);
}
