import { raise, show } from '../../core/index.js';
import type { GgufScanner } from './scanner.js';

/** A value of a file: integers from 2^53 on are bigint. */
export type GgufValue = number | bigint | boolean | string | GgufArray;

/** A list of values of one kind. */
export type GgufArray = readonly string[] | readonly boolean[] | readonly number[] | readonly bigint[];

/** The most items of a list: more than any vocabulary has. */
const MAX_ITEMS = 2 ** 24;

/** A kind of value: the least bytes of one and how it is read. */
interface ValueType {
  bytes: number;
  read: (scanner: GgufScanner) => number | bigint | boolean | string;
}

function createNumberType(bytes: number, read: (view: DataView, at: number) => number | bigint): ValueType {
  return {
    bytes,
    read: (scanner) => {
      const value = scanner.readNumber(bytes, read);
      return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    },
  };
}

const ARRAY = 9;

/** By their numbers in the format; a list is no kind of item. */
const valueTypes: Readonly<Record<number, ValueType>> = {
  0: createNumberType(1, (view, at) => view.getUint8(at)),
  1: createNumberType(1, (view, at) => view.getInt8(at)),
  2: createNumberType(2, (view, at) => view.getUint16(at, true)),
  3: createNumberType(2, (view, at) => view.getInt16(at, true)),
  4: createNumberType(4, (view, at) => view.getUint32(at, true)),
  5: createNumberType(4, (view, at) => view.getInt32(at, true)),
  6: createNumberType(4, (view, at) => view.getFloat32(at, true)),
  7: { bytes: 1, read: readBoolean },
  8: { bytes: 8, read: (scanner) => scanner.readText('a text') },
  10: createNumberType(8, (view, at) => view.getBigUint64(at, true)),
  11: createNumberType(8, (view, at) => view.getBigInt64(at, true)),
  12: createNumberType(8, (view, at) => view.getFloat64(at, true)),
};

function readBoolean(scanner: GgufScanner): boolean {
  const byte = scanner.readNumber(1, (view, at) => view.getUint8(at));
  return byte <= 1 ? byte === 1 : scanner.refuse('true or false as 1 or 0', String(byte));
}

/**
 * Reads the kind of a value and the value.
 * @param scanner - at the kind
 * @returns the value
 * @throws CheckpointError naming the place
 */
export function readValue(scanner: GgufScanner): GgufValue {
  const id = scanner.readUint32();
  return id === ARRAY ? readArray(scanner) : expectType(scanner, id).read(scanner);
}

function readArray(scanner: GgufScanner): GgufArray {
  const { bytes, read } = expectType(scanner, scanner.readUint32());
  const count = scanner.readCount('the items of a list', bytes, MAX_ITEMS);
  return Array.from({ length: count }, () => read(scanner)) as unknown as GgufArray;
}

function expectType(scanner: GgufScanner, id: number): ValueType {
  if (id === ARRAY) return scanner.refuse('items that are no lists', 'a list in a list');
  return Object.hasOwn(valueTypes, id) ? valueTypes[id]! : scanner.refuse('a kind of value from 0 to 12', String(id));
}

/** The named values of a file, read by what they should be. */
export class GgufMetadata {
  constructor(
    readonly path: string,
    readonly values: ReadonlyMap<string, GgufValue>,
  ) {}

  /** A text, or undefined where the file has none of that name. @throws CheckpointError when the value is no text */
  text(key: string): string | undefined {
    const value = this.values.get(key);
    return value === undefined || typeof value === 'string' ? value : this.#refuse(key, 'a text', value);
  }

  /** A number, or undefined. @throws CheckpointError when the value is no finite number */
  number(key: string): number | undefined {
    const value = this.values.get(key);
    const fits = value === undefined || (typeof value === 'number' && Number.isFinite(value));
    return fits ? value : this.#refuse(key, 'a finite number', value);
  }

  /** A truth value, or undefined. @throws CheckpointError when the value is none */
  boolean(key: string): boolean | undefined {
    const value = this.values.get(key);
    return value === undefined || typeof value === 'boolean' ? value : this.#refuse(key, 'true or false', value);
  }

  /** A list of texts, or undefined. @throws CheckpointError when the value is none */
  texts(key: string): readonly string[] | undefined {
    return this.#list(key, 'texts', (item): item is string => typeof item === 'string');
  }

  /** A list of numbers, or undefined. @throws CheckpointError when the value is none */
  numbers(key: string): readonly number[] | undefined {
    return this.#list(key, 'numbers', (item): item is number => typeof item === 'number');
  }

  /** What `found` is, or an error that names the key. @throws CheckpointError where it is undefined */
  required<T>(key: string, found: T | undefined): T {
    return found ?? this.#refuse(key, 'a value', undefined);
  }

  #list<T>(key: string, what: string, isItem: (item: unknown) => item is T): readonly T[] | undefined {
    const value: unknown = this.values.get(key);
    if (value === undefined) return undefined;
    const fits = Array.isArray(value) && value.every((item: unknown) => isItem(item));
    return fits ? value : this.#refuse(key, `a list of ${what}`, value);
  }

  #refuse(key: string, expected: string, received: unknown): never {
    raise('PAL_CHECKPOINT', {
      where: this.path,
      expected: `${expected} at the key ${show(key)}`,
      received: received === undefined ? 'none' : show(received),
      details: { path: this.path, key },
    });
  }
}
