import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { parquetFiles } from '../../../lib/data/index.js';
import { SourceFolder, all } from './files.js';

interface Shape {
  name: string;
  /** What pyarrow reads. */
  rows: (string | null)[];
  data: string;
}

const bytes = gunzipSync(readFileSync('tests/data/sources/fixtures/parquet-shapes.json.gz'));
const shapes = JSON.parse(bytes.toString('utf8')) as Shape[];

test('files of every shape that pyarrow writes give the rows that pyarrow reads', async () => {
  using folder = new SourceFolder();
  expect(shapes.length).toBeGreaterThan(300);
  const wrong: unknown[] = [];
  for (const { name, rows, data } of shapes) {
    const source = parquetFiles(folder.write('shape.parquet', Buffer.from(data, 'base64')), { onMalformed: 'report' });
    const texts = await all(source).catch((error: unknown) => String(error));
    const expected = [rows.filter((row) => row !== null), rows.filter((row) => row === null).length];
    if (JSON.stringify([texts, source.report.malformed]) !== JSON.stringify(expected)) wrong.push([name, texts]);
  }
  expect(wrong).toEqual([]);
});
