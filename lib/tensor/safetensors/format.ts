import { TextDecoder } from 'node:util';
import { formatBytes as formatSize, raise, show } from '../../core/index.js';
import { formatBytes, getElementBits, isFormatDType } from './format-dtype.js';
import type { FormatDType, ReadDType } from './format-dtype.js';
import { HeaderScanner } from './header-scanner.js';
import type { Refuse } from './header-scanner.js';

/** The bytes in front of the header: its length as a 64-bit little-endian integer. */
export const LENGTH_BYTES = 8;
/** The longest header that is read or written. */
export const MAX_HEADER_BYTES = 100_000_000;
/** The key of a header that is no tensor. */
export const METADATA_KEY = '__metadata__';

/** One tensor of a file: its type, shape and place. */
export interface FormatEntry {
  name: string;
  dtype: ReadDType;
  shape: readonly number[];
  /** The first byte, counted from the end of the header. */
  begin: number;
  /** The byte after the last. */
  end: number;
}

/** The parsed header. */
export interface FormatHeader {
  /** Texts by name; names come in the order of the file. */
  metadata: ReadonlyMap<string, string>;
  tensors: ReadonlyMap<string, FormatEntry>;
}

/**
 * Reads the length of a header from the first bytes of a file.
 *
 * @param prefix - the first 8 bytes of the file, or all it has when shorter
 * @param fileBytes - the size of the file
 * @param where - the name of the file, for messages
 * @returns the length in bytes
 * @throws CheckpointError when the header would be longer than 100 MB or than the file
 */
export function readHeaderLength(prefix: Uint8Array, fileBytes: number, where: string): number {
  const refuse = createRefuse(where);
  if (prefix.byteLength < LENGTH_BYTES) return refuse('a file of at least 8 bytes', formatSize(prefix.byteLength));
  const length = new DataView(prefix.buffer, prefix.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) return refuse(`a header of at most ${MAX_HEADER_BYTES} bytes`, String(length));
  const room = fileBytes - LENGTH_BYTES;
  return Number(length) <= room ? Number(length) : refuse(`a header of at most ${room} bytes`, String(length));
}

/**
 * Reads and checks a header: types and shapes are known and fit their bytes, names are unique, and the
 * tensors cover the data without overlap or hole.
 *
 * @param header - the bytes after the length
 * @param dataBytes - the bytes of the file after the header
 * @param where - the name of the file, for messages
 * @returns the texts, and the tensors by name in the order of the file
 * @throws CheckpointError when something does not fit
 */
export function parseHeader(header: Uint8Array, dataBytes: number, where: string): FormatHeader {
  const refuse = createRefuse(where);
  const scanner = new HeaderScanner(decode(header, refuse), refuse);
  const metadata = new Map<string, string>();
  const tensors = new Map<string, FormatEntry>();
  scanner.readObject((name) => {
    if (name === METADATA_KEY) readMetadata(scanner, metadata);
    else tensors.set(name, parseEntry(scanner, name, refuse));
  });
  scanner.expectEnd();
  checkCoverage([...tensors.values()], dataBytes, refuse);
  return { metadata, tensors };
}

/** Reads texts by name, or the null that some writers leave where there are none. */
function readMetadata(scanner: HeaderScanner, metadata: Map<string, string>): void {
  if (!scanner.readNull()) scanner.readObject((key) => metadata.set(key, scanner.readString()));
}

function decode(header: Uint8Array, refuse: Refuse): string {
  if (header[0] !== 0x7b) return refuse('a header that starts with {', show(header[0]));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    return refuse('a header in UTF-8', 'bytes that are not');
  }
}

function parseEntry(scanner: HeaderScanner, name: string, refuse: Refuse): FormatEntry {
  let dtype: ReadDType | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  scanner.readObject((key) => {
    if (key === 'dtype') dtype = expectFormatDType(scanner.readString(), name, refuse);
    else if (key === 'shape') shape = scanner.readIntegers();
    else if (key === 'data_offsets') offsets = scanner.readIntegers();
    else scanner.skipValue();
  });
  if (!dtype || !shape || !offsets) return refuse(`dtype, shape and data_offsets of ${show(name)}`, 'not all of them');
  const [begin, end] = expectOffsets(offsets, name, refuse);
  const bytes = countBytes(dtype, shape);
  if (end - begin !== bytes) {
    refuse(`${bytes ?? 'less than 2^53'} bytes for ${show(name)}, ${dtype} ${show(shape)}`, String(end - begin));
  }
  return { name, dtype, shape, begin, end };
}

