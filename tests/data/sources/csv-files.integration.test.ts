import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CsvRows } from '../../../lib/data/sources/csv-rows.js';

const python = spawnSync('python3', ['--version']).status === 0 ? '' : ' (skipped: there is no python3)';
(python === '' ? test : test.skip)(`quotes anywhere mean what Python's reader takes them for${python}`, () => {
  const field = fc.array(fc.constantFrom('a', '"', '""', ' ', 'b c', "'"), { maxLength: 5 });
  const row = fc.array(field, { minLength: 1, maxLength: 4 });
  const contents = fc.sample(fc.array(row, { minLength: 1, maxLength: 4 }), { numRuns: 400, seed: 7 });
  const texts = contents.map((rows) =>
    rows.map((fields) => fields.map((parts) => parts.join('')).join(',')).join('\n'),
  );
  const script = `import csv, io, json, sys
print(json.dumps([list(csv.reader(io.StringIO(text, newline=''))) for text in json.load(sys.stdin)]))`;
  const { stdout } = spawnSync('python3', ['-c', script], { input: JSON.stringify(texts), encoding: 'utf8' });
  const expected = JSON.parse(stdout) as string[][][];
  let compared = 0;
  for (const [i, text] of texts.entries()) {
    const rows = new CsvRows(',', '"');
    const found: string[][] = [];
    for (const [number, line] of text.split('\n').entries()) {
      if (!rows.open && line === '') continue;
      const ended = rows.push({ text: line, number, repaired: false });
      if (ended) found.push(ended.fields);
    }
    // Where the last quote is never closed, Python ends the row with the file.
    expect(found).toEqual(expected[i]!.filter((fields) => fields.length > 0).slice(0, rows.open ? -1 : undefined));
    compared += found.length;
  }
  expect(compared).toBeGreaterThan(400);
});
