import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { importGguf, loadGguf, loadModel } from '../../../../lib/models/index.js';
import { separateHalves } from '../../../../lib/models/storage/gguf/weights.js';
import { arange, memory, noGrad, openGguf, scope, tensor } from '../../../../lib/tensor/index.js';
import { freedAfterEach } from '../../../helpers/freed.js';
import { createTiny, createTinyTensors, tinyMetadata, writeGguf } from '../../../helpers/gguf.js';
import type { TensorToWrite, Value } from '../../../helpers/gguf.js';

freedAfterEach();

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-gguf-'));
});
afterAll(() => rm(root, { recursive: true }));

async function write(bytes: Uint8Array): Promise<string> {
  const path = join(root, 'model.gguf');
  await writeFile(path, bytes);
  return path;
}

async function readFolder(folder: string, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(root, folder, name), 'utf8')) as Record<string, unknown>;
}

/** The model with tensors changed. */
function withTensors(change: (tensors: TensorToWrite[]) => TensorToWrite[]): Uint8Array {
  return writeGguf({ metadata: tinyMetadata, tensors: change(createTinyTensors(1)) });
}

describe('rows of rotary pairs', () => {
  test('are put apart within each head', () => {
    const rows = arange(12).reshape([12, 1]);
    const found = separateHalves(rows, 3).flatten().tolist();
    expect(found).toEqual([0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11]);
    expect(separateHalves(rows, 1).flatten().tolist()).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]);
    expect(separateHalves(arange(8), 2).tolist()).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
  });

  test.each([
    ['query', 'attn_q', 2],
    ['key', 'attn_k', 1],
    ['value', 'attn_v', 0],
  ])('%s', async (ours, theirs, heads) => {
    const path = await write(createTiny());
    const { model } = await loadGguf(path);
    using file = openGguf(path);
    const expected = separateHalves(file.tensor(`blk.1.${theirs}.weight`), heads);
    expect(model.namedParameters()[`blocks.1.attention.${ours}.weight`]!.tolist()).toEqual(expected.tolist());
  });
});

