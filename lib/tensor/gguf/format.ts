import { show } from '../../core/index.js';
import type { ByteSource } from '../stored-file.js';
import { GgufScanner } from './scanner.js';
import { formatTensorType, tensorTypes } from './tensor-types.js';
import type { GgufTensorType } from './tensor-types.js';
import { GgufMetadata, readValue } from './values.js';
import type { GgufValue } from './values.js';

const MAGIC = 0x46554747;
const VERSIONS: readonly number[] = [2, 3];
const MAX_AXES = 4;
/** Of keys and names of tensors. */
const MAX_ENTRIES = 2 ** 20;
const MAX_ALIGNMENT = 2 ** 20;
const DEFAULT_ALIGNMENT = 32;
/** A key, a kind and a value of one byte; a name, axes, a type and a place. */
const [LEAST_VALUE_BYTES, LEAST_TENSOR_BYTES] = [13, 24];

/** One tensor of a file. */
export interface GgufEntry {
  name: string;
  type: GgufTensorType;
  /** Outermost axis first; the file has them the other way round. */
  shape: readonly number[];
  /** The first byte in the file. */
  begin: number;
  /** The byte after the last. */
  end: number;
}

/** The parsed start of a file. */
export interface GgufHeader {
  version: number;
  metadata: GgufMetadata;
  /** In the order of the file. */
  tensors: ReadonlyMap<string, GgufEntry>;
}

/**
 * Reads and checks the start of a GGUF file, version 2 or 3: counts, lengths and kinds fit the file, names come once, and
 * every tensor lies whole, aligned and alone in the data.
 *
 * @param source - the bytes of the file
 * @returns values by key, and tensors by name
 * @throws CheckpointError naming the place, the key or the tensor that does not fit
 */
export function parseGguf(source: ByteSource): GgufHeader {
  const scanner = new GgufScanner(source);
  const version = readVersion(scanner);
  const tensorCount = scanner.readCount('tensors', LEAST_TENSOR_BYTES, MAX_ENTRIES);
  const valueCount = scanner.readCount('keys', LEAST_VALUE_BYTES, MAX_ENTRIES);
  const metadata = new GgufMetadata(source.path, readValues(scanner, valueCount));
  const tensors = readTensors(scanner, tensorCount);
  const alignment = readAlignment(scanner, metadata);
  const dataStart = Math.ceil(scanner.position / alignment) * alignment;
  return { version, metadata, tensors: placeTensors(scanner, tensors, { alignment, dataStart, size: source.size }) };
}

function readVersion(scanner: GgufScanner): number {
  const magic = scanner.readUint32();
  if (magic !== MAGIC) scanner.refuse('a file that starts with "GGUF"', `0x${magic.toString(16)}`);
  const version = scanner.readUint32();
  const isSwapped = version !== 0 && version % 65_536 === 0;
  const received = isSwapped ? `${version / 2 ** 24}, written in big-endian order` : String(version);
  return VERSIONS.includes(version) ? version : scanner.refuse('version 2 or 3 in little-endian order', received);
}

function readValues(scanner: GgufScanner, count: number): Map<string, GgufValue> {
  const values = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    scanner.subject = `key ${i + 1} of ${count}`;
    const key = scanner.readText('a key');
    scanner.subject = `the key ${show(key)}`;
    if (values.has(key)) scanner.refuse('every key once', `${show(key)} twice`);
    values.set(key, readValue(scanner));
  }
  return values;
}

function readTensors(scanner: GgufScanner, count: number): Map<string, GgufEntry> {
  const tensors = new Map<string, GgufEntry>();
  for (let i = 0; i < count; i++) {
    scanner.subject = `tensor ${i + 1} of ${count}`;
    const name = scanner.readText('a name');
    scanner.subject = `the tensor ${show(name)}`;
    if (tensors.has(name)) scanner.refuse('every tensor once', `${show(name)} twice`);
    tensors.set(name, readTensor(scanner, name));
  }
  return tensors;
}

/** A tensor whose place is counted from the start of the data. */
function readTensor(scanner: GgufScanner, name: string): GgufEntry {
  const axes = scanner.readUint32();
  if (axes > MAX_AXES) scanner.refuse(`at most ${MAX_AXES} axes`, String(axes));
  const sizes = Array.from({ length: axes }, () => scanner.readSize('a size'));
  const id = scanner.readUint32();
  const type = tensorTypes[id] ?? scanner.refuse(`a type of ${listTypes()}`, formatTensorType(id));
  const width = sizes[0] ?? 1;
  if (width % type.elements !== 0)
    scanner.refuse(`rows of a multiple of ${type.elements} numbers for ${type.name}`, String(width));
  const bytes = countBytes(scanner, sizes, type);
  const begin = scanner.readSize('a place');
  return { name, type, shape: sizes.reverse(), begin, end: begin + bytes };
}

function countBytes(scanner: GgufScanner, sizes: readonly number[], type: GgufTensorType): number {
  let numbers = 1;
  for (const size of sizes) {
    numbers *= Math.max(size, 1);
    if (!Number.isSafeInteger(numbers)) scanner.refuse('a tensor of less than 2^53 numbers', sizes.join(' × '));
  }
  return sizes.includes(0) ? 0 : (numbers / type.elements) * type.bytes;
}

function listTypes(): string {
  return Object.values(tensorTypes)
    .map(({ name }) => name)
    .join(', ');
}

function readAlignment(scanner: GgufScanner, metadata: GgufMetadata): number {
  scanner.subject = 'the key "general.alignment"';
  const alignment = metadata.number('general.alignment') ?? DEFAULT_ALIGNMENT;
  const fits = Number.isInteger(Math.log2(alignment)) && alignment >= 8 && alignment <= MAX_ALIGNMENT;
  return fits ? alignment : scanner.refuse(`a power of two from 8 to ${MAX_ALIGNMENT}`, String(alignment));
}

/** The data of a file. */
interface DataPlace {
  alignment: number;
  dataStart: number;
  size: number;
}

function placeTensors(
  scanner: GgufScanner,
  tensors: ReadonlyMap<string, GgufEntry>,
  { alignment, dataStart, size }: DataPlace,
): ReadonlyMap<string, GgufEntry> {
  const room = size - dataStart;
  for (const entry of tensors.values()) {
    scanner.subject = `the tensor ${show(entry.name)}`;
    const { begin, end } = entry;
    if (begin % alignment !== 0) scanner.refuse(`a place at a multiple of ${alignment}`, String(begin));
    if (end > room) scanner.refuse(`bytes ${begin} to ${end} of the data`, `${Math.max(room, 0)} bytes of data`);
    Object.assign(entry, { begin: begin + dataStart, end: end + dataStart });
  }
  expectNoOverlap(scanner, [...tensors.values()]);
  return tensors;
}

function expectNoOverlap(scanner: GgufScanner, entries: GgufEntry[]): void {
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const [i, { name, begin }] of entries.entries()) {
    const before = entries[i - 1];
    if (before === undefined || before.end <= begin) continue;
    scanner.subject = `the tensor ${show(name)}`;
    scanner.refuse(`a place at or behind byte ${before.end}`, `${begin}, inside ${show(before.name)}`);
  }
}
