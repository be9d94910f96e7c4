import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { WindowDataset, loadHuggingFaceDataset, openPrepared, prepare } from '../../lib/data/index.js';
import type { HubDataset } from '../../lib/data/index.js';
import { isPalabraError } from '../../lib/core/index.js';
import { loadGpt2Tokenizer } from '../../lib/text/index.js';
import { HubServer } from './sources/hub-server.js';

const NAME = 'Salesforce/wikitext';
const CONFIG = 'wikitext-2-raw-v1';
const LENGTH = 256;

const tokenizer = await loadGpt2Tokenizer();

/** The lines as the hub has them, with the breaks that end them and blank ones between. */
const rows = Array.from({ length: 300 }, (_, i) =>
  i % 3 === 1
    ? ''
    : i % 12 === 0
      ? ` = Chapter ${i} = \n`
      : ` The valley of ${i * 37} – a quiet place – lies east . \n`,
);

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'palabra-wikitext-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lines that are not blank, one below the other, as ids of GPT-2 in windows of 256. */
async function windowsOf(dataset: AsyncIterable<string>): Promise<{ text: string; ids: Uint32Array; drawn: number }> {
  const lines: string[] = [];
  for await (const line of dataset) lines.push(line);
  const text = lines.join('\n');
  const directory = join(folder, 'data');
  await prepare(text, { directory, tokenizer, endToken: null, split: { validation: 0, test: 0 } });
  using prepared = await openPrepared(directory);
  const { tokens } = prepared.train;
  const windows = new WindowDataset(tokens, { length: LENGTH, partial: 'drop' });
  const ids = Uint32Array.from(tokens.subarray(0, tokens.length));
  let drawn = 0;
  for (const { inputs, targets, shape } of windows.batches({ batchSize: 8, order: 'sequential' })) {
    expect([...inputs]).toEqual([...ids.subarray(drawn * LENGTH, (drawn + shape[0]) * LENGTH)]);
    expect([...targets]).toEqual([...ids.subarray(drawn * LENGTH + 1, (drawn + shape[0]) * LENGTH + 1)]);
    drawn += shape[0];
  }
  expect(drawn).toBe(windows.size);
  return { text, ids, drawn };
}

async function inCache(): Promise<HubDataset | undefined> {
  return await loadHuggingFaceDataset(NAME, { config: CONFIG, offline: true, blank: 'drop' }).catch(
    (error: unknown) => {
      if (isPalabraError(error) && error.code === 'PAL_DATA') return undefined;
      throw error;
    },
  );
}

const cached = await inCache();

describe('WikiText-2, raw', () => {
  test.each([NAME, 'wikitext'])('from a hub under the name %s: labels are inputs shifted by one', async (name) => {
    const data = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: rows, type: 'STRING' }] }));
    const commit = 'e'.repeat(40);
    const files = { [commit]: { [`${CONFIG}/train-00000-of-00001.parquet`]: data } };
    await using hub = await HubServer.start({ [NAME]: { branches: { main: commit }, files } });
    hub.disturb = ({ url = '' }, response) => {
      if (!/\/datasets\/wikitext(?:\/|\?|$)/.test(url)) return false;
      const location = url.replace('/datasets/wikitext', `/datasets/${NAME}`);
      return Boolean(response.writeHead(307, { location }).end());
    };
    const cacheDirectory = join(folder, 'cache');
    const options = { config: CONFIG, endpoint: hub.endpoint, cacheDirectory, offline: false } as const;
    const dataset = await loadHuggingFaceDataset(name, { ...options, blank: 'drop' });
    const { text, ids, drawn } = await windowsOf(dataset);
    expect(dataset.report).toMatchObject({ documents: 200, blank: 100 });
    expect(text).toBe(rows.filter((row) => row !== '').join('\n'));
    expect([tokenizer.size, tokenizer.decode(ids)]).toEqual([50_257, text]);
    expect(drawn).toBe(Math.floor((ids.length - 1) / LENGTH));
  });

  test('2,391,884 ids are 9,343 windows', () => {
    const windows = new WindowDataset(new Uint16Array(2_391_884), { length: LENGTH, partial: 'drop' });
    expect(windows.size).toBe(9343);
    expect(new WindowDataset(windows.tokens, { length: LENGTH }).targetCount).toBe(2_391_883);
  });

  const where = cached ? test : test.skip;
  where('the training part (skipped unless it is in the cache of the hub): 2,391,884 ids', async () => {
    const { text, ids, drawn } = await windowsOf(cached!);
    expect([text.length, ids.length, drawn]).toEqual([10_916_756, 2_391_884, 9343]);
  });
});