describe('importGguf and loadGguf', () => {
  test('give the same model, tokenizer and settings', async () => {
    const path = await write(createTiny());
    const folder = join(root, 'above', 'imported');
    const seen: number[] = [];
    const imported = await importGguf(path, folder, { onTensor: (done, total) => seen.push(done, total) });
    expect(imported).toEqual({ name: 'tiny', parameters: 20_416, tensors: 20, tokens: 57, hasChatTemplate: true });
    expect(seen.slice(-2)).toEqual([19, 20]);
    const [direct, stored] = [await loadGguf(path), await loadModel(folder)];
    const ids = tensor([[1, 2, 30, 4]], { dtype: 'int64' });
    const [a, b] = [direct.model, stored.model].map((model) => scope(() => noGrad(() => model.forward(ids).tolist())));
    expect(a).toEqual(b);
    expect(stored.model.config).toEqual(direct.model.config);
    expect(direct.model.config).toMatchObject({
      vocabSize: 57,
      contextLength: 16,
      kvHeads: 1,
      tied: true,
      norm: { eps: 1e-5 },
    });
    expect(direct.generation).toEqual(stored.generation);
    expect(stored.generation).toMatchObject({ temperature: 0, endTokens: [54] });
    expect(stored.tokenizer!.specialTokens).toEqual({ '<|end|>': 54, '<|a b|>': 55 });
    expect([...stored.tokenizer!.encode('bc abc<think>z')]).toEqual([52, 53, 56, 48]);
    expect([...direct.tokenizer!.encode('bc abc<think>z')]).toEqual([52, 53, 56, 48]);
    const config = await readFolder('above/imported', 'tokenizer_config.json');
    expect(config).toMatchObject({ eos_token: '<|end|>', bos_token: '<|end|>', model_max_length: 16 });
    expect(config.chat_template).toContain('{% for m in messages %}');
  });

  test('weights in bfloat16 are the rounded ones', async () => {
    const path = await write(createTiny());
    await importGguf(path, join(root, 'short'), { dtype: 'bfloat16' });
    const { model } = await loadModel(join(root, 'short'));
    const { model: direct } = await loadGguf(path, { dtype: 'bfloat16' });
    const { model: exact } = await loadGguf(path);
    const name = 'blocks.0.attention.query.weight';
    expect(model.dtype).toBe('bfloat16');
    expect(model.namedParameters()[name]!.tolist()).toEqual(direct.namedParameters()[name]!.tolist());
    expect(model.namedParameters()[name]!.tolist()).toEqual(
      exact.to({ dtype: 'bfloat16' }).namedParameters()[name]!.tolist(),
    );
    await expect(loadGguf(path, { dtype: 'int8' as never })).rejects.toThrow('"float32", "float16", "bfloat16"');
  });

  test('a folder that exists stays as it is, and a damaged file leaves none', async () => {
    const path = await write(createTiny());
    const folder = join(root, 'once');
    await importGguf(path, folder);
    await expect(importGguf(path, folder)).rejects.toThrow('a path that does not exist');
    await importGguf(path, folder, { replace: true });
    await write(createTiny().subarray(0, 9000));
    await expect(importGguf(path, join(root, 'never'))).rejects.toThrow('of the data');
    expect(existsSync(join(root, 'never'))).toBe(false);
  });

  test('little more than the model is held while it is read', async () => {
    const rows = 40_000;
    const big = { name: 'token_embd.weight', type: 'Q8_0', shape: [rows, 32], bytes: new Uint8Array(rows * 34) };
    const { 'tokenizer.ggml.model': _, ...metadata } = tinyMetadata;
    const path = await write(writeGguf({ metadata, tensors: [big, ...createTinyTensors(1).slice(1)] }));
    const { model } = await loadGguf(path);
    const bytes = Object.values(model.namedParameters()).reduce((sum, parameter) => sum + parameter.bytes, 0);
    const before = memory.stats().liveBytes;
    memory.resetPeak();
    await importGguf(path, join(root, 'big'));
    expect(memory.stats().peakBytes - before).toBeLessThan(2 ** 22);
    model.dispose();
    const start = memory.stats().liveBytes;
    memory.resetPeak();
    const again = await loadGguf(path);
    expect(memory.stats().peakBytes - start).toBeLessThanOrEqual(bytes + rows * 32 * 4);
    again.model.dispose();
  });

  test('a table that is held in a shorter type is never whole in float32', async () => {
    const [rows, part] = [200_000, 2 ** 18 * 4];
    const big = { name: 'token_embd.weight', type: 'Q8_0', shape: [rows, 32], bytes: new Uint8Array(rows * 34) };
    const { 'tokenizer.ggml.model': _, ...metadata } = tinyMetadata;
    const path = await write(writeGguf({ metadata, tensors: [big, ...createTinyTensors(1).slice(1)] }));
    const { model: whole } = await loadGguf(path);
    const bytes = whole.ownedTensors().reduce((sum, tensor) => sum + tensor.bytes, 0);
    whole.dispose();
    const start = memory.stats().liveBytes;
    memory.resetPeak();
    const { model } = await loadGguf(path, { weights: 'int8' });
    // The place of the table is reserved in float32, and untouched; beside it lie its int8, and parts as they are rounded.
    expect(memory.stats().peakBytes - start - bytes - rows * 36).toBeLessThan(12 * part);
    expect(12 * part).toBeLessThan(0.5 * rows * 32 * 4);
    model.dispose();
  });
});

const ids = Array.from({ length: 57 }, (_, id) => `t${id}`);

