import { createTokenFinder } from '../tokenizers/added-tokens.js';
import type { TokenFinder } from '../tokenizers/added-tokens.js';

/** The range of private characters that mark hidden text. */
const [FIRST_MARK, LAST_MARK] = [0xe000, 0xf8ff];

/** Hides the names of special tokens in what people typed, while a template puts its own around it. */
export class SpecialText {
  readonly #names: readonly string[];
  readonly #mark: string;
  readonly #find: TokenFinder | undefined;
  readonly #hidden: RegExp;

  /**
   * @param names - of the special tokens
   * @param texts - everything that is rendered, to find a mark that is nowhere in it
   */
  constructor(names: readonly string[], texts: unknown) {
    this.#names = names;
    this.#mark = findMark(JSON.stringify(texts));
    this.#find = createTokenFinder(Object.fromEntries(names.map((name, index) => [name, index])));
    this.#hidden = new RegExp(`${this.#mark}(\\d+)${this.#mark}`, 'gu');
  }

  /** The same data with every name in its strings hidden. */
  hide<T>(value: T): T {
    if (typeof value === 'string') return this.#hideText(value) as T;
    if (Array.isArray(value)) return value.map((one: unknown) => this.hide(one)) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.hide(one as unknown)])) as T;
  }

  /** The text with every hidden name as it was. */
  restore(text: string): string {
    return text.replace(this.#hidden, (all, index: string) => this.#names[Number(index)] ?? all);
  }

  #hideText(text: string): string {
    const parts = this.#find?.(text) ?? [text];
    return parts.map((part) => (typeof part === 'number' ? `${this.#mark}${part}${this.#mark}` : part)).join('');
  }
}

function findMark(text: string): string {
  for (let code = FIRST_MARK; code < LAST_MARK; code++) {
    const mark = String.fromCharCode(code);
    if (!text.includes(mark)) return mark;
  }
  return String.fromCharCode(LAST_MARK);
}
