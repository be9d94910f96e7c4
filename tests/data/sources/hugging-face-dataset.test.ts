import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { loadHuggingFaceDataset } from '../../../lib/data/index.js';
import type { HubDatasetOptions } from '../../../lib/data/index.js';
import { resolveHubSettings } from '../../../lib/data/sources/hub/hub-settings.js';
import { SourceFolder, all } from './files.js';
import { HubServer } from './hub-server.js';

const MAIN = 'a'.repeat(40);
const CONVERTED = 'c'.repeat(40);
const NAME = 'owner/wiki';
const RAW = { config: 'wiki-2-raw', field: 'text' };

const parquet = (...texts: string[]): Uint8Array =>
  new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'text', data: texts, type: 'STRING' }] }));

const long = Array.from({ length: 3000 }, (_, i) => `line ${i} of a file that is fetched in parts ${i * i}`);

let hub: HubServer;
let folder: SourceFolder;

beforeEach(async () => {
  folder = new SourceFolder();
  hub = await HubServer.start({
    [NAME]: {
      branches: { main: MAIN, 'refs/convert/parquet': CONVERTED },
      files: {
        [MAIN]: {
          'README.md': Buffer.from('# wiki'),
          'wiki-2-raw/train-00000-of-00002.parquet': parquet('uno', 'dos'),
          'wiki-2-raw/train-00001-of-00002.parquet': parquet(...long),
          'wiki-2-raw/test-00000-of-00001.parquet': parquet('prueba'),
          'extra/more.jsonl.gz': gzipSync('{"text":"más"}\n{"text":"otro"}\n'),
        },
        [CONVERTED]: { 'made/train/0000.parquet': parquet('hecho') },
      },
    },
  });
});

