import { readGloss } from '../../metrics/glosses.js';

/**
 * The order in which a sentence mentions the clauses of glosses. A clause stands where the first word stands that no other
 * gloss has.
 *
 * @param input - the sentence
 * @param glosses - one an atom
 * @returns the places of the glosses in the order of mention; undefined where a gloss has no word of its own there, or two
 *   begin with the same word
 */
export function findOrderOfMention(input: string, glosses: readonly string[]): number[] | undefined {
  const words = input.match(/[\p{L}\p{N}]+/gu) ?? [];
  const places = new Map<string, number>();
  words.forEach((word, place) => {
    for (const stem of readGloss(word).stems) if (!places.has(stem)) places.set(stem, place);
  });
  const stems = glosses.map((gloss) => new Set(readGloss(gloss).stems));
  const starts = stems.map((own, index) => {
    const others = stems.filter((_, other) => other !== index);
    const mentioned = [...own].filter((stem) => !others.some((other) => other.has(stem)) && places.has(stem));
    return Math.min(...mentioned.map((stem) => places.get(stem)!));
  });
  if (starts.some((start) => start === Infinity) || new Set(starts).size < starts.length) return undefined;
  return [...starts.keys()].sort((a, b) => starts[a]! - starts[b]!);
}
