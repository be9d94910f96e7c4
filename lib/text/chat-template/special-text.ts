/** The range of private characters that mark hidden text. */
const [FIRST_MARK, LAST_MARK] = [0xe000, 0xf8ff];

/** Hides the names of special tokens in what people typed, while a template puts its own around it. */
export class SpecialText {
  readonly #names: readonly string[];
  readonly #mark: string;
  readonly #typed: RegExp | undefined;
  readonly #hidden: RegExp;

  /**
   * @param names - of the special tokens
   * @param texts - everything that is rendered, to find a mark that is nowhere in it
   */
  constructor(names: readonly string[], texts: unknown) {
    this.#names = [...names].sort((a, b) => b.length - a.length);
    this.#mark = findMark(JSON.stringify(texts));
    const escaped = this.#names.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'));
    this.#typed = escaped.length > 0 ? new RegExp(escaped.join('|'), 'gu') : undefined;
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
    return text.replace(this.#hidden, (_, index: string) => this.#names[Number(index)]!);
  }

  #hideText(text: string): string {
    if (this.#typed === undefined) return text;
    return text.replace(this.#typed, (name) => `${this.#mark}${this.#names.indexOf(name)}${this.#mark}`);
  }
}

function findMark(text: string): string {
  for (let code = FIRST_MARK; code < LAST_MARK; code++) {
    const mark = String.fromCharCode(code);
    if (!text.includes(mark)) return mark;
  }
  return String.fromCharCode(LAST_MARK);
}
