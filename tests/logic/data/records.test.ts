import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { generateRecord, logicRecordSchema, readRecords, writeRecords } from '../../../lib/logic/index.js';
import { makeRecord } from './make-record.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'));
});
afterAll(async () => rm(folder, { recursive: true }));

async function save(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const raw = {
  natural_language_input: 'Si llueve y no llevo paraguas, entonces me mojo.',
  complexity: 'advanced',
  thought: {
    reasoning_steps: [{ step: 1, explanation: 'Hay una condición.' }],
    identified_atoms: [
      { atom: 'p', definition: 'llueve' },
      { atom: 'q', definition: 'llevo paraguas' },
      { atom: 'r', definition: 'me mojo' },
    ],
    identified_connectors: [{ connector: '→', natural_language_cue: 'si…entonces' }],
  },
  output: { formula: '(p ∧ ¬q) → r', formula_ascii: '(p & ~q) -> r' },
  block: '🧠 Lógica Pura & Académica',
  verification: { verified: true, corrected: true, confidence: 0.9, issues: ['dirección'] },
};

describe('records', () => {
  test('those of the grammar come back as they were written', async () => {
    const records = Array.from({ length: 50 }, (_, index) => generateRecord(index, { seed: 3, slice: 'test' }));
    const path = join(folder, 'own.jsonl');
    await writeRecords(path, records);
    expect(await readRecords(path)).toEqual(records);
    expect(records[0]!.provenance.slice).toBe('test');
  });

  test('fields that nobody knows are kept', async () => {
    const record = { ...makeRecord('Llueve mucho.', 'p', ['llueve mucho']), note: { by: 'me' } };
    const [read] = await readRecords(await save('unknown.jsonl', `${JSON.stringify(record)}\n`));
    expect(read).toEqual(record);
  });

  test('raw ones are read from a JSON object and from lines', async () => {
    for (const text of [
      JSON.stringify({ cleaning_stats: {}, examples: [raw] }),
      JSON.stringify({ examples: [raw] }, null, 2),
      `${JSON.stringify(raw)}\n`,
    ]) {
      const [record] = await readRecords(await save('raw.json', text));
      expect(record).toMatchObject({
        schemaVersion: 1,
        input: raw.natural_language_input,
        formula: '(p ∧ ¬q) → r',
        formulaAscii: '(p & ~q) -> r',
        atoms: [{ letter: 'p', gloss: 'llueve' }, { gloss: 'llevo paraguas' }, { gloss: 'me mojo' }],
        connectors: [{ symbol: '→', cue: 'si…entonces' }],
        reasoning: ['Hay una condición.'],
        complexity: 'intermediate',
        declaredComplexity: 'advanced',
        domain: 'Lógica Pura & Académica',
        provenance: { kind: 'llm' },
        verification: { status: 'corrected', confidence: 0.9, issues: ['dirección'] },
      });
    }
  });

  test('what was kept though the service had failed is an error, not verified', async () => {
    const failed = { ...raw, verification: { verified: false, api_error: 'timeout' } };
    const [record] = await readRecords(await save('failed.jsonl', JSON.stringify(failed)));
    expect(record!.verification.status).toBe('error');
  });

  const good = JSON.stringify(makeRecord('Llueve mucho.', 'p', ['llueve mucho']));
  test.each([
    ['no JSON', `${good}\n{"schemaVersion": 1,\n`, /bad\.jsonl:2: expected JSON/],
    [
      'a later schema',
      `\n${good}\n${good.replace('"schemaVersion":1', '"schemaVersion":2')}\n`,
      /:3: .*received schemaVersion 2/,
    ],
    ['a missing field', good.replace('"formula"', '"form"'), /:1: .*received formula: /],
    ['a wrong type inside', good.replace('"gloss":"llueve mucho"', '"gloss":3'), /:1: .*received atoms\[0\]\.gloss: /],
    ['a name that is none', good.replace('"simple"', '"easy"'), /:1: .*received complexity: /],
    ['no object', `${good}\n3\n`, /:2: expected a record, received 3/],
    ['a raw one', JSON.stringify({ natural_language_input: 3 }), /:1: .*natural_language_input/],
    ['a raw one among examples', JSON.stringify({ examples: [raw, {}] }), /examples\[1\]: .*schemaVersion undefined/],
  ])('%s is told with file and line', async (_, text, message) => {
    await expect(readRecords(await save('bad.jsonl', text))).rejects.toThrow(message);
  });

  test('bytes that are no UTF-8 and files that are not there are told', async () => {
    const path = join(folder, 'latin.jsonl');
    await writeFile(path, Buffer.from('{"a":"ñ"}', 'latin1'));
    await expect(readRecords(path)).rejects.toThrow(/latin\.jsonl: expected UTF-8/);
    await expect(readRecords(join(folder, 'none.jsonl'))).rejects.toMatchObject({ code: 'PAL_FILE' });
  });

  test('the schema names every field of a record', async () => {
    const { z } = await import('zod');
    const schema = z.toJSONSchema(logicRecordSchema, { io: 'input' }) as { properties: object };
    for (const key of Object.keys(generateRecord(0, { seed: 1 })))
      expect(Object.keys(schema.properties)).toContain(key);
    expect(await readFile(join(folder, 'own.jsonl'), 'utf8')).toContain('"schemaVersion":1');
  });
});