afterEach(async () => {
  await hub[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** Bytes on the disk of a file that is not yet whole. */
function partialBytes(): number {
  const blobs = join(folder.path, 'datasets--owner--wiki', 'blobs');
  const part = readdirSync(blobs).find((name) => name.endsWith('.incomplete'));
  return part === undefined ? 0 : statSync(join(blobs, part)).size;
}

function open(options: HubDatasetOptions = {}, name = NAME): ReturnType<typeof loadHuggingFaceDataset> {
  const { endpoint } = hub;
  return loadHuggingFaceDataset(name, {
    endpoint,
    cacheDirectory: folder.path,
    offline: false,
    retryDelayMs: 1,
    attempts: 3,
    ...options,
  });
}

const downloads = (): string[] => hub.asked.filter((path) => path.startsWith('/store/'));

const WARNING = { type: 'PalabraHubWarning', code: 'PAL_DATA' };

describe('loadHuggingFaceDataset', () => {
  test('reads a split of a configuration, and the second time from the cache', async () => {
    const dataset = await open(RAW);
    expect(dataset.commit).toBe(MAIN);
    expect(dataset.files).toEqual([
      'wiki-2-raw/train-00000-of-00002.parquet',
      'wiki-2-raw/train-00001-of-00002.parquet',
    ]);
    expect(downloads()).toEqual([]);
    expect(await all(dataset)).toEqual(['uno', 'dos', ...long]);
    expect(dataset.report).toMatchObject({ files: 2, documents: 3002 });
    expect(await all(dataset)).toHaveLength(3002);
    expect(await all(await open({ ...RAW, split: 'test' }))).toEqual(['prueba']);
    expect(downloads()).toHaveLength(3);
  });

  test('lays the cache out as other clients do', async () => {
    const [path] = await (await open({ ...RAW, split: 'test' })).download();
    const root = join(folder.path, 'datasets--owner--wiki');
    expect(path).toBe(join(root, 'snapshots', MAIN, 'wiki-2-raw', 'test-00000-of-00001.parquet'));
    expect(lstatSync(path!).isSymbolicLink()).toBe(true);
    expect(readlinkSync(path!)).toMatch(/^\.\.\/\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
    expect(readFileSync(join(root, 'refs', 'main'), 'utf8')).toBe(MAIN);
    expect(readdirSync(join(root, 'blobs')).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  test('a pattern in place of a split, and other formats; files in git have its hash', async () => {
    expect(await all(await open({ files: 'extra/*.gz' }))).toEqual(['más', 'otro']);
    expect(await all(await open({ files: '**/test-*' }))).toEqual(['prueba']);
  });

  test('what the hub has made of a dataset', async () => {
    const dataset = await open({ config: 'made' });
    expect([dataset.commit, await all(dataset)]).toEqual([CONVERTED, ['hecho']]);
    expect(await all(await open({ config: 'made', offline: true }))).toEqual(['hecho']);
  });

  test('offline: from the cache alone, or an error that says what to do', async () => {
    await expect(open({ ...RAW, offline: true })).rejects.toThrow(
      /"owner\/wiki" to be in the cache.*unset HF_HUB_OFFLINE/,
    );
    await all(await open(RAW));
    hub.asked.length = 0;
    const dataset = await open({ ...RAW, offline: true });
    expect(await all(dataset)).toHaveLength(3002);
    const other = await open({ ...RAW, split: 'test', offline: true });
    await expect(all(other)).rejects.toMatchObject({ code: 'PAL_DATA' });
    expect(hub.asked).toEqual([]);
  });

  test('offline with what another client has fetched', async () => {
    const root = join(folder.path, 'datasets--owner--wiki');
    for (const name of ['refs', 'blobs', `snapshots/${MAIN}/data`]) mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, 'refs', 'main'), MAIN);
    writeFileSync(join(root, 'blobs', 'x'), parquet('ajeno'));
    symlinkSync('../../../blobs/x', join(root, 'snapshots', MAIN, 'data', 'train-00000-of-00001.parquet'));
    expect(await all(await open({ offline: true }))).toEqual(['ajeno']);
  });

  test('a commit in place of a branch needs no question about branches', async () => {
    expect(await all(await open({ ...RAW, split: 'test', revision: MAIN }))).toEqual(['prueba']);
    expect(hub.asked.filter((path) => path.includes('/revision/'))).toEqual([]);
  });

  test('connections that break: goes on where they stopped', async () => {
    let cuts = 2;
    hub.disturb = (request, response) => {
      if (!request.url!.startsWith('/store/') || !request.url!.includes('00001-of-00002') || cuts-- <= 0) return false;
      const bytes = hub.repositories[NAME]!.files[MAIN]!['wiki-2-raw/train-00001-of-00002.parquet']!;
      const from = Number(/(\d+)-$/.exec(request.headers.range ?? '0-')![1]);
      const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
      response.writeHead(from === 0 ? 200 : 206, { 'content-length': bytes.length - from, ...range });
      const cut = () => void (partialBytes() < from + 5000 ? setTimeout(cut, 5) : response.destroy());
      response.write(bytes.subarray(from, from + 5000), cut);
      return true;
    };
    expect(await all(await open(RAW))).toHaveLength(3002);
    const ranges = downloads().flatMap((path) => /bytes=(\d+)-/.exec(path)?.[1] ?? []);
    expect(ranges).toEqual(['5000', '10000']);
  });

  test('what an interrupted process left is used; what is wrong in it is found and fetched anew', async () => {
    const bytes = hub.repositories[NAME]!.files[MAIN]!['wiki-2-raw/test-00000-of-00001.parquet']!;
    const dataset = await open({ ...RAW, split: 'test' });
    await dataset.download();
    const [blob] = readdirSync(join(folder.path, 'datasets--owner--wiki', 'blobs'));
    using fresh = new SourceFolder();
    const blobs = join(fresh.path, 'datasets--owner--wiki', 'blobs');
    mkdirSync(blobs, { recursive: true });
    writeFileSync(join(blobs, `${blob!}.incomplete`), bytes.subarray(0, 100));
    const options = { ...RAW, split: 'test', cacheDirectory: fresh.path };
    expect(await all(await open(options))).toEqual(['prueba']);
    expect(hub.asked.at(-1)).toMatch(/bytes=100-$/);

    using spoilt = new SourceFolder();
    const others = join(spoilt.path, 'datasets--owner--wiki', 'blobs');
    mkdirSync(others, { recursive: true });
    writeFileSync(join(others, `${blob!}.incomplete`), Buffer.alloc(100));
    const wrong = await open({ ...options, cacheDirectory: spoilt.path });
    await expect(all(wrong)).rejects.toThrow(/to have the hash [0-9a-f]{64}, received [0-9a-f]{64}\. .* try again/);
    expect(await all(wrong)).toEqual(['prueba']);
  });

  test('a hub that is busy is asked again, one that stays so is an error', async () => {
    let busy = 2;
    hub.disturb = (_, response) => busy-- > 0 && Boolean(response.writeHead(503).end());
    expect(await all(await open({ ...RAW, split: 'test' }))).toEqual(['prueba']);
    busy = 1e9;
    await expect(open(RAW)).rejects.toThrow(
      /to answer, received status 503 at the last of 3 attempts\. .*HF_HUB_OFFLINE=1/,
    );
  });

  test('a hub that is silent or absent is an error', async () => {
    hub.disturb = () => true;
    using warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await expect(open({ ...RAW, timeoutMs: 50, attempts: 2 })).rejects.toThrow(/received no answer in time/);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/does not answer: .* asked up to 2 times/), WARNING]]);
    await expect(open({ ...RAW, endpoint: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'PAL_DATA' });
    await expect(open({ ...RAW, endpoint: 'ftp://x' })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
  });

  test('tokens go to the hub and no further', async () => {
    hub.repositories[NAME]!.token = 'secret';
    await expect(open(RAW)).rejects.toThrow(
      /access to the dataset "owner\/wiki", received status 401\. .*set HF_TOKEN/,
    );
    await expect(open({ ...RAW, token: 'wrong' })).rejects.toThrow(/the token may read it/);
    expect(await all(await open({ ...RAW, split: 'test', token: 'secret' }))).toEqual(['prueba']);
    const entries = [...hub.tokens];
    expect(entries.filter(([path]) => path.startsWith('/store/')).map(([, token]) => token)).toEqual([undefined]);
  });

  test('names that lead nowhere', async () => {
    await expect(open({ config: 'wiki-2-row' })).rejects.toThrow(
      /config "wiki-2-row" and split "train", received none.*Did you mean "wiki-2-raw"/,
    );
    await expect(open({ ...RAW, split: 'trian' })).rejects.toThrow(/Did you mean "train"/);
    await expect(open({})).rejects.toThrow(/Configurations: wiki-2-raw, extra, made\./);
    await expect(open({ ...RAW, revision: 'v9' })).rejects.toThrow(/with the revision "v9", received none on the hub/);
    await expect(open({ files: '*.zip' })).rejects.toThrow(/that match "\*\.zip", received none among 5/);
    await expect(open(RAW, '../etc')).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    await expect(open(RAW, 'nobody/nothing')).rejects.toMatchObject({ code: 'PAL_DATA', details: { status: 401 } });
  });

  test('paths of the hub cannot leave the cache', async () => {
    const files = hub.repositories[NAME]!.files[MAIN]!;
    hub.repositories[NAME]!.files[MAIN] = { '../../../train.parquet': files['README.md']!, ...files };
    await expect(open(RAW)).rejects.toThrow(/received a file "\.\.\/\.\.\/\.\.\/train\.parquet" of size 6/);
  });

  test('a list of files in the cache that is none is told', async () => {
    await all(await open({ ...RAW, split: 'test' }));
    const path = join(folder.path, 'datasets--owner--wiki', 'palabra', `${MAIN}.json`);
    for (const content of ['no JSON', '{}', '[null]', '[{"path":"../x","size":1,"hash":{"type":"git","value":""}}]']) {
      writeFileSync(path, content);
      await expect(open(RAW)).rejects.toMatchObject({ code: 'PAL_DATA', details: { path } });
    }
  });

  test('two that want the same file wait for one download; progress is told', async () => {
    const heard: number[] = [];
    const dataset = await open({
      ...RAW,
      split: 'test',
      onProgress: ({ bytes, totalBytes }) => heard.push(bytes / totalBytes),
    });
    expect(await Promise.all([all(dataset), all(dataset)])).toEqual([['prueba'], ['prueba']]);
    expect(downloads()).toHaveLength(1);
    expect(heard.at(-1)).toBe(1);
  });
});

test('settings come from the environment that other clients know', () => {
  const from = (environment: Record<string, string>) => resolveHubSettings({}, { HF_TOKEN: 't', ...environment });
  expect(from({}).endpoint).toBe('https://huggingface.co');
  expect(from({ HF_ENDPOINT: 'https://mirror.example/' }).endpoint).toBe('https://mirror.example');
  expect(from({ HF_HOME: '/h' })).toMatchObject({ cacheDirectory: '/h/hub', token: 't', offline: false });
  expect(from({ HF_HOME: '/h', HF_HUB_CACHE: '/c', HF_HUB_OFFLINE: '1' })).toMatchObject({
    cacheDirectory: '/c',
    offline: true,
  });
  expect(from({ XDG_CACHE_HOME: '/x' }).cacheDirectory).toBe('/x/huggingface/hub');
  expect(resolveHubSettings({}, { HF_HOME: '/nowhere' }).token).toBeUndefined();
});
