import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openSource } from '../../../lib/data/index.js';
import type { SourceConfig } from '../../../lib/data/index.js';
import { JsonSplitter } from '../../../lib/data/sources/json/json-splitter.js';
import { SourceFolder, all } from './files.js';

async function read(content: string | Uint8Array, name = 'a.json', options: object = {}): Promise<string[]> {
  using folder = new SourceFolder();
  const config = { type: 'files', paths: folder.write(name, content), ...options } as SourceConfig;
  return await all(await openSource(config));
}

const texts = ['one', 'two "quoted" [x] {y}, \\\\', 'drei\n🙂', ''];
const records = texts.map((text, id) => ({ id, text, more: [{ a: ']' }] }));

describe('.json files', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['an array', JSON.stringify(records), 'a.json'],
    ['an array over lines', `\uFEFF ${JSON.stringify(records, null, 2)}\n`, 'a.json'],
    ['JSON Lines', records.map((record) => JSON.stringify(record)).join('\n'), 'lines.json'],
    [
      'objects over lines, one after another',
      records.map((record) => JSON.stringify(record, null, 4)).join('\n'),
      'A.JSON',
    ],
    ['an array of texts', JSON.stringify(texts), 'a.json'],
    ['a compressed array', gzipSync(JSON.stringify(records)), 'a.json.gz'],
  ])('%s: a document a record', async (_, content, name) => {
    expect(await read(content, name)).toEqual(texts);
  });

  test('one object is one record; an empty array has none', async () => {
    expect(await read('{"text": "alone"}')).toEqual(['alone']);
    expect(await read('{"a": {"b": "inside"}}', 'a.json', { field: ['a', 'b'] })).toEqual(['inside']);
    expect(await read(' [ ] ')).toEqual([]);
  });

  test.each([
    ['just some text', 'no record in line 1'],
    ['', 'nothing in line 1'],
    ['[{"text": "a"}, {"text":', 'an end inside a record that begins in line 1'],
    ['[{"text": "a"}', 'an end inside the array in line 1'],
    ['[{"text": "a"}\n{"text": "b"}]', 'a comma that is missing or too many in line 2'],
    ['[{"text": "a"}]\n\n[]', 'more behind the end of the array in line 3'],
  ])('%j is an error that says how to read it as text', async (content, problem) => {
    await expect(read(content)).rejects.toThrow(problem);
    await expect(read(content)).rejects.toThrow(/--source text/);
    if (content !== '') expect(await read(content, 'a.json', { type: 'text' })).toEqual([content]);
  });

  test('a record without the text is malformed, by the line it begins in', async () => {
    const content = '[\n{"text": "a"},\n{"txt": "b"},\n7, null,\n{"text": "c"}\n]';
    await expect(read(content)).rejects.toThrow(/no field "text"\. Did you mean "txt"\? in line 3/);
    expect(await read(content, 'a.json', { onMalformed: 'report' })).toEqual(['a', 'c']);
  });

  test('records end where they do, however the bytes come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (values, list, size) => {
          const kept = list ? values : values.filter((value) => typeof value === 'object' && value !== null);
          fc.pre(list || (kept.length > 0 && !Array.isArray(kept[0])));
          const content = Buffer.from(
            list
              ? JSON.stringify(kept, null, size % 3)
              : kept.map((value) => JSON.stringify(value, null, size % 3)).join(' '),
          );
          const splitter = new JsonSplitter((problem, line) => {
            throw new Error(`${problem} in line ${line}`);
          });
          const found = [];
          for (let at = 0; at < content.length; at += size)
            found.push(...splitter.push(content.subarray(at, at + size)));
          found.push(...splitter.end());
          expect(found.map(({ bytes }) => JSON.parse(bytes.toString('utf8')) as unknown)).toEqual(
            kept.map((value) => JSON.parse(JSON.stringify(value)) as unknown),
          );
        },
      ),
    );
  });
});
