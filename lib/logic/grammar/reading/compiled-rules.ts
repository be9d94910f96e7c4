import { rules } from '../constructions/rules.js';
import type { Rule, Slot } from '../constructions/rules.js';

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
 * The number of words of a construction.
 *
 * @param words - lower-case
 * @returns the same number for the same words
 */
export function numberWords(words: string): number {
  let number = numbers.get(words);
  if (number === undefined) numbers.set(words, (number = numbers.size));
  return number;
}

/** All constructions. */
export const compiledRules: readonly CompiledRule[] = rules.map(compileRule);

function compileRule(rule: Rule): CompiledRule {
  const items = rule.items.map((item) => (item.kind === 'slot' ? item : numberWords(lowerFirst(item.text))));
  const name = (item: number | Slot): number => (typeof item === 'number' ? item : -1);
  const words = items.filter((item) => typeof item === 'number');
  return { rule, items, first: name(items[0]!), last: name(items.at(-1)!), words };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
