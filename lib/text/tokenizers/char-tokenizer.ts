import { Turns, checkOptions, raise, show } from '../../core/index.js';
import { getPartText, iterateParts } from './text-parts.js';
import { expectTokenId, expectWellFormed } from './tokenizer.js';
import type { OptionChecks } from '../../core/index.js';
import type { TextSource, Tokenizer, TokenizerJSON } from './tokenizer.js';

const REPLACEMENT = '\uFFFD';

/** Options of {@link CharTokenizer}. */
export interface CharTokenizerOptions {
  /** Adds token 0 for every character that is not in the vocabulary; it is decoded as U+FFFD. Default: false. */
  unknown?: boolean;
}

/** The keys of {@link CharTokenizerOptions}. */
export const charTokenizerKeys: OptionChecks<CharTokenizerOptions> = { unknown: true };

/**
 * One token for each Unicode character (code point) of the training text, in code point order.
 *
 * @example
 * const tokenizer = await CharTokenizer.train('hello');
 * tokenizer.decode(tokenizer.encode('hole')); // 'hole'
 */
export class CharTokenizer implements Tokenizer {
  readonly type = 'char';
  readonly wordLocal = true;
  readonly size: number;
  /** The characters in the order of their ids, without the unknown token. */
  readonly characters: readonly string[];
  /** The id of the unknown token; undefined when there is none. */
  readonly unknownId: number | undefined;
  readonly #texts: readonly string[];
  readonly #ids: Int32Array;

  /**
   * Makes a tokenizer from a known vocabulary.
   *
   * @param characters - each one code point, none twice
   * @param options - whether there is an unknown token
   * @throws ArgumentError when the vocabulary is empty, has a character twice or an entry that is no single character
   */
  constructor(characters: readonly string[], options: CharTokenizerOptions = {}) {
    checkOptions('CharTokenizer', options, charTokenizerKeys);
    this.characters = [...characters];
    this.unknownId = options.unknown === true ? 0 : undefined;
    this.#texts = this.unknownId === undefined ? this.characters : [REPLACEMENT, ...this.characters];
    this.size = this.#texts.length;
    this.#ids = createIdTable(this.characters, this.size - this.characters.length);
  }

  /**
   * Collects the characters of a text.
   *
   * @throws ArgumentError when the text is empty or has a lone surrogate
   */
  static async train(source: TextSource, options: CharTokenizerOptions = {}): Promise<CharTokenizer> {
    checkOptions('CharTokenizer.train', options, charTokenizerKeys);
    const seen = new Set<string>();
    const turns = new Turns('CharTokenizer.train');
    for await (const parts of iterateParts(source)) {
      for (const part of parts) {
        const text = getPartText(part);
        expectWellFormed('CharTokenizer.train', text);
        for (const character of text) seen.add(character);
        if (turns.over) await turns.next();
      }
    }
    return new CharTokenizer([...seen].sort(compareCodePoints), options);
  }

  encode(text: string): Uint32Array {
    expectWellFormed('CharTokenizer.encode', text);
    const ids = new Uint32Array(text.length);
    let count = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.codePointAt(i)!;
      const id = this.#ids[code] ?? -1;
      ids[count++] = id >= 0 ? id : (this.unknownId ?? throwUnknownCharacter(code, i));
      if (code > 0xffff) i++;
    }
    return count === ids.length ? ids : ids.slice(0, count);
  }

  decode(ids: Iterable<number>): string {
    let text = '';
    for (const id of ids) text += this.#texts[expectTokenId('CharTokenizer.decode', id, this.size)]!;
    return text;
  }

  tokenBytes(id: number): Uint8Array {
    return new TextEncoder().encode(this.#texts[expectTokenId('CharTokenizer.tokenBytes', id, this.size)]);
  }

  toJSON(): TokenizerJSON {
    const unknown = this.unknownId !== undefined;
    return { type: this.type, version: 1, unknown, characters: [...this.characters] };
  }
}

/** Code point → id, −1 where there is none. */
function createIdTable(characters: readonly string[], firstId: number): Int32Array {
  if (characters.length === 0) refuse('at least one character', 'none', 'Train on text that is not empty.');
  const codes = characters.map(expectCodePoint);
  const table = new Int32Array(codes.reduce((largest, code) => Math.max(largest, code), 0) + 1).fill(-1);
  codes.forEach((code, index) => {
    if (table[code] !== -1) refuse('every character once', `${show(characters[index])} twice`);
    table[code] = firstId + index;
  });
  return table;
}

function expectCodePoint(character: string): number {
  const code = typeof character === 'string' ? character.codePointAt(0) : undefined;
  const single = code !== undefined && character.length === (code > 0xffff ? 2 : 1) && (code < 0xd800 || code > 0xdfff);
  return single ? code : refuse('each entry to be one character', show(character));
}

function compareCodePoints(a: string, b: string): number {
  return a.codePointAt(0)! - b.codePointAt(0)!;
}

function throwUnknownCharacter(code: number, index: number): never {
  const character = String.fromCodePoint(code);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  raise('PAL_ARGUMENT', {
    where: 'CharTokenizer.encode',
    expected: 'characters of the vocabulary',
    received: `${show(character)} (${name}) at index ${index}`,
    fix: 'Train on text that has it, or with unknown: true.',
    details: { character, index },
  });
}

function refuse(expected: string, received: string, fix?: string): never {
  raise('PAL_ARGUMENT', { where: 'CharTokenizer', expected, received, fix });
}
