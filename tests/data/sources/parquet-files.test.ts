import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parquetFiles } from '../../../lib/data/index.js';
import { SourceFolder, all } from './files.js';

const FIXTURES = 'tests/data/sources/fixtures';
const expected = JSON.parse(readFileSync(`${FIXTURES}/parquet.json`, 'utf8')) as Record<string, (string | null)[]>;

/** Files that pyarrow wrote: 150 rows in three groups of small pages. */
const files = ['snappy', 'zstd-v2', 'gzip', 'brotli', 'lz4', 'plain'];

describe('files by pyarrow', () => {
  test.each(files)('%s: every row in order, rows without a text counted', async (name) => {
    const path = `${FIXTURES}/${name}.parquet`;
    const source = parquetFiles(path, { onMalformed: 'report' });
    for (let pass = 0; pass < 2; pass++) {
      expect(await all(source)).toEqual(expected.text!.filter((text) => text !== null));
      expect(source.report.malformed).toBe(14);
    }
    const [first, second] = source.report.examples;
    expect([first?.line, second?.line, first?.problem]).toEqual([1, 12, 'no text']);
    expect(await all(parquetFiles(path, { field: 'few' }))).toEqual(expected.few);
  });

  test('values that share their starts, structs and bytes', async () => {
    expect(await all(parquetFiles(`${FIXTURES}/zstd-v2.parquet`, { field: 'prefix' }))).toEqual(expected.prefix);
    expect(await all(parquetFiles(`${FIXTURES}/snappy.parquet`, { field: ['doc', 'text'] }))).toEqual(expected.few);
    expect(await all(parquetFiles(`${FIXTURES}/plain.parquet`, { field: 'raw' }))).toEqual(expected.few);
  });

  test('a row without a text is an error that names it', async () => {
    await expect(all(parquetFiles(`${FIXTURES}/plain.parquet`))).rejects.toThrow(/received no text in row 1\./);
  });

  test('columns that hold no texts, and none of the name', async () => {
    const read = (field: string | string[]) => all(parquetFiles(`${FIXTURES}/snappy.parquet`, { field }));
    await expect(read('id')).rejects.toThrow(/a column of texts "id" in .*, received a column of int64/);
    await expect(read(['doc', 'tags', 'list', 'element'])).rejects.toThrow('received a column of lists');
    await expect(read('txt')).rejects.toThrow(/received \["text", "few", .*\]\. Did you mean "text"\?/);
  });

  test('a checksum that does not fit', async () => {
    using folder = new SourceFolder();
    const bytes = readFileSync(`${FIXTURES}/zstd-v2.parquet`);
    bytes[200]! ^= 1;
    const path = folder.write('a.parquet', bytes);
    await expect(all(parquetFiles(path, { onMalformed: 'report' }))).rejects.toMatchObject({
      code: 'PAL_DATA',
      details: { path },
    });
  });
});

function written(texts: (string | Uint8Array)[], codec: 'UNCOMPRESSED' | 'SNAPPY' = 'SNAPPY'): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'text', data: texts, type: texts.every((text) => typeof text === 'string') ? 'STRING' : 'BYTE_ARRAY' },
      ],
      codec,
    }),
  );
}

describe('files by hyparquet-writer', () => {
  test('long and short texts', async () => {
    using folder = new SourceFolder();
    const texts = Array.from({ length: 300 }, (_, i) => 'ñ🙂x'.repeat((i * 37) % 500));
    expect(await all(parquetFiles(folder.write('a.parquet', written(texts))))).toEqual(texts);
  });

  test('bytes that are no UTF-8: malformed, or replaced', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.parquet', written([Buffer.from('a'), Uint8Array.of(0xff)]));
    await expect(all(parquetFiles(path))).rejects.toMatchObject({ details: { path, line: 2 } });
    expect(await all(parquetFiles(path, { invalidUtf8: 'replace' }))).toEqual(['a', '\uFFFD']);
  });

  test('a dictionary cannot fill the memory', async () => {
    using folder = new SourceFolder();
    const texts = Array.from({ length: 4200 }, () => 'z'.repeat(5000));
    const path = folder.write('a.parquet', written(texts));
    const source = parquetFiles(path, { limits: { ratio: 200 } });
    await expect(all(source)).rejects.toMatchObject({ code: 'PAL_DATA', details: { limit: 'ratio' } });
  });
});

test('no parquet at all', async () => {
  using folder = new SourceFolder();
  for (const content of [
    '',
    'PAR1',
    'just some text, long enough',
    `PAR1${'x'.repeat(20)}PAR1`,
    'x'.repeat(30) + 'PARE',
  ]) {
    const path = folder.write('a.parquet', content);
    await expect(all(parquetFiles(path))).rejects.toMatchObject({ code: 'PAL_DATA', details: { path } });
  }
});
