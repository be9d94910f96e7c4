import { rules } from '../constructions/rules.js';
import type { Rule, Slot } from '../constructions/rules.js';
import { unifyWord } from './tokenize-sentence.js';

/** A construction as the reader matches it: words by their numbers. */
export interface CompiledRule {
  rule: Rule;
  /** The number of its words, or a place. */
  items: readonly (number | Slot)[];
  /** The words that it begins and ends with, −1 where that is a place. */
  first: number;
  last: number;
  /** All its words. */
  words: readonly number[];
}

const numbers = new Map<string, number>();

/**
 * The number of a word of a construction.
 *
 * @param word - lower-case
 * @returns the same number for the same word
 */
export function numberWord(word: string): number {
  let number = numbers.get(word);
  if (number === undefined) numbers.set(word, (number = numbers.size));
  return number;
}

/** All constructions. */
export const compiledRules: readonly CompiledRule[] = rules.map(compileRule);

function compileRule(rule: Rule): CompiledRule {
  const items = rule.items.flatMap((item): (number | Slot)[] =>
    item.kind === 'slot' ? [item] : item.text.split(' ').map((word) => numberWord(unifyWord(word))),
  );
  const name = (item: number | Slot): number => (typeof item === 'number' ? item : -1);
  const words = items.filter((item) => typeof item === 'number');
  return { rule, items, first: name(items[0]!), last: name(items.at(-1)!), words };
}
