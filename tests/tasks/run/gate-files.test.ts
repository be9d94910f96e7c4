import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { judgeFiles } from '../../../lib/tasks/instruct/gate/judge-files.js';
import { gateConfigSchema } from '../../../lib/tasks/index.js';
import type { FileTrials, LossComparison, QualityReport } from '../../../lib/tasks/index.js';
import { parseConfig } from '../../../lib/core/index.js';
import { openSafetensors } from '../../../lib/tensor/index.js';
import { Workshop, listFacts } from './fixture.js';

let shop: Workshop;
beforeAll(async () => {
  shop = await Workshop.open();
});
afterAll(() => rm(shop.folder, { recursive: true }));
beforeEach(() => shop.empty());
afterEach(() => rm(shop.store, { recursive: true, force: true }));

describe('several new files', () => {
  test('that agree are promoted together; of copies the first is tried, and trials leave the adapter as it was', async () => {
    await shop.write('city.jsonl', listFacts('city', 24));
    await shop.write('city_migrated.jsonl', listFacts('city', 24));
    await shop.write('tree.jsonl', listFacts('tree', 24));
    await shop.write('user.jsonl', listFacts('user', 24));
    const { reasons, quality, version } = await shop.train();
    expect(reasons).toEqual([]);
    const pairs = Object.entries(quality!.trials).map(([name, others]) => [name, Object.keys(others)]);
    expect(pairs).toEqual([
      ['city.jsonl', ['tree.jsonl', 'user.jsonl']],
      ['tree.jsonl', ['city.jsonl', 'city_migrated.jsonl', 'user.jsonl']],
      ['user.jsonl', ['city.jsonl', 'city_migrated.jsonl', 'tree.jsonl']],
    ]);
    const readBits = (id: string | null) => {
      using file = openSafetensors(join(shop.store, 'versions', id!, 'adapter_model.safetensors'));
      return file.names.map((name) => file.tensor(name).bits());
    };
    const tried = readBits(version);
    await rm(shop.store, { recursive: true });
    const untried = await shop.train({ gate: { regression: 1e9, prompts: 0, trial: 0 } });
    expect(untried.quality!.trials).toEqual({});
    expect(untried.quality!.overall).toEqual(quality!.overall);
    expect(readBits(untried.version)).toEqual(tried);
    expect(tried.length).toBeGreaterThan(0);
  });

  test.each(['city', 'assistant'])(
    'of which one gives wrong answers (%s) are refused, and it is named',
    async (topic) => {
      await shop.write('city.jsonl', listFacts('city', 24));
      await shop.write('poison.jsonl', listFacts(topic, 24, 1));
      await shop.write('tree.jsonl', listFacts('tree', 24));
      await shop.write('user.jsonl', listFacts('user', 24));
      const report = await shop.train();
      const { base } = report.quality!.overall;
      expect(base!.interval[0]).toBeGreaterThan(0);
      expect(report.status).toBe('rejected');
      const accused = report.reasons.filter((reason) => reason.includes('speaks against other files'));
      expect(accused).toEqual([expect.stringMatching(/^poison\.jsonl .* city\.jsonl .* tree\.jsonl .* user\.jsonl/)]);
      const pointers = await readFile(join(shop.store, 'pointers.json'), 'utf8').catch(() => '{"current":null}');
      expect(JSON.parse(pointers)).toMatchObject({ current: null });
    },
  );
});

describe('what is held against files', () => {
  const settings = parseConfig('gate', gateConfigSchema, {});
  const compare = (growth: number, spread = 0.01, examples = 8): LossComparison => {
    const fall = -Math.log1p(growth);
    const losses = { loss_before: 1, loss_after: 1 - fall, perplexity_before: Math.E, perplexity_after: Math.E };
    return { ...losses, examples, improvement: fall, interval: [fall - spread, fall + spread] };
  };
  const judge = (trials: FileTrials, datasets: QualityReport['datasets'] = {}): string[] => {
    const overall = { base: null, current: null };
    const general = { base: 1, current: null, version: 1 };
    return judgeFiles({ overall, datasets, trials, earlier: null, general, generation: null }, settings);
  };

  test('is surely worse on one of them, beside the version before where there was one', () => {
    const datasets = {
      better: { base: compare(-0.5), current: compare(-0.1) },
      worse: { base: compare(-0.5), current: compare(0.2) },
      first: { base: compare(0.05), current: null },
      unsure: { base: compare(0.2, 0.3), current: null },
      single: { base: compare(9, 0, 1), current: null },
    };
    expect(judge({}, datasets)).toEqual([
      'perplexity on worse grew by 20.0 % over the current version, surely more than 3.0 %',
      'perplexity on first grew by 5.0 % over the base, surely more than 3.0 %',
    ]);
  });

  test('is what harms most; what it is harmed by in turn is no charge', () => {
    const [much, little] = [compare(0.4), compare(0.05)];
    const trials = {
      a: { b: little, poison: much },
      b: { a: little, poison: much },
      poison: { a: much, b: much },
    };
    expect(judge(trials)).toEqual([
      'poison speaks against other files: a little more of it alone raises the perplexity on a (40.0 %), b (40.0 %), surely more than 10.0 %',
    ]);
    expect(judge({ a: { b: little }, b: { a: compare(0.4, 0.5) } })).toEqual([]);
    expect(judge({ ...trials, other: { a: much, b: much } })).toHaveLength(2);
  });
});
