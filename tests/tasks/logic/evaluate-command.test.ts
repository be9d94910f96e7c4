import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { generateRecord, readPredictions, writeRecords } from '../../../lib/logic/index.js';
import type { LogicReport } from '../../../lib/logic/index.js';
import { Gpt, saveModel } from '../../../lib/models/index.js';
import { formalize, trainLogicTokenizer } from '../../../lib/tasks/index.js';
import { manualSeed, noGrad } from '../../../lib/tensor/index.js';
import { palabra } from '../../helpers/cli.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logic-evaluate-model-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('palabra logic evaluate measures what a model writes, constrained and free', async () => {
  const records = Array.from({ length: 12 }, (_, index) => generateRecord(index, { seed: 5 }));
  const tokenizer = await trainLogicTokenizer(records, { vocabSize: 400 });
  manualSeed(1);
  using model = new Gpt({ vocabSize: tokenizer.size, contextLength: 256, width: 16, layers: 1, heads: 2 });
  noGrad(() => model.parameters().forEach((parameter) => parameter.mul_(3)));
  await saveModel(join(folder, 'model'), model, { tokenizer });
  const [data, out] = [join(folder, 'data.jsonl'), join(folder, 'out')];
  await writeRecords(data, records);
  const run = async (...flags: string[]): Promise<LogicReport> => {
    const found = await palabra(['logic', 'evaluate', '--data', data, '--model', folder, '--json', ...flags]);
    expect(found.status).toBe(0);
    return JSON.parse(found.stdout) as LogicReport;
  };
  const report = await run('--beams', '2', '--out', out);
  expect(report).toMatchObject({
    ...{ model: folder, tokenizer: `${tokenizer.size} tokens`, total: 12, missing: 0, unused: 0 },
    ...{ decoding: { beams: 2, constrained: true }, alignment: { gloss: 12, strict: 0 } },
    global: { syntax_valid_rate: 1 },
  });
  const found = await formalize(
    records.map(({ input }) => input),
    { model, tokenizer, beams: 2 },
  );
  const written = await readPredictions(join(out, 'predictions.jsonl'));
  expect(written.map(({ id, formula }) => [id, formula])).toEqual(
    found.map(({ formula }, place) => [records[place]!.id, formula]),
  );
  expect((await readFile(join(out, 'report.txt'), 'utf8')).startsWith('data')).toBe(true);
  const free = await run('--free');
  expect(free).toMatchObject({ decoding: { constrained: false }, global: { syntax_valid_rate: 0, partial_credit: 0 } });
});
