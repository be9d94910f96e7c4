import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Gpt, buildModel, loadModel, saveModel } from '../../../lib/models/index.js';
import { manualSeed, memory, randn } from '../../../lib/tensor/index.js';
import { CharTokenizer, createPreprocessor } from '../../../lib/text/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

let root = '';
let folder = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-save-'));
  folder = join(root, 'model');
});

afterEach(() => rm(root, { recursive: true }));

const newModel = () => new Gpt({ vocabSize: 5, contextLength: 8, width: 8, layers: 1, heads: 2 });

describe('a model folder', () => {
  test('holds the files of the Hugging Face layout and nothing else', async () => {
    await saveModel(folder, newModel(), { tokenizer: new CharTokenizer([...'abcde']) });
    const names = ['config.json', 'generation_config.json', 'model.safetensors', 'tokenizer.json'];
    expect((await readdir(folder)).sort()).toEqual(names);
    expect(await readdir(root)).toEqual(['model']);
  });

  test('comes back with tokenizer and generation settings', async () => {
    const generation = { temperature: 0.5, topK: 3, stop: ['e'] };
    await saveModel(folder, newModel(), { tokenizer: new CharTokenizer([...'abcde']), generation });
    const loaded = await loadModel(folder);
    expect(loaded.generation).toEqual(generation);
    expect(loaded.tokenizer!.decode([0, 4])).toBe('ae');
    expect(loaded.model.training).toBe(false);
  });

  test('keeps the dtype of the weights', async () => {
    const model = newModel().to({ dtype: 'bfloat16' });
    await saveModel(folder, model);
    const { model: loaded, tokenizer } = await loadModel(folder);
    expect(loaded.parameters()[0]!.bits()).toEqual(model.parameters()[0]!.bits());
    expect(loaded.parameters()[0]!.dtype).toBe('bfloat16');
    expect(tokenizer).toBeUndefined();
  });

  test('loading draws nothing from the random stream', async () => {
    await saveModel(folder, newModel());
    manualSeed(4);
    const expected = randn([3]).tolist();
    manualSeed(4);
    await loadModel(folder);
    expect(randn([3]).tolist()).toEqual(expected);
  });

  test('carries how text is made uniform', async () => {
    await saveModel(folder, newModel(), { preprocess: { case: { type: 'lower' } } });
    const { model, preprocess } = await loadModel(folder);
    model.dispose();
    expect(preprocess).toMatchObject({ unicode: 'NFC', case: { type: 'lower' } });
    expect(createPreprocessor(preprocess)('Él')).toBe('él');
    await writeFile(join(folder, 'preprocess.json'), '{"case": "lower"}');
    await expect(loadModel(folder)).rejects.toThrow(/preprocess\.case: expected an object/);
    const wrong = { unicode: 'NFX' } as never;
    await expect(saveModel(`${folder}-2`, newModel(), { preprocess: wrong })).rejects.toMatchObject({
      code: 'PAL_CONFIG',
    });
  });

  test('is replaced only when told so', async () => {
    await saveModel(folder, newModel());
    await expect(saveModel(folder, newModel())).rejects.toThrow(/\[PAL_FILE\].*does not exist/);
    await saveModel(folder, newModel(), { replace: true });
    expect(await readdir(root)).toEqual(['model']);
  });

  test('a flipped bit in any weight is found', async () => {
    await saveModel(folder, newModel());
    const path = join(folder, 'model.safetensors');
    const bytes = await readFile(path);
    const start = 8 + Number(bytes.readBigUInt64LE(0));
    for (let at = start; at < bytes.length; at += 97) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << (at % 8);
      await writeFile(path, damaged);
      await expect(loadModel(folder)).rejects.toThrow(/\[PAL_CHECKPOINT\].*SHA-256/);
    }
  });

  test('a weight too many, too few or of another shape is named', async () => {
    await saveModel(folder, newModel());
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as { config: { layers: number } };
    config.config.layers = 2;
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    await expect(loadModel(folder)).rejects.toThrow(/\[PAL_CHECKPOINT\] Gpt\.loadStateDict.*blocks\.1\.\S+ is missing/);
  });

  test.each([{ layers: 1e9 }, { layers: 10_000 }, { width: 2 ** 20 }, { vocabSize: 1e9 }, { contextLength: 2 ** 40 }])(
    'sizes out of all proportion are refused before memory is taken: %p',
    async (sizes) => {
      await saveModel(folder, newModel());
      const path = join(folder, 'config.json');
      const file = JSON.parse(await readFile(path, 'utf8')) as { config: object };
      await writeFile(path, JSON.stringify({ ...file, config: { ...file.config, ...sizes } }));
      const before = memory.stats().peakAllocatedBytes;
      await expect(loadModel(folder)).rejects.toThrow(
        /\[PAL_C(HECKPOINT|ONFIG)\][^]*(weights for config\.json|contextLength|layers)/,
      );
      expect(memory.stats().peakAllocatedBytes).toBe(before);
    },
  );

  test('says which file is missing or no JSON', async () => {
    await expect(loadModel(join(root, 'none'))).rejects.toThrow(/\[PAL_FILE\] loadModel.*config\.json/);
    await saveModel(folder, newModel());
    await writeFile(join(folder, 'config.json'), '{');
    await expect(loadModel(folder)).rejects.toThrow(/\[PAL_CONFIG\] loadModel: expected JSON in .*config\.json/);
    await writeFile(join(folder, 'config.json'), '{"format": "palabra"}');
    await expect(loadModel(folder)).rejects.toThrow(/model: missing/);
  });
});

test('buildModel names the nearest architecture', () => {
  expect(() => buildModel('gtp', {})).toThrow(
    /\[PAL_CONFIG\] buildModel: expected one of gpt, lstm.*Did you mean "gpt"/,
  );
});
