import { show } from '../../core/index.js';

/** Reports what is wrong with a header; it never returns. */
export type Refuse = (expected: string, received: string) => never;

const WHITESPACE = new Set([' ', '\t', '\n', '\r']);
const DIGITS = /\d{1,17}/y;
const SCALAR = /null|true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const DEEPEST = 100;
const LONG_TEXT = 20;

/**
 * Reads the JSON of a header piece by piece. Unlike `JSON.parse` it sees repeated keys, takes only
 * non-negative integers where integers belong and limits depth.
 */
export class HeaderScanner {
  readonly #text: string;
  readonly #refuse: Refuse;
  #at = 0;

  constructor(text: string, refuse: Refuse) {
    this.#text = text;
    this.#refuse = refuse;
  }

  /** An object; `member` reads the value of each key. No key may come twice. */
  readObject(member: (key: string) => void): void {
    const seen = new Set<string>();
    this.#list('{', '}', () => {
      const key = this.readString();
      if (seen.has(key)) this.#refuse('every name once', `${show(key)} twice`);
      seen.add(key);
      this.#take(':');
      member(key);
    });
  }

  /** A list of integers from 0 to 2^53 − 1. */
  readIntegers(): number[] {
    const values: number[] = [];
    this.#list('[', ']', () => values.push(this.#integer()));
    return values;
  }

  /** A text without lone surrogates. */
  readString(): string {
    this.#skip();
    const start = this.#at;
    if (this.#text[start] !== '"') this.#unexpected('a text in quotes');
    const end = this.#closingQuote(start + 1);
    this.#at = end + 1;
    const value = this.#parseString(this.#text.slice(start, end + 1));
    if (/\p{Surrogate}/u.test(value)) this.#refuse('well-formed Unicode in the header', show(value));
    return value;
  }

  /** Takes `null` where it stands here. */
  readNull(): boolean {
    this.#skip();
    const found = this.#text.startsWith('null', this.#at);
    if (found) this.#at += 4;
    return found;
  }

  /** Passes any value; its members are not looked at. */
  skipValue(depth = 0): void {
    if (depth > DEEPEST) this.#refuse(`values nested at most ${DEEPEST} deep`, 'a deeper one');
    const first = this.#peek();
    if (first === '{') this.readObject(() => this.skipValue(depth + 1));
    else if (first === '[') this.#list('[', ']', () => this.skipValue(depth + 1));
    else if (first === '"') this.readString();
    else {
      SCALAR.lastIndex = this.#at;
      this.#at += (SCALAR.exec(this.#text)?.[0] ?? this.#unexpected('a value')).length;
    }
  }

  /** Requires that nothing but spaces is left. */
  expectEnd(): void {
    this.#skip();
    if (this.#at < this.#text.length) this.#unexpected('the end of the header');
  }

  #list(open: string, close: string, item: () => void): void {
    this.#take(open);
    if (this.#peek() === close) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      const next = this.#peek();
      if (next !== ',' && next !== close) this.#unexpected(`, or ${close}`);
      this.#at++;
      if (next === close) return;
    }
  }

  #integer(): number {
    this.#skip();
    DIGITS.lastIndex = this.#at;
    const digits = DIGITS.exec(this.#text)?.[0] ?? this.#unexpected('an integer of at least 0');
    const value = Number(digits);
    const canonical = digits === String(value) && Number.isSafeInteger(value);
    if (!canonical) this.#unexpected('an integer below 2^53 without leading zeros');
    this.#at += digits.length;
    return value;
  }

  #closingQuote(from: number): number {
    let end = from;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    return end < this.#text.length ? end : this.#unexpected('a text with a closing quote');
  }

  #parseString(source: string): string {
    try {
      return JSON.parse(source) as string;
    } catch {
      return this.#refuse('valid escapes in the texts of the header', show(source));
    }
  }

  #take(character: string): void {
    if (this.#peek() !== character) this.#unexpected(character);
    this.#at++;
  }

  #peek(): string | undefined {
    this.#skip();
    return this.#text[this.#at];
  }

  #skip(): void {
    while (WHITESPACE.has(this.#text[this.#at] ?? '')) this.#at++;
  }

  #unexpected(expected: string): never {
    const rest = this.#text.slice(this.#at, this.#at + LONG_TEXT);
    return this.#refuse(
      `${expected} at character ${this.#at} of the header`,
      rest === '' ? 'the end of the header' : show(rest),
    );
  }
}
