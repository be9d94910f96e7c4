import { describe, expect, test } from '@jest/globals';
import { jsonLines } from '../../../lib/data/index.js';
import { SourceFolder, all } from './files.js';

const LINES = ['{"text": "uno"}', '', '{"text": "d\\u00f3s", "id": 2}', '{"text": }', '{"texto": "x"}', '{"text": 3}'];

describe('jsonLines', () => {
  test('one document a line, as often as asked, also when lines end in CRLF and the last in nothing', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.jsonl', '\uFEFF{"text":"uno"}\r\n\r\n{"text":"dos\\ntres"}');
    const source = jsonLines(path);
    expect(await all(source)).toEqual(['uno', 'dos\ntres']);
    expect(await all(source)).toEqual(['uno', 'dos\ntres']);
    expect(source.report).toEqual({ files: 1, documents: 2, malformed: 0, repaired: 0, blank: 0, examples: [] });
  });

  test('a malformed line ends the reading with file and line', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.jsonl', LINES.join('\n'));
    await expect(all(jsonLines(path))).rejects.toMatchObject({ code: 'PAL_DATA', details: { path, line: 4 } });
    await expect(all(jsonLines(path))).rejects.toThrow(
      /well-formed data in .*a\.jsonl, received no JSON .* in line 4\./,
    );
  });

  test('or is counted, with file, line and what is wrong', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.jsonl', LINES.join('\n'));
    const source = jsonLines(path, { onMalformed: 'report' });
    expect(await all(source)).toEqual(['uno', 'dós']);
    expect(source.report).toMatchObject({ files: 1, documents: 2, malformed: 3 });
    expect(source.report.examples).toEqual([
      { path, line: 4, problem: expect.stringMatching(/^no JSON \(/) },
      { path, line: 5, problem: 'no field "text". Did you mean "texto"?' },
      { path, line: 6, problem: '3 in place of a text' },
    ]);
  });

  test('only the first ten examples are kept', async () => {
    using folder = new SourceFolder();
    const source = jsonLines(folder.write('a.jsonl', '1\n'.repeat(25)), { onMalformed: 'report' });
    expect(await all(source)).toEqual([]);
    expect([source.report.malformed, source.report.examples.length]).toEqual([25, 10]);
  });

  test('blank documents are kept, or left out and counted', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.jsonl', '{"text":"uno"}\n{"text":""}\n{"text":" \\n\\t"}\n\n{"text":"dos"}');
    expect(await all(jsonLines(path))).toEqual(['uno', '', ' \n\t', 'dos']);
    const source = jsonLines(path, { blank: 'drop' });
    for (let pass = 0; pass < 2; pass++) {
      expect(await all(source)).toEqual(['uno', 'dos']);
      expect(source.report).toMatchObject({ documents: 2, blank: 2, malformed: 0 });
    }
    expect(() => jsonLines(path, { blank: 'dorp' as never })).toThrow(/Did you mean "drop"/);
  });

  test('a list of keys leads inside', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.jsonl', '{"a":{"b":"c"}}\n{"a":["b"]}\n{"a":null}\nnull');
    const source = jsonLines(path, { field: ['a', 'b'], onMalformed: 'report' });
    expect(await all(source)).toEqual(['c']);
    expect(source.report.malformed).toBe(3);
  });

  test('lone surrogates count as bytes that are no UTF-8', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.jsonl', '{"text":"a\\ud800b"}\n{"text":"\\ud83d\\ude42"}');
    await expect(all(jsonLines(path))).rejects.toMatchObject({ details: { line: 1 } });
    const source = jsonLines(path, { invalidUtf8: 'replace' });
    expect(await all(source)).toEqual(['a\uFFFDb', '🙂']);
    expect(source.report.repaired).toBe(1);
  });

  test('bytes that are no UTF-8: malformed, or replaced and counted; their neighbours are fine', async () => {
    using folder = new SourceFolder();
    const bytes = [...Buffer.from('{"text":"é"}\n{"text":"')].concat(0xff, [...Buffer.from('"}\n{"text":"ñ"}\n')]);
    const path = folder.write('a.jsonl', Uint8Array.from(bytes));
    const report = jsonLines(path, { onMalformed: 'report' });
    expect(await all(report)).toEqual(['é', 'ñ']);
    expect(report.report.examples).toEqual([{ path, line: 2, problem: 'bytes that are no UTF-8' }]);
    const replace = jsonLines(path, { invalidUtf8: 'replace' });
    expect(await all(replace)).toEqual(['é', '\uFFFD', 'ñ']);
    expect(replace.report).toMatchObject({ malformed: 0, repaired: 1 });
  });

  test('deep nesting is malformed, however deep', async () => {
    using folder = new SourceFolder();
    const deep = (levels: number): string => `{"text":"x","y":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const path = folder.write('a.jsonl', [deep(63), deep(64), deep(2e5)].join('\n'));
    const source = jsonLines(path, { onMalformed: 'report' });
    expect(await all(source)).toEqual(['x']);
    expect(source.report.examples.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('a line above the limit is an error, whatever malformed lines are', async () => {
    using folder = new SourceFolder();
    const path = folder.write('a.jsonl', `{"text":"a"}\n{"text":"${'b'.repeat(600_000)}"}\n`);
    const limits = { documentBytes: 1000 };
    await expect(all(jsonLines(path, { limits, onMalformed: 'report' }))).rejects.toMatchObject({
      code: 'PAL_DATA',
      details: { limit: 'documentBytes', path },
    });
  });

  test('lines that reach over many reads come out whole', async () => {
    using folder = new SourceFolder();
    const texts = Array.from({ length: 40 }, (_, i) => '🙂ñ'.repeat(i * 997));
    const path = folder.write('a.jsonl', texts.map((text) => JSON.stringify({ text })).join('\n'));
    expect(await all(jsonLines(path))).toEqual(texts);
  });
});
