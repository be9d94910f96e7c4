/**
 * Calls in writing: `(float32[2,3], strided int64[2]{4, 99} grad, [1, 2n], "x", undefined) then aten::zero_`, or
 * `([4], "int64") then aten::take(float32[4], $)`, where $ is the result of the first.
 * Numbers in braces repeat over a tensor's elements, 0x… are its raw bytes, and without either all are 0.
 */
import type { DTypeName } from '../../lib/native/index.js';
import { dtypes } from '../../lib/tensor/dtype.js';
import { decode, encode } from './elements.js';
import { forms, literal, tensorOf } from './terms.js';
import type { Form, TensorTerm, Term } from './terms.js';

/** The arguments of a call, and what is done with its results: operators called on each, `gradients`, or a call. */
export interface WrittenCall {
  args: Term[];
  then: string[];
  next?: { name: string; args: Term[] };
}

/** Writes a call without the operator's name. */
export function writeCall({ args, then, next }: WrittenCall): string {
  const follows = then.length > 0 ? ` then ${then.join(', ')}` : '';
  return `(${args.map(writeTerm).join(', ')})${follows}${next ? ` then ${next.name}${writeCall({ args: next.args, then: [] })}` : ''}`;
}

/** Writes a term down. */
export function writeTerm(term: Term): string {
  if (term.kind === 'result') return '$';
  if (term.kind === 'list') return `[${term.items.map(writeTerm).join(', ')}]`;
  return term.kind === 'tensor' ? writeTensor(term) : spell(term.value);
}

function writeTensor({ form, dtype, shape, data, requiresGrad }: TensorTerm): string {
  const words = [form === 'plain' ? '' : form, `${dtype}[${shape.join(',')}]${writeElements(data, dtype)}`];
  return [...words, requiresGrad ? 'grad' : ''].filter((word) => word !== '').join(' ');
}

function writeElements(data: Uint8Array, dtype: DTypeName): string {
  const numbers = decode(data, dtype);
  if (!Buffer.from(encode(numbers, dtype)).equals(data)) return `{0x${Buffer.from(data).toString('hex')}}`;
  if (numbers.every((number) => Object.is(number, 0))) return '';
  const same = numbers.every((number) => Object.is(number, numbers[0]));
  return `{${(same ? numbers.slice(0, 1) : numbers).map(spell).join(', ')}}`;
}

/** A plain value in brief; elements of arrays that are computed are not read. */
export function spell(value: unknown): string {
  if (Array.isArray(value))
    return `[${Object.values(Object.getOwnPropertyDescriptors(value))
      .slice(0, -1)
      .map((item) => spell('value' in item ? item.value : 'computed'))
      .join(', ')}]`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}

/** Reads what {@link writeCall} wrote. @throws Error at what is not in the notation */
export function readCall(text: string): WrittenCall {
  const reader = new Reader(text);
  const args = reader.terms('(', ')');
  const name = reader.take(/ then ([\w:.]+)(?=\()/y)?.[1];
  const next = name === undefined ? {} : { next: { name, args: reader.terms('(', ')') } };
  const then = reader.take(/ then (.*)$/y)?.[1]?.split(', ') ?? [];
  reader.end();
  return { args, then, ...next };
}

const words: Record<string, unknown> = { undefined, null: null, true: true, false: false, NaN };
const tensorPattern = new RegExp(`(?:(${Object.keys(forms).join('|')}) )?(${dtypes.join('|')})\\[([\\d,]*)\\]`, 'y');

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  end(): void {
    if (this.#at < this.#text.length) throw new Error(`not a call: ${this.#text.slice(this.#at)}`);
  }

  #skip(symbol: string): boolean {
    const found = this.#text.startsWith(symbol, this.#at);
    if (found) this.#at += symbol.length;
    return found;
  }

  terms(open: string, close: string): Term[] {
    const found: Term[] = [];
    if (!this.#skip(open)) this.end();
    while (!this.#skip(close)) {
      found.push(this.#term());
      if (!this.#skip(', ') && this.#text[this.#at] !== close) this.end();
    }
    return found;
  }

  #term(): Term {
    if (this.#text[this.#at] === '[') return { kind: 'list', items: this.terms('[', ']') };
    if (this.#skip('$')) return { kind: 'result' };
    const tensor = this.take(tensorPattern);
    return tensor ? this.#tensor(tensor) : literal(this.#value());
  }

  #value(): unknown {
    const string = this.take(/"(?:[^"\\]|\\.)*"/y)?.[0];
    if (string !== undefined) return JSON.parse(string);
    const big = this.take(/(-?\d+)n/y)?.[1];
    if (big !== undefined) return BigInt(big);
    const word = this.take(/undefined|null|true|false|NaN/y)?.[0];
    if (word !== undefined) return words[word];
    return Number(this.take(/-?(?:Infinity|\d[\d.]*(?:e[+-]?\d+)?)/y)?.[0] ?? this.end());
  }

  #tensor([, form = 'plain', dtype, sizes = '']: RegExpExecArray): TensorTerm {
    const shape = sizes === '' ? [] : sizes.split(',').map(Number);
    const plain = { ...this.#elements(dtype as DTypeName, shape), form: form as Form };
    return { ...plain, requiresGrad: this.#skip(' grad') };
  }

  #elements(dtype: DTypeName, shape: number[]): TensorTerm {
    const raw = this.take(/\{0x([\da-f]*)\}/y)?.[1];
    if (raw !== undefined) return { ...tensorOf(dtype, shape), data: Uint8Array.from(Buffer.from(raw, 'hex')) };
    const numbers = this.take(/\{([^}]*)\}/y)?.[1]
      ?.split(', ')
      .map(Number);
    return tensorOf(dtype, shape, numbers);
  }
}
