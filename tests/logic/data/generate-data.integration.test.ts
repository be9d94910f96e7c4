import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { generateData, readRecords } from '../../../lib/logic/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generate-data-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const settings = { count: 240, seed: 5 } as const;

describe('generateData', () => {
  test('makes as many records as asked for, balanced, split in every protocol, each stage with its counts', async () => {
    const out = join(folder, 'a');
    const stages = await generateData(out, settings);
    expect(stages.map(({ stage }) => stage)).toEqual(['generate', 'clean', 'balance', 'split', 'split', 'split']);
    const records = await readRecords(join(out, 'records.jsonl'));
    expect(records).toHaveLength(240);
    for (const protocol of ['P1', 'P2', 'P3']) {
      const files = await readdir(join(out, protocol));
      const parts = await Promise.all(files.map((file) => readRecords(join(out, protocol, file))));
      expect(
        parts
          .flat()
          .map(({ id }) => id)
          .sort(),
      ).toEqual(records.map(({ id }) => id).sort());
      const statistics = JSON.parse(await readFile(join(out, `${protocol}.stats.json`), 'utf8')) as object;
      expect(statistics).toMatchObject({ stage: 'split', protocol, output: 240 });
    }
    expect(new Set(records.map(({ provenance }) => provenance.slice))).toEqual(
      new Set(['train', 'validation', 'test']),
    );
  });

  test('depends on the seed alone', async () => {
    await generateData(join(folder, 'b'), settings);
    for (const file of ['records.jsonl', 'P1/train.jsonl', 'P2/test.jsonl', 'P3/validation.jsonl'])
      expect(await readFile(join(folder, 'b', file), 'utf8')).toBe(await readFile(join(folder, 'a', file), 'utf8'));
  });

  test.each(['generate', 'clean', 'split', 'write'])('stopped at %s it leaves nothing behind', async (stage) => {
    const stop = new AbortController();
    const onProgress = (progress: { stage: string }): void => {
      if (progress.stage === stage) stop.abort();
    };
    const work = generateData(join(folder, 'c'), { count: 60, signal: stop.signal, onProgress });
    await expect(work).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    expect((await readdir(folder)).filter((name) => !['a', 'b'].includes(name))).toEqual([]);
  });

  test('a folder that is there is left alone', async () => {
    await expect(generateData(join(folder, 'a'), settings)).rejects.toMatchObject({ code: 'PAL_FILE' });
  });
});
