import type { ByteReader, Refuse } from './byte-reader.js';

/** A value of Thrift's compact protocol. */
type Value = boolean | number | Buffer | readonly Value[] | Struct;

const DEEPEST = 16;

/** A struct: its fields by number, checked as they are asked for. */
export class Struct {
  readonly #fields = new Map<number, Value>();
  readonly #refuse: Refuse;

  constructor(refuse: Refuse) {
    this.#refuse = refuse;
  }

  set(field: number, value: Value): void {
    this.#fields.set(field, value);
  }

  has(field: number): boolean {
    return this.#fields.has(field);
  }

  /** An integer of at least 0; the default where the field is missing. */
  count(field: number, otherwise?: number): number {
    const value = this.#fields.get(field) ?? otherwise;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    return this.#wrong(field, 'an integer of at least 0');
  }

  flag(field: number, otherwise: boolean): boolean {
    const value = this.#fields.get(field) ?? otherwise;
    return typeof value === 'boolean' ? value : this.#wrong(field, 'true or false');
  }

  /** An integer of 32 bits as it is stored, or undefined. */
  optionalInteger(field: number): number | undefined {
    const value = this.#fields.get(field);
    return value === undefined || typeof value === 'number' ? value : this.#wrong(field, 'an integer');
  }

  text(field: number): string {
    const value = this.#fields.get(field);
    return Buffer.isBuffer(value) ? value.toString('utf8') : this.#wrong(field, 'a text');
  }

  struct(field: number): Struct {
    const value = this.#fields.get(field);
    return value instanceof Struct ? value : this.#wrong(field, 'a struct');
  }

  structs(field: number): Struct[] {
    return this.#list(field).map((value) => (value instanceof Struct ? value : this.#wrong(field, 'structs')));
  }

  texts(field: number): string[] {
    return this.#list(field).map((value) =>
      Buffer.isBuffer(value) ? value.toString('utf8') : this.#wrong(field, 'texts'),
    );
  }

  #list(field: number): readonly Value[] {
    const value = this.#fields.get(field);
    return Array.isArray(value) ? (value as readonly Value[]) : this.#wrong(field, 'a list');
  }

  #wrong(field: number, expected: string): never {
    return this.#refuse(`no ${expected.replace(/^an? /, '')} in field ${field} of the metadata`);
  }
}

/**
 * Reads a struct of Thrift's compact protocol. Lists are no longer than the bytes that are left, and depth is limited,
 * so that memory stays in proportion to the input.
 *
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function readStruct(reader: ByteReader, depth = 0): Struct {
  if (depth > DEEPEST) reader.refuse('metadata nested too deep');
  const struct = new Struct(reader.refuse);
  for (let field = 0; ;) {
    const byte = reader.uint8();
    if (byte === 0) return struct;
    field = byte >> 4 === 0 ? reader.zigzag() : field + (byte >> 4);
    struct.set(field, readValue(reader, byte & 15, depth));
  }
}

function readValue(reader: ByteReader, type: number, depth: number): Value {
  switch (type) {
    case 1:
    case 2:
      return type === 1;
    case 3:
      return reader.uint8();
    case 4:
    case 5:
    case 6:
      return reader.zigzag();
    case 7:
      return reader.take(8).readDoubleLE(0);
    case 8:
      return reader.take(reader.varint());
    case 9:
    case 10:
      return readList(reader, depth);
    case 12:
      return readStruct(reader, depth + 1);
    default:
      return reader.refuse(`type ${type} in the metadata`);
  }
}

function readList(reader: ByteReader, depth: number): Value[] {
  if (depth > DEEPEST) reader.refuse('metadata nested too deep');
  const head = reader.uint8();
  const count = head >> 4 === 15 ? reader.varint() : head >> 4;
  if (count > reader.left) reader.refuse(`a list of ${count} in ${reader.left} bytes`);
  const type = head & 15;
  // Elements of lists spend a byte on true or false; elsewhere the type says it.
  const read = type <= 2 ? () => reader.uint8() === 1 : () => readValue(reader, type, depth + 1);
  return Array.from({ length: count }, read);
}
