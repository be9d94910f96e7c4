import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Gpt, importHub, loadModel, saveHuggingFace } from '../../../lib/models/index.js';
import { manualSeed, noGrad, scope, tensor } from '../../../lib/tensor/index.js';
import { BpeTokenizer, ChatTemplate } from '../../../lib/text/index.js';
import { HubServer } from '../../data/sources/hub-server.js';
import { palabra } from '../../helpers/cli.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const [MAIN, SHARDED, BARE] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
const NAME = 'owner/tiny';
const template = new ChatTemplate('{% for m in messages %}{{ m.content }}{{ eos_token }}{% endfor %}', {
  tokens: { eos_token: '<END>' },
});

let root = '';
let logits: Float32Array;
let files: Record<string, Record<string, Uint8Array>>;
let hub: HubServer;

const computeLogits = (model: Gpt | Awaited<ReturnType<typeof loadModel>>['model']): Float32Array =>
  scope(() => noGrad(() => model.forward(tensor([[1, 5, 2, 7]], { dtype: 'int64' })).data())) as Float32Array;

async function readFolder(folder: string): Promise<Record<string, Uint8Array>> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-hub-'));
  manualSeed(4);
  const tokenizer = await BpeTokenizer.train('one two three', { vocabSize: 262, specialTokens: ['<END>'] });
  const size = { vocabSize: tokenizer.size, contextLength: 16, width: 16, layers: 2, heads: 2 };
  const model = new Gpt({ ...size, queryKeyNorm: { type: 'none' } });
  logits = computeLogits(model);
  await saveHuggingFace(join(root, 'whole'), model, { tokenizer, chatTemplate: template });
  await saveHuggingFace(join(root, 'shards'), model, { tokenizer, shardBytes: 8000 });
  model.dispose();
  const whole = await readFolder(join(root, 'whole'));
  files = {
    [MAIN]: { ...whole, 'README.md': Buffer.from('# tiny'), 'pytorch_model.bin': Buffer.from('no') },
    [SHARDED]: { ...(await readFolder(join(root, 'shards'))), 'consolidated.safetensors': Buffer.from('no') },
    [BARE]: { 'config.json': whole['config.json']!, 'pytorch_model.bin': Buffer.from('no') },
  };
});
afterAll(() => rm(root, { recursive: true }));

beforeEach(async () => {
  const branches = { main: MAIN, sharded: SHARDED, bare: BARE };
  hub = await HubServer.start({ [NAME]: { branches, files }, 'owner/locked': { branches, files, token: 'let-me-in' } });
});
afterEach(() => hub[Symbol.asyncDispose]());

let folders = 0;
const nextFolder = (): string => join(root, `out-${folders++}`);
const nextCache = (): { cacheDirectory: string } => ({ cacheDirectory: nextFolder() });
const open = () => ({ endpoint: hub.endpoint, retryDelayMs: 1, ...nextCache() });

describe('importHub', () => {
  test.each(['main', 'sharded'])('writes a model of the hub as it is: %s', async (revision) => {
    const folder = nextFolder();
    const found = await importHub(NAME, folder, { ...open(), revision });
    const { model, tokenizer, chatTemplate } = await loadModel(folder);
    expect(computeLogits(model)).toEqual(logits);
    expect(found).toMatchObject({
      ...{ name: NAME, commit: revision === 'main' ? MAIN : SHARDED, tokens: tokenizer!.size },
      hasChatTemplate: revision === 'main',
    });
    expect(found.parameters).toBe(model.parameterCount());
    expect(chatTemplate?.source).toBe(revision === 'main' ? template.source : undefined);
    const names = await readdir(folder);
    for (const left of ['README.md', 'pytorch_model.bin', 'consolidated.safetensors'])
      expect(names).not.toContain(left);
    model.dispose();
  });

  test('takes the cache where the network is not to be used, and fetches nothing twice', async () => {
    const options = open();
    await importHub(NAME, nextFolder(), options);
    const before = hub.asked.filter((path) => path.includes('/store/')).length;
    await importHub(NAME, nextFolder(), options);
    expect(hub.asked.filter((path) => path.includes('/store/'))).toHaveLength(before);
    const folder = nextFolder();
    expect((await importHub(NAME, folder, { ...options, offline: true })).commit).toBe(MAIN);
    expect(Object.keys(await readFolder(folder))).toContain('model.safetensors');
    await expect(importHub('owner/other', nextFolder(), { ...options, offline: true })).rejects.toThrow(
      /\[PAL_DATA\].*"owner\/other" to be in the cache/,
    );
  });

  test('says what a repository lacks', async () => {
    await expect(importHub(NAME, nextFolder(), { ...open(), revision: 'bare' })).rejects.toThrow(
      /\[PAL_DATA\] importHub: expected model.safetensors in owner\/tiny, received none, but pytorch_model.bin/,
    );
    await expect(importHub(NAME, nextFolder(), { ...open(), revision: 'v9' })).rejects.toThrow(
      /a model "owner\/tiny" with the revision "v9", received none on the hub/,
    );
    await expect(importHub('owner/locked', nextFolder(), open())).rejects.toThrow(
      /access to the model "owner\/locked"/,
    );
    await expect(importHub('../etc', nextFolder(), open())).rejects.toThrow(/\[PAL_ARGUMENT\]/);
  });

  test('leaves a folder that is there, unless it is to be replaced', async () => {
    const [folder, options] = [nextFolder(), open()];
    await importHub(NAME, folder, options);
    await expect(importHub(NAME, folder, options)).rejects.toThrow(/\[PAL_FILE\]/);
    expect((await importHub(NAME, folder, { ...options, replace: true, revision: 'sharded' })).commit).toBe(SHARDED);
    expect(await readdir(folder)).toContain('model.safetensors.index.json');
  });

  test('a file that comes damaged is thrown away', async () => {
    hub.disturb = (request, response) => {
      if (!request.url!.includes('/store/') || !request.url!.endsWith('model.safetensors')) return false;
      const bytes = Buffer.from(files[MAIN]!['model.safetensors']!);
      bytes[bytes.length - 1]! ^= 1;
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
      return true;
    };
    const folder = nextFolder();
    await expect(importHub(NAME, folder, open())).rejects.toThrow(/to have the hash/);
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });
});

describe('palabra import', () => {
  test('takes a model of the hub by its name', async () => {
    const out = nextFolder();
    const env = { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: nextFolder() };
    const { status, stdout } = await palabra(['import', NAME, '--out', out, '--revision', 'sharded', '--json'], env);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ folder: out, name: NAME, commit: SHARDED });
    const again = await palabra(['import', NAME, '--out', out], env);
    expect([again.status, again.stderr]).toEqual([1, expect.stringMatching(/\[PAL_FILE\]/)]);
    const typed = await palabra(['import', NAME, '--out', nextFolder(), '--dtype', 'float16'], env);
    expect(typed.stderr).toMatch(/--dtype with a GGUF file only/);
  });

  test('takes a path for a file', async () => {
    const missing = await palabra(['import', './no/such.gguf', '--out', nextFolder()]);
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringMatching(/\[PAL_FILE\].*such\.gguf/)]);
    const revision = await palabra(['import', './no/such.gguf', '--out', nextFolder(), '--revision', 'main']);
    expect(revision.stderr).toMatch(/--revision with a model of the hub only/);
  });
});
