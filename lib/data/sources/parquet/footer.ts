import { ByteReader } from './byte-reader.js';
import type { Refuse } from './byte-reader.js';
import { readStruct } from './compact-protocol.js';
import type { Struct } from './compact-protocol.js';

const BYTE_ARRAY = 6;
const TYPES = ['boolean', 'int32', 'int64', 'int96', 'float', 'double', 'bytes', 'bytes of fixed length'];
const DEEPEST = 64;
/** Fields of a schema element: what its values mean, and that nothing says it. */
const [LOGICAL_TYPE, UNKNOWN] = [10, 11];

/** A column, by its path through the schema. */
export interface Column {
  path: readonly string[];
  /** Of its values, or `undefined` for a type that is none of the format's. */
  type: string | undefined;
  /** True where its values are bytes, which texts are. */
  isText: boolean;
  /** The definition level of a value that is there. */
  maxDefinition: number;
  /** Above 0 inside lists. */
  maxRepetition: number;
}

/** The location of one column's values in a row group. */
export interface ColumnChunk {
  rows: number;
  codec: number;
  start: number;
  bytes: number;
}

/** The footer of a file. */
export interface Footer {
  columns: Column[];
  /** The chunks of a column, in the order of the rows. */
  listChunks: (column: Column) => ColumnChunk[];
}

/**
 * Reads the metadata at the end of a parquet file of some size.
 *
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export function parseFooter(bytes: Buffer, fileBytes: number, refuse: Refuse): Footer {
  const metadata = readStruct(new ByteReader(bytes, refuse));
  const columns = listColumns(metadata.structs(2), refuse);
  const groups = metadata.structs(4);
  return { columns, listChunks: (column) => groups.map((group) => findChunk(group, column, fileBytes, refuse)) };
}

/** The leaves of the schema, which is stored depth first. */
function listColumns(elements: readonly Struct[], refuse: Refuse): Column[] {
  const columns: Column[] = [];
  let next = 1;
  const visit = (children: number, parent: Pick<Column, 'path' | 'maxDefinition' | 'maxRepetition'>): void => {
    if (parent.path.length > DEEPEST) refuse('a schema nested too deep');
    for (let child = 0; child < children; child++) {
      const element = elements[next++] ?? refuse('a schema with fewer columns than announced');
      const repetition = element.count(3, 0);
      const column = {
        path: [...parent.path, element.text(4)],
        maxDefinition: parent.maxDefinition + Number(repetition > 0),
        maxRepetition: parent.maxRepetition + Number(repetition === 2),
      };
      const inside = element.count(5, 0);
      if (inside > 0) visit(inside, column);
      else if (element.has(1)) columns.push({ ...column, ...getType(element) });
    }
  };
  visit(elements[0]?.count(5, 0) ?? 0, { path: [], maxDefinition: 0, maxRepetition: 0 });
  return columns;
}

/** Columns in which no row has a value are stored as numbers and say of themselves that their type is unknown. */
function getType(element: Struct): { type: string | undefined; isText: boolean } {
  const type = element.count(1);
  const unknown = element.has(LOGICAL_TYPE) && element.struct(LOGICAL_TYPE).has(UNKNOWN);
  return { type: TYPES[type], isText: type === BYTE_ARRAY || unknown };
}

function findChunk(group: Struct, column: Column, fileBytes: number, refuse: Refuse): ColumnChunk {
  const rows = group.count(3);
  const found = group.structs(1).find((chunk) => isChunkOf(chunk, column));
  if (found === undefined) return refuse(`a row group without the column ${column.path.join('.')}`);
  if (found.has(1)) return refuse('a column in another file');
  const metadata = found.struct(3);
  if (metadata.count(5) !== rows) refuse(`${metadata.count(5)} values for ${rows} rows`);
  const data = metadata.count(9);
  const dictionary = metadata.count(11, 0);
  const start = dictionary > 0 ? Math.min(dictionary, data) : data;
  const bytes = metadata.count(7);
  if (start + bytes > fileBytes) refuse('a column that reaches past the end of the file');
  return { rows, codec: metadata.count(4), start, bytes };
}

function isChunkOf(chunk: Struct, { path }: Column): boolean {
  const found = chunk.struct(3).texts(3);
  return found.length === path.length && found.every((name, index) => name === path[index]);
}
