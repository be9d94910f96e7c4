import { listVerbForms } from '../../../logic/index.js';

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

/** What may follow behind some bytes of a word. */
export interface WordNode {
  readonly next: Map<number, WordNode>;
  whole: boolean;
  /** `[V]`: 1 for each token that may follow; worked out where it is needed. */
  allowed?: Uint8Array;
}

/** The bytes of a vocabulary's tokens; undefined for those that are no words. */
export type TokenBytes = readonly (Uint8Array | undefined)[];

/**
 * The words of which the clauses of a sentence are made: its own, the other forms of its verbs, and the most common ones. A
 * model that copies letter by letter can't lose its way in them.
 */
export class GlossWords {
  /** Before a word. */
  readonly root: WordNode = { next: new Map(), whole: true };
  readonly #bytes: TokenBytes;

  /**
   * Reads a sentence.
   *
   * @param sentence - in NFC
   * @param bytes - of the vocabulary
   */
  constructor(sentence: string, bytes: TokenBytes) {
    this.#bytes = bytes;
    const encoder = new TextEncoder();
    for (const word of listGlossWords(sentence)) this.add(encoder.encode(word));
  }

  /**
   * The tokens that may follow, of those that are allowed.
   *
   * @param node - what stands before
   * @param mask - `[V]`: 1 for each token that is allowed
   * @returns `[V]`; the mask itself where none of them is left
   */
  restrict(node: WordNode, mask: Uint8Array): Uint8Array {
    const allowed = (node.allowed ??= this.mark(node));
    const both = new Uint8Array(mask.length);
    let some = 0;
    for (let id = 0; id < both.length; id++) some |= both[id] = mask[id]! & allowed[id]!;
    return some > 0 ? both : mask;
  }

  private mark(node: WordNode): Uint8Array {
    const allowed = new Uint8Array(this.#bytes.length);
    for (let id = 0; id < allowed.length; id++) allowed[id] = Number(this.step(node, this.#bytes[id]) !== undefined);
    return allowed;
  }

  /**
   * What stands behind a token.
   *
   * @param node - what stands before
   * @param bytes - of the token; undefined for a mark, behind which words begin anew
   * @returns undefined where it makes no word
   */
  step(node: WordNode, bytes: Uint8Array | undefined): WordNode | undefined {
    if (bytes === undefined) return node.whole ? this.root : undefined;
    let at: WordNode | undefined = node;
    for (const byte of bytes) {
      at = SEPARATES[byte] === 0 ? at.next.get(byte) : at.whole ? this.root : undefined;
      if (at === undefined) return undefined;
    }
    return at;
  }

  private add(bytes: Uint8Array): void {
    let node = this.root;
    for (const byte of bytes) {
      let next = node.next.get(byte);
      if (next === undefined) node.next.set(byte, (next = { next: new Map(), whole: false }));
      node = next;
    }
    node.whole = true;
  }
}

/** By byte: 1 for spaces and marks of ASCII, also the one between two clauses. */
const SEPARATES = Uint8Array.from({ length: 256 }, (_, byte) => {
  return Number(byte < 0x80 && !/[0-9A-Za-z]/.test(String.fromCharCode(byte)));
});

/** The words of a sentence's clauses, in the case of the sentence and without capital. */
function listGlossWords(sentence: string): Set<string> {
  const words = new Set<string>(commonWords);
  for (const written of sentence.match(/[^\s!-/:-@[-`{-~]+|[\p{L}\p{N}]+/gu) ?? []) {
    const lower = written.toLowerCase();
    for (const word of [written, lower, ...listAccented(lower), ...listVerbForms(lower)]) words.add(word);
  }
  return words;
}

/** A word that has no accent with one on each of its vowels: the sentence may lack it. */
function listAccented(word: string): string[] {
  if (word.length < 3 || /[áéíóú]/.test(word)) return [];
  return Array.from(word.matchAll(/[aeiou]/g), ({ 0: vowel, index }) => {
    return word.slice(0, index) + `${vowel}\u0301`.normalize('NFC') + word.slice(index + 1);
  });
}
