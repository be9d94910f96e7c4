import { crc32 } from 'node:zlib';
import { ByteReader } from './byte-reader.js';
import { readDeltas, readHybrid } from './integers.js';
import type { Column } from './footer.js';
import type { Struct } from './compact-protocol.js';

const [PLAIN, PLAIN_DICTIONARY, RLE, DELTA_LENGTHS, DELTA_PREFIXES, RLE_DICTIONARY] = [0, 2, 3, 6, 7, 8];
/** Values that share their starts can be far larger than the page. */
const MOST_PREFIXED = 2 ** 28;
const [DATA_PAGE, DICTIONARY_PAGE, DATA_PAGE_2] = [0, 2, 3];

/** The header of a page and of its data. */
export interface PageHeader {
  kind: 'dictionary' | 'data' | 'data2' | 'other';
  /** Of the page in the file, after the header. */
  storedBytes: number;
  /** After decompression. */
  bytes: number;
  values: number;
  encoding: number;
  crc: number | undefined;
  /** Of levels before the compressed values, in the second form of data pages. */
  repetitionBytes: number;
  definitionBytes: number;
  compressed: boolean;
}

/** Reads the facts out of a header. */
export function parsePageHeader(header: Struct): PageHeader {
  const kind =
    ({ [DATA_PAGE]: 'data', [DICTIONARY_PAGE]: 'dictionary', [DATA_PAGE_2]: 'data2' } as const)[header.count(1)] ??
    'other';
  const inner = { data: 5, dictionary: 7, data2: 8, other: 0 }[kind];
  const facts = inner === 0 ? undefined : header.struct(inner);
  const second = kind === 'data2' ? facts : undefined;
  return {
    kind,
    storedBytes: header.count(3),
    bytes: header.count(2),
    values: facts?.count(1) ?? 0,
    encoding: facts?.count(kind === 'data2' ? 4 : 2) ?? 0,
    crc: header.optionalInteger(4),
    definitionBytes: second?.count(5) ?? 0,
    repetitionBytes: second?.count(6) ?? 0,
    compressed: second?.flag(7, true) ?? true,
  };
}

/** True where the bytes of a page have the checksum of its header, or the header has none. */
export function hasValidChecksum({ crc }: PageHeader, stored: Buffer): boolean {
  return crc === undefined || crc32(stored) >>> 0 === crc >>> 0;
}

/** The values of a dictionary page. */
export function readDictionary(reader: ByteReader, { values, encoding }: PageHeader): Buffer[] {
  if (encoding !== PLAIN && encoding !== PLAIN_DICTIONARY) reader.refuse(`a dictionary in encoding ${encoding}`);
  return readPlain(reader, values);
}

/** The values of a data page by row; undefined where there is none. */
export function readDataPage(
  reader: ByteReader,
  header: PageHeader,
  column: Column,
  dictionary: readonly Buffer[] | undefined,
  levels: Buffer | undefined,
): (Buffer | undefined)[] {
  const defined = readDefinitionLevels(reader, header, column, levels);
  const count =
    defined === undefined
      ? header.values
      : defined.reduce((sum, level) => sum + Number(level === column.maxDefinition), 0);
  const values = readValues(reader, header.encoding, count, dictionary);
  if (defined === undefined) return values;
  let next = 0;
  return Array.from(defined, (level) => (level === column.maxDefinition ? values[next++] : undefined));
}

/** The definition level of each row; undefined in a column where every row has a value. */
function readDefinitionLevels(
  reader: ByteReader,
  header: PageHeader,
  column: Column,
  levels: Buffer | undefined,
): Uint32Array | undefined {
  if (column.maxDefinition === 0) return undefined;
  const bits = 32 - Math.clz32(column.maxDefinition);
  const bytes = levels ?? reader.take(reader.uint32());
  return readHybrid(new ByteReader(bytes, reader.refuse), bits, header.values);
}

function readValues(
  reader: ByteReader,
  encoding: number,
  count: number,
  dictionary: readonly Buffer[] | undefined,
): Buffer[] {
  switch (encoding) {
    case PLAIN:
      return readPlain(reader, count);
    case PLAIN_DICTIONARY:
    case RLE_DICTIONARY:
      return readFromDictionary(reader, count, dictionary ?? reader.refuse('places in a dictionary that is missing'));
    case DELTA_LENGTHS:
      return readWithLengths(reader, readDeltas(reader, count));
    case DELTA_PREFIXES:
      return readWithPrefixes(reader, count);
    default:
      return reader.refuse(`values in encoding ${encoding}${encoding === RLE ? ', which texts cannot have' : ''}`);
  }
}

function readPlain(reader: ByteReader, count: number): Buffer[] {
  if (count * 4 > reader.left) reader.refuse(`${count} values in ${reader.left} bytes`);
  return Array.from({ length: count }, () => reader.take(reader.uint32()));
}

function readFromDictionary(reader: ByteReader, count: number, dictionary: readonly Buffer[]): Buffer[] {
  if (count === 0) return [];
  const indices = readHybrid(reader, reader.uint8(), count);
  return Array.from(
    indices,
    (index) => dictionary[index] ?? reader.refuse(`place ${index} in a dictionary of ${dictionary.length}`),
  );
}

function readWithLengths(reader: ByteReader, lengths: Uint32Array): Buffer[] {
  return Array.from(lengths, (length) => reader.take(length));
}

/** Each value shares its first bytes with the one before. */
function readWithPrefixes(reader: ByteReader, count: number): Buffer[] {
  const prefixes = readDeltas(reader, count);
  const suffixes = readWithLengths(reader, readDeltas(reader, count));
  let before: Buffer = Buffer.alloc(0);
  let bytes = 0;
  return suffixes.map((suffix, index) => {
    const shared = prefixes[index]!;
    bytes += shared + suffix.length;
    if (bytes > MOST_PREFIXED) reader.refuse('values that grow by what they share');
    if (shared > before.length) reader.refuse(`${shared} bytes shared with a value of ${before.length}`);
    before = shared === 0 ? suffix : Buffer.concat([before.subarray(0, shared), suffix]);
    return before;
  });
}
