import { listVerbForms } from '../../../logic/index.js';
import { openTokenTree } from './token-tree.js';
import type { TokenBytes, TokenNode } from './token-tree.js';
import { followWord, sortWords, startWords } from './word-places.js';
import type { WordPlace } from './word-places.js';

/** Words that clauses may have besides those of the sentence: articles, pronouns, auxiliary verbs and the like. */
export const commonWords = (
  'a al algo alguien alguna algunas alguno algunos algún ante aquel aquella aquellas aquellos cada como con contra cuando ' +
  'de debe deben debes del desde donde dos e el él ella ellas ellos en entre era eran es esa esas ese esos esta estas este ' +
  'esto estos está están estás estoy fue fueron ha habían había han has hasta hay he la las le les lo los más me menos mi ' +
  'mía mío mis misma mismas mismo mismos muy nada nadie ninguna ningún no nos nosotras nosotros nunca o os otra otras otro ' +
  'otros para por puede pueden puedes puedo que quien se sea ser si sin sobre son soy su sus suya suyas suyo suyos también ' +
  'te tengo tiene tienen tienes ti tu tus tuya tuyo tú u un una unas uno unos usted ustedes y ya yo'
).split(' ');

/** The words of which clauses are made: of the sentence, or any. */
export const glossWordsKinds = ['sentence', 'any'] as const;

/** A kind of {@link glossWordsKinds}. */
export type GlossWordsKind = (typeof glossWordsKinds)[number];

/** Words whose other forms are kept for sentences to come, at most. */
const KEPT = 4096;
/** By a word as it is written: it and its other forms, the last ones that were needed. */
const families = new Map<string, readonly string[]>();
let common: readonly string[] | undefined;

/**
 * The words of which the clauses of a sentence are made: its own, the other forms of its verbs, and the most common ones. A
 * model that copies letter by letter can't lose its way in them.
 */
export class GlossWords {
  /** Before a word. */
  readonly root: WordPlace;

  /**
   * Reads a sentence.
   *
   * @param sentence - in NFC
   * @param bytes - of the vocabulary
   */
  constructor(
    sentence: string,
    private readonly bytes: TokenBytes,
  ) {
    common ??= sortWords(commonWords);
    const written = new Set(sentence.match(/[^\s!-/:-@[-`{-~]+|[\p{L}\p{N}]+/gu) ?? []);
    this.root = startWords([common, ...Array.from(written, openFamily)]);
  }

  /**
   * The tokens that may follow, of those that are allowed.
   *
   * @param place - what stands before
   * @param mask - `[V]`: 1 for each token that is allowed
   * @returns `[V]`; the mask itself where none of them is left
   */
  restrict(place: WordPlace, mask: Uint8Array): Uint8Array {
    const allowed = (place.allowed ??= this.mark(place));
    const both = new Uint8Array(mask.length);
    let some = 0;
    for (let id = 0; id < both.length; id++) some |= both[id] = mask[id]! & allowed[id]!;
    return some > 0 ? both : mask;
  }

  /**
   * What stands behind a token.
   *
   * @param place - what stands before
   * @param bytes - of the token; undefined for a mark, behind which words begin anew
   * @returns undefined where it makes no word
   */
  step(place: WordPlace, bytes: Uint8Array | undefined): WordPlace | undefined {
    if (bytes === undefined) return place.whole ? this.root : undefined;
    let at: WordPlace | undefined = place;
    for (let i = 0; at !== undefined && i < bytes.length; i++) at = this.follow(at, bytes[i]!);
    return at;
  }

  private follow(place: WordPlace, byte: number): WordPlace | undefined {
    if (SEPARATES[byte] === 0) return followWord(place, byte);
    return place.whole ? this.root : undefined;
  }

  /** `[V]`: 1 for each token of which {@link step} knows what stands behind it. */
  private mark(place: WordPlace): Uint8Array {
    const { root, marks } = openTokenTree(this.bytes);
    const allowed = new Uint8Array(this.bytes.length);
    if (place.whole) for (const id of marks) allowed[id] = 1;
    this.markFrom(root, place, allowed);
    return allowed;
  }

  private markFrom(tokens: TokenNode, place: WordPlace, allowed: Uint8Array): void {
    for (const id of tokens.ids) allowed[id] = 1;
    for (const [byte, longer] of tokens.next) {
      const next = this.follow(place, byte);
      if (next !== undefined) this.markFrom(longer, next, allowed);
    }
  }
}

/** By byte: 1 for spaces and marks of ASCII, also the one between two clauses. */
const SEPARATES = Uint8Array.from({ length: 256 }, (_, byte) => {
  return Number(byte < 0x80 && !/[0-9A-Za-z]/.test(String.fromCharCode(byte)));
});

/** A word of a sentence, sorted with its other forms: in its case and without capital, with accents, and of its verb. */
function openFamily(written: string): readonly string[] {
  let family = families.get(written);
  families.delete(written);
  const lower = written.toLowerCase();
  family ??= sortWords([written, lower, ...listAccented(lower), ...listVerbForms(lower)]);
  families.set(written, family);
  for (const oldest of families.keys()) {
    if (families.size <= KEPT) break;
    families.delete(oldest);
  }
  return family;
}

/** A word that has no accent with one on each of its vowels: the sentence may lack it. */
function listAccented(word: string): string[] {
  if (word.length < 3 || /[áéíóú]/.test(word)) return [];
  return Array.from(word.matchAll(/[aeiou]/g), ({ 0: vowel, index }) => {
    return word.slice(0, index) + `${vowel}\u0301`.normalize('NFC') + word.slice(index + 1);
  });
}
