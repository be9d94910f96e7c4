import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ByteReader } from './byte-reader.js';
import type { Refuse } from './byte-reader.js';
import { loadDecompressor } from './codecs.js';
import type { Decompressor } from './codecs.js';
import { readStruct } from './compact-protocol.js';
import { parseFooter } from './footer.js';
import type { Column, ColumnChunk, Footer } from './footer.js';
import { hasValidChecksum, parsePageHeader, readDataPage, readDictionary } from './pages.js';
import type { PageHeader } from './pages.js';

const MAGIC = 'PAR1';
const LARGEST_FOOTER = 2 ** 28;
const LARGEST_HEADER = 2 ** 20;
/** Bytes that are read at once. */
const WINDOW = 2 ** 23;
/** More rows than these in one page have to be worth their bytes. */
const FREE_ROWS = 2 ** 20;

/** Called before a page is decompressed, with its bytes in the file and after. */
export type PageCheck = (storedBytes: number, bytes: number) => void;

/**
 * An open parquet file, from which one column at a time is read page by page.
 *
 * Nothing that the file announces is believed: sizes are held against the bytes that are there before memory is taken.
 *
 * @see https://parquet.apache.org/docs/file-format/
 */
export class ParquetFile {
  readonly footer: Footer;
  readonly #file: FileWindow;
  readonly #refuse: Refuse;

  private constructor(file: FileWindow, footer: Footer, refuse: Refuse) {
    this.#file = file;
    this.footer = footer;
    this.#refuse = refuse;
  }

  /** Opens a file and reads its footer. What is wrong with it is told to `refuse`. */
  static async open(path: string, refuse: Refuse): Promise<ParquetFile> {
    const handle = await open(path);
    try {
      const file = new FileWindow(handle, (await handle.stat()).size, refuse);
      return new ParquetFile(file, await readFooter(file, refuse), refuse);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** The values of a column, page by page; undefined where a row has none. */
  async *values(column: Column, check: PageCheck): AsyncGenerator<(Buffer | undefined)[], void> {
    for (const chunk of this.footer.listChunks(column)) yield* this.#chunk(column, chunk, check);
  }

  async *#chunk(column: Column, chunk: ColumnChunk, check: PageCheck): AsyncGenerator<(Buffer | undefined)[], void> {
    const decompress = await loadDecompressor(chunk.codec, this.#refuse);
    let dictionary: Buffer[] | undefined;
    let { rows, start } = chunk;
    const end = chunk.start + chunk.bytes;
    while (rows > 0) {
      const { header, page } = await this.#page(start, end);
      start = page.end;
      if (header.kind === 'other') continue;
      check(header.storedBytes, header.bytes);
      if (header.kind === 'dictionary') {
        dictionary = readDictionary(
          new ByteReader(this.#whole(page.bytes, header.bytes, decompress), this.#refuse),
          header,
        );
        continue;
      }
      if (header.values > rows) this.#refuse(`a page of ${header.values} values for ${rows} rows`);
      if (header.values > Math.max(FREE_ROWS, header.bytes * 8))
        this.#refuse(`${header.values} values in ${header.bytes} bytes`);
      rows -= header.values;
      yield this.#data(header, page.bytes, column, dictionary, decompress);
    }
  }

  /** The header of a page and its stored bytes, which lie between two offsets of the file. */
  async #page(start: number, end: number): Promise<{ header: PageHeader; page: { bytes: Buffer; end: number } }> {
    const reader = new ByteReader(await this.#file.read(start, Math.min(end - start, LARGEST_HEADER)), this.#refuse);
    const header = parsePageHeader(readStruct(reader));
    const from = start + reader.offset;
    if (header.storedBytes > end - from)
      this.#refuse(`a page of ${header.storedBytes} bytes where ${end - from} are left`);
    const bytes = await this.#file.read(from, header.storedBytes);
    if (!hasValidChecksum(header, bytes)) this.#refuse('a page that does not have its checksum');
    return { header, page: { bytes, end: from + header.storedBytes } };
  }

  #data(
    header: PageHeader,
    stored: Buffer,
    column: Column,
    dictionary: readonly Buffer[] | undefined,
    decompress: Decompressor,
  ): (Buffer | undefined)[] {
    if (header.kind === 'data') {
      const reader = new ByteReader(this.#whole(stored, header.bytes, decompress), this.#refuse);
      return readDataPage(reader, header, column, dictionary, undefined);
    }
    const reader = new ByteReader(stored, this.#refuse);
    reader.take(header.repetitionBytes);
    const levels = reader.take(header.definitionBytes);
    const rest = reader.take(reader.left);
    const size = header.bytes - header.repetitionBytes - header.definitionBytes;
    const values = header.compressed && size > 0 ? this.#whole(rest, size, decompress) : rest;
    return readDataPage(new ByteReader(values, this.#refuse), header, column, dictionary, levels);
  }

  /** The decompressed bytes, which must be as many as announced. */
  #whole(stored: Buffer, size: number, decompress: Decompressor): Buffer {
    if (size < 0) this.#refuse('levels larger than their page');
    // Nothing may be compressed to some bytes.
    const bytes = size === 0 ? Buffer.alloc(0) : decompress(stored, size);
    if (bytes.length !== size) this.#refuse(`a page of ${bytes.length} bytes in place of ${size}`);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

async function readFooter(file: FileWindow, refuse: Refuse): Promise<Footer> {
  if (file.size < 12) refuse(`a file of ${file.size} bytes`);
  const tail = await file.read(file.size - 8, 8);
  const magic = tail.toString('latin1', 4);
  if (magic === 'PARE') refuse('an encrypted file');
  if (magic !== MAGIC) refuse('an end that is not that of a parquet file');
  const bytes = tail.readUInt32LE(0);
  if (bytes > Math.min(file.size - 12, LARGEST_FOOTER)) refuse(`metadata of ${bytes} bytes in a file of ${file.size}`);
  return parseFooter(await file.read(file.size - 8 - bytes, bytes), file.size, refuse);
}

/** Reads a file in large chunks, of which small ones are then taken. */
class FileWindow {
  readonly size: number;
  readonly #file: FileHandle;
  readonly #refuse: Refuse;
  #bytes = Buffer.alloc(0);
  #start = 0;

  constructor(file: FileHandle, size: number, refuse: Refuse) {
    this.#file = file;
    this.size = size;
    this.#refuse = refuse;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** The bytes at an offset, not copied; they stay as they are. */
  async read(start: number, count: number): Promise<Buffer> {
    if (!(count >= 0 && start >= 0 && start + count <= this.size))
      this.#refuse(`${count} bytes at ${start} of ${this.size}`);
    if (start < this.#start || start + count > this.#start + this.#bytes.length) await this.#fill(start, count);
    return this.#bytes.subarray(start - this.#start, start - this.#start + count);
  }

  async #fill(start: number, count: number): Promise<void> {
    const bytes = Buffer.allocUnsafe(Math.min(Math.max(count, WINDOW), this.size - start));
    for (let filled = 0; filled < bytes.length;) {
      const { bytesRead } = await this.#file.read(bytes, filled, bytes.length - filled, start + filled);
      if (bytesRead === 0) this.#refuse('a file that became shorter while it was read');
      filled += bytesRead;
    }
    [this.#bytes, this.#start] = [bytes, start];
  }
}
