/**
 * The reference implementation of the native byte-pair encoding: the same vocabulary and ids, of GPT-2's pretokens
 * and bytes alone.
 */
import { byteCharacters } from './byte-alphabet.js';

const PRETOKEN =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** A vocabulary in written form: `Ġthe` for ` the`. */
export interface ReferenceVocabulary {
  tokens: string[];
  merges: [string, string][];
}

/** The pretokens of a text, each as written bytes. */
export function splitPretokens(text: string): string[][] {
  const encoder = new TextEncoder();
  return (text.match(PRETOKEN) ?? []).map((pretoken) =>
    Array.from(encoder.encode(pretoken), (byte) => byteCharacters[byte]!),
  );
}

/** Merges the most frequent pair until there are enough tokens; of equals that whose tokens came first. */
export function trainReference(text: string, vocabSize: number, minFrequency: number): ReferenceVocabulary {
  const tokens = [...byteCharacters].sort();
  const merges: [string, string][] = [];
  const words = splitPretokens(text);
  while (tokens.length < vocabSize) {
    const best = findMostFrequentPair(words, tokens);
    if (best === undefined || best.count < minFrequency) break;
    const [left, right] = best.pair;
    merges.push(best.pair);
    if (!tokens.includes(left + right)) tokens.push(left + right);
    for (const word of words) mergeIn(word, left, right);
  }
  return { tokens, merges };
}

/** The tokens of a text: in each pretoken, the pair that was learned first merges, the leftmost first, again and again. */
export function encodeReference(text: string, { merges }: ReferenceVocabulary): string[] {
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
  return splitPretokens(text).flatMap((symbols) => mergeAll(symbols, ranks));
}

function mergeAll(symbols: string[], ranks: ReadonlyMap<string, number>): string[] {
  while (true) {
    const found = symbols.slice(1).map((right, i) => ranks.get(`${symbols[i]} ${right}`) ?? Infinity);
    const best = Math.min(...found);
    if (best === Infinity) return symbols;
    const at = found.indexOf(best);
    symbols.splice(at, 2, symbols[at]! + symbols[at + 1]!);
  }
}

function findMostFrequentPair(words: readonly string[][], tokens: readonly string[]) {
  const counts = new Map<string, { pair: [string, string]; count: number; order: number }>();
  for (const word of words) {
    for (let i = 0; i + 1 < word.length; i++) {
      const [left, right] = [word[i]!, word[i + 1]!];
      const key = `${left} ${right}`;
      const order = tokens.indexOf(left) * 2 ** 24 + tokens.indexOf(right);
      const entry = counts.get(key) ?? { pair: [left, right], count: 0, order };
      entry.count++;
      counts.set(key, entry);
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.order - b.order)[0];
}

function mergeIn(symbols: string[], left: string, right: string): void {
  for (let i = 0; i + 1 < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) symbols.splice(i, 2, left + right);
  }
}