function expectFormatDType(dtype: string, name: string, refuse: Refuse): ReadDType {
  return isFormatDType(dtype) ? dtype : refuse(`a known dtype of ${show(name)}`, show(dtype));
}

function expectOffsets(offsets: number[], name: string, refuse: Refuse): [number, number] {
  const [begin, end] = offsets;
  const valid = offsets.length === 2 && begin !== undefined && end !== undefined && begin <= end;
  return valid ? [begin, end] : refuse(`data_offsets [begin, end] of ${show(name)}`, show(offsets));
}

/** The bytes of a tensor; undefined when they are 2^53 or more, or no whole number. */
function countBytes(dtype: ReadDType, shape: readonly number[]): number | undefined {
  let bytes = getElementBits(dtype) / 8;
  for (const size of shape) {
    bytes *= size;
    if (bytes > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** Requires that the tensors, in the order of their places, follow one another from 0 to the end of the data. */
function checkCoverage(entries: FormatEntry[], dataBytes: number, refuse: Refuse): void {
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== reached) {
      refuse(`${show(name)} to begin at byte ${reached}`, `${begin}, ${begin < reached ? 'an overlap' : 'a hole'}`);
    }
    reached = end;
  }
  if (reached !== dataBytes) refuse(`${reached} bytes of data, as the header says`, String(dataBytes));
}

/** The type and shape of a tensor to be written. */
export interface FormatTensor {
  name: string;
  dtype: FormatDType;
  shape: readonly number[];
}

/** The start of a file and the order in which the tensors' bytes follow it. */
export interface FormatLayout {
  /** Length and header, a multiple of 8 bytes. */
  start: Uint8Array;
  entries: readonly FormatEntry[];
}

/**
 * Lays out a file: wide elements first, so that each tensor is aligned to its elements, then by name.
 *
 * @param tensors - name, type and shape of each
 * @param metadata - texts by name; none writes no such key
 * @returns the first bytes of the file, and the tensors in the order in which their bytes follow
 * @throws ArgumentError when a name occurs twice or is reserved, or a text has a lone surrogate
 */
export function layOutFile(tensors: readonly FormatTensor[], metadata: Readonly<Record<string, string>>): FormatLayout {
  checkNames(tensors, metadata);
  const order = [...tensors].sort((a, b) => formatBytes[b.dtype] - formatBytes[a.dtype] || (a.name < b.name ? -1 : 1));
  const entries: FormatEntry[] = [];
  let begin = 0;
  for (const tensor of order) {
    const end = begin + (countBytes(tensor.dtype, tensor.shape) ?? Infinity);
    entries.push({ ...tensor, begin, end });
    begin = end;
  }
  return { start: serialize(entries, metadata), entries };
}

function serialize(entries: readonly FormatEntry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const hasMetadata = Object.keys(metadata).length > 0;
  const members = entries.map(({ name, dtype, shape, begin, end }) => {
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`;
  });
  if (hasMetadata) members.unshift(`${JSON.stringify(METADATA_KEY)}:${JSON.stringify(metadata)}`);
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const length = Math.ceil(json.length / LENGTH_BYTES) * LENGTH_BYTES;
  if (length > MAX_HEADER_BYTES) throwBadWrite(`a header of at most ${MAX_HEADER_BYTES} bytes`, String(length));
  const start = new Uint8Array(LENGTH_BYTES + length).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(length), true);
  start.set(json, LENGTH_BYTES);
  return start;
}

function checkNames(tensors: readonly FormatTensor[], metadata: Readonly<Record<string, string>>): void {
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (name === METADATA_KEY) throwBadWrite(`a name other than ${METADATA_KEY}`, show(name));
    if (names.has(name)) throwBadWrite('every name once', `${show(name)} twice`);
    names.add(name);
  }
  for (const text of [...names, ...Object.entries(metadata).flat()]) {
    if (typeof text !== 'string') throwBadWrite('names and metadata to be texts', show(text));
    if (/\p{Surrogate}/u.test(text)) throwBadWrite('names and metadata without lone surrogates', show(text));
  }
}

function createRefuse(where: string): Refuse {
  return (expected, received) =>
    raise('PAL_CHECKPOINT', {
      where,
      expected,
      received,
      fix: 'The file is damaged or no safetensors file: fetch or save it again.',
      details: { path: where },
    });
}

function throwBadWrite(expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: 'saveSafetensors', expected, received });
}
