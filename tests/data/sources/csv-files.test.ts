import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvFiles, openSource } from '../../../lib/data/index.js';
import { SourceFolder, all } from './files.js';

async function read(content: string, column: string | number = 'text', delimiter = ','): Promise<string[]> {
  using folder = new SourceFolder();
  return await all(csvFiles(folder.write('a.csv', content), { column, delimiter }));
}

describe('csvFiles', () => {
  test('the cases of RFC 4180', async () => {
    expect(await read('id,text\r\n1,aaa\r\n2,bbb')).toEqual(['aaa', 'bbb']);
    expect(await read('id,text\n1,"aaa"\n\n2,"b\r\nbb"\n3,"b""b"\n4,\n5,"a,b"\n6,""""\n')).toEqual([
      'aaa',
      'b\r\nbb',
      'b"b',
      '',
      'a,b',
      '"',
    ]);
    expect(await read('a;b\n"x;y";z\n', 0, ';')).toEqual(['a', 'x;y']);
    expect(await read('text\tid\n a \t1\n', 'text', '\t')).toEqual([' a ']);
  });

  test('names are told apart from places', async () => {
    await expect(read('id,txt\n1,a\n')).rejects.toThrow(
      /a column "text" in .*, received \["id", "txt"\]\. Did you mean "txt"/,
    );
    await expect(read('id,txt\n1,a\n', 2)).rejects.toThrow(/more than 2 columns in .*, received 2/);
    await expect(read('a\n', 'a', ',,')).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
  });

  test('rows of another width and quotes that are never closed are malformed, by the line they start in', async () => {
    using folder = new SourceFolder();
    const rows = ['id,text', '1,"two', 'lines"', '2,a"b', '3,"a"b', '4', '5,a,b', '6,fine', '7,"never', 'closed'];
    const path = folder.write('a.csv', rows.join('\n'));
    const source = csvFiles(path, { column: 'text', onMalformed: 'report' });
    expect(await all(source)).toEqual(['two\nlines', 'a"b', 'ab', 'fine']);
    expect(source.report.examples.map(({ line, problem }) => [line, problem])).toEqual([
      [6, '1 fields in place of 2'],
      [7, '3 fields in place of 2'],
      [9, 'a quote that is never closed'],
    ]);
    await expect(all(csvFiles(path, { column: 'text' }))).rejects.toMatchObject({ details: { path, line: 6 } });
  });

  test('a quote that is never closed stops at the limit', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.csv', `text\n"${'abcd\n'.repeat(200_000)}`);
    const source = csvFiles(path, { column: 'text', onMalformed: 'report', limits: { documentBytes: 100_000 } });
    await expect(all(source)).rejects.toMatchObject({ code: 'PAL_DATA', details: { limit: 'documentBytes' } });
  });

  test('whatever texts are written come back', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'ñ', '🙂', ';') });
    const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1 }), async (rows) => {
        const content = rows.map((row) => row.map(quoted).join(',')).join('\r\n');
        expect(await read(content, 1)).toEqual(rows.map(([, second]) => second));
      }),
      { numRuns: 60 },
    );
  });

  test('tab-separated files have no quotes; others may have other ones, or none', async () => {
    using folder = new SourceFolder();
    const tabs = folder.write('a.tsv', 'text\tid\n"a\t1\nb"\t2\n""\t3\n');
    for (const source of [
      await openSource({ type: 'files', paths: tabs }),
      csvFiles(tabs, { column: 'text', delimiter: '\t' }),
      await openSource({ type: 'csv', paths: tabs, delimiter: '\t' }),
    ]) {
      expect(await all(source)).toEqual(['"a', 'b"', '""']);
    }
    const quoted = await openSource({ type: 'files', paths: tabs, quote: '"', onMalformed: 'report' });
    expect(await all(quoted)).toEqual(['a\t1\nb', '']);
    const single = folder.write('b.csv', "text,id\n'a,b',1\n\"c,2\n");
    expect(await all(csvFiles(single, { column: 'text', quote: "'" }))).toEqual(['a,b', '"c']);
    const none = folder.write('c.csv', 'text,id\n"c,2\n');
    expect(await all(await openSource({ type: 'csv', paths: none, quote: '' }))).toEqual(['"c']);
    for (const quote of ['""', '\n', ',']) expect(() => csvFiles(none, { column: 0, quote })).toThrow('PAL_ARGUMENT');
  });

  test('says how a place is given where a name of digits is no column', async () => {
    await expect(read('a,b\n1,2\n', '1')).rejects.toThrow(/By its place it is a number.*\{source: \{column: 1\}\}/);
    await expect(read('a,b\n1,2\n', '7')).rejects.not.toThrow(/By its place/);
  });

  test('says which delimiter a file seems to have', async () => {
    await expect(read('text;id\na;1\n')).rejects.toThrow('Fields seem to be parted by ";"');
    await expect(read('text\tid\na\t1\n')).rejects.toThrow('Fields seem to be parted by "\\t"');
  });
});
