/** Some of the words of a sorted list: those that begin alike. */
interface WordRange {
  readonly words: readonly string[];
  readonly from: number;
  readonly to: number;
}

/** What may follow behind some bytes of a word. */
export interface WordPlace {
  /** The words that begin so, of each list. */
  readonly ranges: readonly WordRange[];
  /** Bytes of the word. */
  readonly depth: number;
  /** True where they are a word. */
  readonly whole: boolean;
  /** The places behind each next byte; worked out where they are needed. */
  next?: ReadonlyMap<number, WordPlace>;
  /** `[V]`: 1 for each token that may follow; worked out where it is needed. */
  allowed?: Uint8Array;
}

const encoder = new TextEncoder();

/**
 * Sorts words by their bytes.
 *
 * @param words - any, in any order
 * @returns each once, a character for each byte of UTF-8
 */
export function sortWords(words: Iterable<string>): string[] {
  return Array.from(new Set(words), (word) => String.fromCharCode(...encoder.encode(word))).sort();
}

/**
 * The place before a word.
 *
 * @param lists - of {@link sortWords}: a word may be of any of them
 * @returns where any word may begin, or a mark come
 */
export function startWords(lists: readonly (readonly string[])[]): WordPlace {
  return { ranges: lists.map((words) => ({ words, from: 0, to: words.length })), depth: 0, whole: true };
}

/**
 * The place behind one more byte of a word.
 *
 * @param place - before it
 * @param byte - of a letter or a digit, or of a character beyond ASCII
 * @returns undefined where no word goes on so
 */
export function followWord(place: WordPlace, byte: number): WordPlace | undefined {
  place.next ??= listNextPlaces(place);
  return place.next.get(byte);
}

function listNextPlaces({ ranges, depth }: WordPlace): Map<number, WordPlace> {
  const found = new Map<number, WordRange[]>();
  for (const { words, from, to } of ranges) {
    for (let at = from; at < to;) {
      const byte = words[at]!.charCodeAt(depth);
      const start = at++;
      if (Number.isNaN(byte)) continue; // The word ends here.
      while (at < to && words[at]!.charCodeAt(depth) === byte) at++;
      const range = { words, from: start, to: at };
      const alike = found.get(byte);
      if (alike === undefined) found.set(byte, [range]);
      else alike.push(range);
    }
  }
  return new Map(Array.from(found, ([byte, next]) => [byte, createPlace(next, depth + 1)]));
}

/** The first of words that begin alike is the shortest. */
function createPlace(ranges: readonly WordRange[], depth: number): WordPlace {
  return { ranges, depth, whole: ranges.some(({ words, from }) => words[from]!.length === depth) };
}
