import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { openSource, sourceConfigSchema } from '../../../lib/data/index.js';
import type { SourceConfig } from '../../../lib/data/index.js';
import { SourceFolder, all } from './files.js';

const parquet = readFileSync('tests/data/sources/fixtures/plain.parquet');
const expected = JSON.parse(readFileSync('tests/data/sources/fixtures/parquet.json', 'utf8')) as { few: string[] };

describe('openSource', () => {
  test('each kind', async () => {
    using folder = new SourceFolder();
    const directory = folder.path;
    folder.write('a.txt', 'uno\ndos\n');
    folder.write('b.jsonl.gz', gzipSync('{"few":"tres"}\n'));
    folder.write('c.csv', 'few;x\ncuatro;1\n');
    folder.write('d.tsv', 'few\tx\ncinco\t1\n');
    folder.write('e.parquet', parquet);
    const read = async (config: SourceConfig): Promise<string[]> => all(await openSource(config));
    expect(await read({ type: 'text', paths: 'a.txt', directory })).toEqual(['uno\ndos\n']);
    expect(await read({ type: 'lines', paths: ['a.txt'], directory })).toEqual(['uno', 'dos']);
    expect(await read({ type: 'jsonl', paths: 'b*', directory, field: 'few' })).toEqual(['tres']);
    expect(await read({ type: 'csv', paths: 'c.csv', directory, column: 'few', delimiter: ';' })).toEqual(['cuatro']);
    expect(await read({ type: 'parquet', paths: '*.parquet', directory, field: 'few' })).toEqual(expected.few);
    expect(await read({ type: 'files', paths: '[abde].*', directory, field: ['few'] })).toEqual([
      'uno\ndos\n',
      'tres',
      'cinco',
      ...expected.few,
    ]);
  });

  test('rules reach the source', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.jsonl', '{"text":"uno"}\nno\n');
    const source = await openSource({ type: 'files', paths: path, onMalformed: 'report' });
    expect([await all(source), source.report.malformed]).toEqual([['uno'], 1]);
    const tight = await openSource({ type: 'lines', paths: path, limits: { documentBytes: 4 } });
    await expect(all(tight)).rejects.toMatchObject({ details: { limit: 'documentBytes' } });
  });

  test('a dataset of the hub is looked for in the cache when the network is not to be used', async () => {
    using folder = new SourceFolder();
    const config = { type: 'huggingFace', name: 'a/b', offline: true, cacheDirectory: folder.path } as const;
    await expect(openSource(config)).rejects.toMatchObject({ code: 'PAL_DATA', details: { name: 'a/b' } });
  });

  test('what is wrong is named', async () => {
    await expect(openSource({ type: 'json', paths: 'a' } as never)).rejects.toThrow(/type: .*Did you mean "jsonl"/);
    await expect(openSource({ type: 'csv', path: 'a' } as never)).rejects.toThrow(
      /path: unknown key\. Did you mean "paths"/,
    );
    expect(sourceConfigSchema.parse({ type: 'text', paths: 'a' })).toEqual({
      type: 'text',
      paths: 'a',
      onMalformed: 'error',
      blank: 'keep',
      invalidUtf8: 'malformed',
      limits: {},
    });
  });
});