describe('what does not fit is named', () => {
  const cases: [name: string, changes: Record<string, Value | undefined>, message: string][] = [
    [
      'no architecture',
      { 'general.architecture': undefined },
      'general.architecture to be one of llama, received none',
    ],
    ['another architecture', { 'general.architecture': { text: 'mamba' } }, 'received mamba'],
    ['a missing size', { 'llama.embedding_length': undefined }, '"llama.embedding_length"'],
    [
      'a size that is a text',
      { 'llama.embedding_length': { text: '32' } },
      'a finite number at the key "llama.embedding_length"',
    ],
    [
      'a size of 0',
      { 'llama.attention.head_count': { uint32: 0 } },
      'a whole number from 1 at the key "llama.attention.head_count"',
    ],
    ['more layers than tensors', { 'llama.block_count': { uint32: 2 ** 32 - 1 } }, '"llama.block_count"'],
    ['one layer too many', { 'llama.block_count': { uint32: 3 } }, 'blk.2.attn_norm.weight is missing'],
    ['another width', { 'llama.embedding_length': { uint32: 64 } }, 'token_embd.weight is [57, 32], not [57, 64]'],
    [
      'heads in unequal groups',
      { 'llama.attention.head_count_kv': { uint32: 3 } },
      'heads that 3 key-value heads divide',
    ],
    [
      'a key that is not computed',
      { 'llama.attention.max_alibi_bias': { float32: 8 } },
      'llama.attention.max_alibi_bias',
    ],
    ['experts', { 'llama.expert_count': { uint32: 8 } }, 'llama.expert_count of 0'],
    ['part of a head turned', { 'llama.rope.dimension_count': { uint32: 8 } }, 'llama.rope.dimension_count of 16'],
    ['another scaling', { 'llama.rope.scaling.type': { text: 'yarn' } }, 'received yarn'],
    ['another tokenizer', { 'tokenizer.ggml.model': { text: 'bert' } }, 'received "bert"'],
    ['no kind of cutting', { 'tokenizer.ggml.pre': undefined }, 'tokenizer.ggml.pre'],
    ['an unknown kind of cutting', { 'tokenizer.ggml.pre': { text: 'default' } }, 'received "default"'],
    ['a misspelt kind of cutting', { 'tokenizer.ggml.pre': { text: 'smolm' } }, 'Did you mean "smollm"?'],
    ['no merges', { 'tokenizer.ggml.merges': undefined }, '"tokenizer.ggml.merges"'],
    ['a merge of no tokens', { 'tokenizer.ggml.merges': { texts: ['q q'] } }, '"q q" at 0'],
    ['a token twice', { 'tokenizer.ggml.tokens': { texts: [...ids.slice(0, 56), 't0'] } }, '"t0" at 0 and 56'],
    ['kinds of too few tokens', { 'tokenizer.ggml.token_type': { int32s: [1] } }, '57 kinds, one a token, received 1'],
    ['an end beyond the tokens', { 'tokenizer.ggml.eos_token_id': { uint32: 57 } }, 'an id below 57, received 57'],
  ];

  test.each(cases)('%s', async (_name, changes, message) => {
    const path = await write(createTiny(changes));
    await expect(loadGguf(path)).rejects.toThrow(message);
    await expect(importGguf(path, join(root, 'none'))).rejects.toThrow(message);
  });

  test.each<[string, (tensors: TensorToWrite[]) => TensorToWrite[], string]>([
    ['a tensor too few', (tensors) => tensors.slice(0, -1), 'output_norm.weight is missing'],
    ['a tensor too many', (tensors) => [...tensors, { ...tensors.at(-1)!, name: 'extra' }], 'extra is unknown'],
  ])('%s', async (_name, change, message) => {
    await expect(loadGguf(await write(withTensors(change)))).rejects.toThrow(message);
  });
});

describe('settings', () => {
  test('a start that is added is said in tokenizer.json, also where its kind alone says so', async () => {
    const kinds: [Record<string, Value>, boolean][] = [
      [{ 'tokenizer.ggml.add_bos_token': { boolean: true } }, true],
      [{}, false],
    ];
    for (const [changes, adds] of kinds) {
      await importGguf(await write(createTiny(changes)), join(root, 'start'), { replace: true });
      const { post_processor: processor } = await readFolder('start', 'tokenizer.json');
      expect(processor !== null).toBe(adds);
      if (adds) expect(JSON.stringify(processor)).toContain('"single":[{"SpecialToken":{"id":"<|end|>","type_id":0}}');
    }
    const silent = { 'tokenizer.ggml.pre': { text: 'llama-bpe' }, 'tokenizer.ggml.add_bos_token': undefined };
    await importGguf(await write(createTiny(silent)), join(root, 'start'), { replace: true });
    const { post_processor: processor, model } = await readFolder('start', 'tokenizer.json');
    expect(processor).not.toBeNull();
    expect(model).toMatchObject({ ignore_merges: true });
  });

  test('several ends, and settings of sampling', async () => {
    const changes = { 'tokenizer.ggml.eot_token_id': { uint32: 55 }, 'general.sampling.temp': { float32: 0.5 } };
    const { generation } = await loadGguf(await write(createTiny(changes)));
    expect(generation).toMatchObject({ temperature: 0.5, endTokens: [54, 55] });
  });

  test('a file without a tokenizer', async () => {
    const path = await write(createTiny({ 'tokenizer.ggml.model': undefined }));
    expect((await loadGguf(path)).tokenizer).toBeUndefined();
    const folder = join(root, 'bare');
    expect(await importGguf(path, folder)).toMatchObject({ hasChatTemplate: false });
    expect(existsSync(join(folder, 'tokenizer.json'))).toBe(false);
  });

  test('several chat templates by name', async () => {
    const changes = { 'tokenizer.chat_templates': { texts: ['tool'] }, 'tokenizer.chat_template.tool': { text: 'T' } };
    await importGguf(await write(createTiny(changes)), join(root, 'templates'));
    const { chat_template: templates } = await readFolder('templates', 'tokenizer_config.json');
    expect(templates).toMatchObject([{ name: 'default' }, { name: 'tool', template: 'T' }]);
  });

  test('a scaling in line', async () => {
    const changes = { 'llama.rope.scaling.type': { text: 'linear' }, 'llama.rope.scaling.factor': { float32: 4 } };
    const { model } = await loadGguf(await write(createTiny(changes)));
    expect(model.config).toMatchObject({ positions: { base: 10_000, scaling: { type: 'linear', factor: 4 } } });
  });
});
