import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Gpt, loadHuggingFace, loadModel, saveHuggingFace, saveModel } from '../../../../lib/models/index.js';
import type { GptOptions } from '../../../../lib/models/index.js';
import { loadSafetensors, manualSeed, saveSafetensors, zeros } from '../../../../lib/tensor/index.js';
import type { Tensor } from '../../../../lib/tensor/index.js';
import { freedAfterEach } from '../../../helpers/freed.js';

freedAfterEach();

const sizes = {
  ...{ vocabSize: 7, contextLength: 8, width: 8, layers: 2, heads: 2 },
  queryKeyNorm: { type: 'none' },
} as const;
const gpt2: GptOptions = {
  ...sizes,
  positions: { type: 'learned' },
  norm: { type: 'layer', eps: 1e-4 },
  mlp: { type: 'gelu', approximate: 'tanh' },
  bias: true,
  dropout: { embedding: 0.1, attention: 0.2, residual: 0.3 },
};
const scaling = { type: 'llama3', factor: 4, lowFreqFactor: 1, highFreqFactor: 3, originalContextLength: 8 } as const;
const llama: GptOptions = { ...sizes, kvHeads: 1, tied: false, positions: { type: 'rotary', base: 500 } };

let root = '';
let folder = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-hugging-face-'));
  folder = join(root, 'model');
});

afterEach(() => rm(root, { recursive: true }));

async function configOf(): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
}

async function withFields(fields: object): Promise<void> {
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...(await configOf()), ...fields }));
}

async function withTensors(change: (tensors: Record<string, Tensor>) => Record<string, Tensor>): Promise<void> {
  const path = join(folder, 'model.safetensors');
  await saveSafetensors(path, change(loadSafetensors(path)));
}

describe.each([
  ['gpt2', gpt2],
  ['llama', llama],
  ['llama', { ...llama, bias: true, positions: { type: 'rotary', base: 500, scaling } }],
  ['llama', { ...llama, positions: { type: 'rotary', base: 500, scaling: { type: 'linear', factor: 2 } } }],
  ['llama', { ...llama, headWidth: 10, bias: { queryKeyValue: true, attentionOutput: true, mlp: false, norm: false } }],
  ['llama', { ...llama, heads: 3, kvHeads: 3, headWidth: 6, bias: { queryKeyValue: false, attentionOutput: false, mlp: true, norm: false } }], // prettier-ignore
  ['qwen2', { ...llama, bias: { queryKeyValue: true, attentionOutput: false, mlp: false, norm: false } }],
  ['qwen2', { ...llama, attention: { type: 'slidingWindow', window: 5, layers: [1] }, bias: { queryKeyValue: true, attentionOutput: false, mlp: false, norm: false } }], // prettier-ignore
  ['mistral', { ...llama, headWidth: 6, attention: { type: 'slidingWindow', window: 5 } }],
] as [string, GptOptions][])('%s, %#', (modelType, options) => {
  test('comes back bit for bit, dtype and configuration too', async () => {
    manualSeed(1);
    const model = new Gpt(options).to({ dtype: 'bfloat16' });
    await saveHuggingFace(folder, model);
    expect((await configOf()).model_type).toBe(modelType);
    const loaded = (await loadHuggingFace(folder)).model as Gpt;
    expect(Object.keys(loaded.stateDict())).toEqual(Object.keys(model.stateDict()));
    for (const [name, value] of Object.entries(model.stateDict())) {
      expect(loaded.stateDict()[name]!.dtype).toBe('bfloat16');
      expect(loaded.stateDict()[name]!.bits()).toEqual(value.bits());
    }
    const { dropout, mlp, ...rest } = model.config;
    expect(loaded.config).toMatchObject(rest);
    expect(loaded.config.mlp.type).toBe(mlp.type);
    expect(loaded.training).toBe(false);
    expect(dropout).toBeDefined();
  });

  test('is known by its config.json to loadModel, which turns it into a folder of ours', async () => {
    await saveHuggingFace(folder, new Gpt(options));
    const { model } = await loadModel(folder);
    await saveModel(join(root, 'ours'), model);
    const { model: again } = await loadModel(join(root, 'ours'));
    expect(again.config).toEqual(model.config);
  });

  test('names every tensor that is missing, unknown or misshapen', async () => {
    await saveHuggingFace(folder, new Gpt(options));
    await withTensors((tensors) => {
      const [first, , ...others] = Object.entries(tensors);
      return { ...Object.fromEntries([first!, ...others]), 'extra.weight': zeros([2]) };
    });
    await expect(loadHuggingFace(folder)).rejects.toThrow(
      /\[PAL_CHECKPOINT\].* is missing; extra\.weight is not part of the model/,
    );
    await rm(folder, { recursive: true });
    await saveHuggingFace(folder, new Gpt(options));
    await withFields({ vocab_size: 9 });
    await expect(loadHuggingFace(folder)).rejects.toThrow(/\[PAL_CHECKPOINT\].*embedding\.weight has shape \[7,8\]/);
  });
});

describe('fields that ask for something else are refused by name', () => {
  test.each([
    [gpt2, { scale_attn_by_inverse_layer_idx: true }, /scale_attn_by_inverse_layer_idx/],
    [gpt2, { activation_function: 'relu' }, /activation_function/],
    [
      gpt2,
      { add_cross_attention: true, reorder_and_upcast_attn: true },
      /2 problems[^]*reorder[^]*add_cross_attention/,
    ],
    [gpt2, { quantization_config: { bits: 4 } }, /quantization_config/],
    [llama, { quantization_config: { quant_method: 'gptq' } }, /quantization_config/],
    [llama, { partial_rotary_factor: 0.5 }, /partial_rotary_factor/],
    [llama, { rope_scaling: { type: 'dynamic', factor: 2 } }, /rope_scaling\.type/],
    [llama, { rope_scaling: { rope_type: 'llama3', factor: 2 } }, /low_freq_factor for rope_type llama3/],
    [llama, { rope_parameters: { rope_theta: 5, rope_type: 'yarn' } }, /rope_parameters\.rope_type/],
    [llama, { hidden_act: 'gelu' }, /hidden_act/],
    [llama, { model_type: 'mamba' }, /model_type to be one of gpt2, llama, qwen2, mistral, received "mamba"/],
  ])('%#: %j %j', async (options, fields, message) => {
    await saveHuggingFace(folder, new Gpt(options));
    await withFields(fields);
    await expect(loadHuggingFace(folder)).rejects.toThrow(message);
    await expect(loadHuggingFace(folder)).rejects.toThrow(/^\[PAL_CONFIG\]/);
  });
});

test('the names of the published GPT-2 are known: no prefix, stored masks, a second copy of the table', async () => {
  await saveHuggingFace(folder, new Gpt(gpt2));
  await withTensors((tensors) => {
    const bare = Object.entries(tensors).map(([name, value]) => [name.replace('transformer.', ''), value]);
    const more = { 'h.0.attn.bias': zeros([1, 1, 8, 8]), 'lm_head.weight': tensors['transformer.wte.weight']! };
    return { ...(Object.fromEntries(bare) as Record<string, Tensor>), ...more };
  });
  expect((await loadHuggingFace(folder)).model.parameterCount()).toBe(new Gpt(gpt2).parameterCount());
});

test('older fields of LLaMA are known: rope_theta at the top, torch_dtype', async () => {
  await saveHuggingFace(folder, new Gpt(llama));
  await withFields({ rope_theta: 700, torch_dtype: 'float32', rope_scaling: null });
  expect(((await loadHuggingFace(folder)).model as Gpt).config.positions).toEqual({ type: 'rotary', base: 700 });
});

describe('shards', () => {
  const index = (map: Record<string, string>) =>
    writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));

  async function inTwoFiles(): Promise<Record<string, string>> {
    await saveHuggingFace(folder, new Gpt(llama), { replace: true });
    const tensors = Object.entries(loadSafetensors(join(folder, 'model.safetensors')));
    const map: Record<string, string> = {};
    for (const part of [0, 1]) {
      const file = `model-0000${part + 1}-of-00002.safetensors`;
      const mine = tensors.filter((_, i) => i % 2 === part);
      await saveSafetensors(join(folder, file), Object.fromEntries(mine));
      for (const [name] of mine) map[name] = file;
    }
    await rm(join(folder, 'model.safetensors'));
    return map;
  }

  test('are read through their index', async () => {
    await index(await inTwoFiles());
    expect(((await loadHuggingFace(folder)).model as Gpt).config.layers).toBe(2);
  });

  test('are written where the weights are larger than asked for', async () => {
    const model = new Gpt(llama);
    await saveHuggingFace(folder, model, { shardBytes: 1500 });
    const files = (await readdir(folder)).filter((file) => file.startsWith('model')).sort();
    expect(files.at(-1)).toBe('model.safetensors.index.json');
    const count = String(files.length - 1).padStart(5, '0');
    expect(files[0]).toBe(`model-00001-of-${count}.safetensors`);
    expect(files.length).toBeGreaterThan(3);
    const loaded = (await loadHuggingFace(folder)).model.stateDict();
    for (const [name, value] of Object.entries(model.stateDict())) expect(loaded[name]!.bits()).toEqual(value.bits());
    const stored = JSON.parse(await readFile(join(folder, files.at(-1)!), 'utf8')) as { metadata: unknown };
    expect(stored.metadata).toEqual({ total_size: 4 * model.parameterCount() });
    await expect(saveHuggingFace(folder, model, { shardBytes: 0 })).rejects.toThrow(/shardBytes/);
  });

  test('must hold what the index says, no more and no less, and lie in the folder', async () => {
    const map = await inTwoFiles();
    const [first, ...others] = Object.entries(map);
    await index(Object.fromEntries(others));
    await expect(loadHuggingFace(folder)).rejects.toThrow(/only tensors that the index lists, received/);
    const other = Object.values(map).find((file) => file !== first![1])!;
    await index({ ...map, [first![0]]: other });
    await expect(loadHuggingFace(folder)).rejects.toThrow(/as the index says, received none/);
    await mkdir(join(root, 'elsewhere'));
    await index({ ...map, [first![0]]: '../elsewhere/x.safetensors' });
    await expect(loadHuggingFace(folder)).rejects.toThrow(/names of files in the folder/);
  });
});

describe('generation_config.json', () => {
  test('comes back', async () => {
    const generation = { temperature: 0.7, topK: 20, topP: 0.9, maxTokens: 30, endTokens: [2, 3] };
    await saveHuggingFace(folder, new Gpt(llama), { generation });
    expect((await loadHuggingFace(folder)).generation).toEqual({ ...generation, suppressTokens: [] });
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'generation_config.json', 'model.safetensors']);
  });

  test('what it has no field for is named, by a warning too', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const generation = { repetitionPenalty: 1.2, repetitionWindow: 20, presencePenalty: 0.5, stop: ['x', 'y'] };
    const left = ['repetitionWindow', 'presencePenalty'];
    expect(await saveHuggingFace(folder, new Gpt(llama), { generation })).toEqual(left);
    expect(warn.mock.calls.map(([text]) => String(text))).toEqual([expect.stringContaining(left.join(', '))]);
    warn.mockRestore();
    expect((await loadHuggingFace(folder)).generation).toMatchObject({
      ...{ repetitionPenalty: 1.2, repetitionWindow: 'all', stop: ['x', 'y'] },
    });
  });

  test('is config.json where it is absent; fields that nothing reads are noted', async () => {
    await saveHuggingFace(folder, new Gpt(llama));
    await rm(join(folder, 'generation_config.json'));
    const fields = { eos_token_id: [3, 99], n_special: 0, 'transformers.js_config': {}, unsloth_version: '2024.9' };
    await withFields(fields);
    const loaded = await loadHuggingFace(folder);
    expect(loaded.generation).toMatchObject({ temperature: 0, endTokens: [3] });
    const names = 'n_special, transformers.js_config, unsloth_version';
    expect(loaded.notes).toEqual([`config.json: ${names} change nothing that is computed`]);
    await writeFile(join(folder, 'generation_config.json'), '{"num_beams": 4, "do_sample": true}');
    const again = await loadHuggingFace(folder);
    expect(again.generation).toMatchObject({ topK: 50, endTokens: [3] });
    expect(again.notes?.[1]).toBe('generation_config.json: num_beams without a counterpart here');
  });

  test('without do_sample means the likeliest token', async () => {
    await saveHuggingFace(folder, new Gpt(llama));
    await writeFile(join(folder, 'generation_config.json'), '{"top_k": 50, "eos_token_id": 2, "use_cache": true}');
    expect((await loadHuggingFace(folder)).generation).toEqual({
      ...{ temperature: 0, topK: 50, endTokens: [2], suppressTokens: [] },
    });
    await writeFile(join(folder, 'generation_config.json'), '{"top_p": 7, "do_sample": true}');
    await expect(loadHuggingFace(folder)).rejects.toThrow(/\[PAL_CONFIG\] generation_config\.json.*topP/s);
  });
});

test.each([
  [{ attention: { type: 'differential' } }, 'attention'],
  [{ attention: { type: 'logitSoftCap' } }, 'attention'],
  [{ valueResidual: { value: true } }, 'valueResidual'],
] as const)('neither layout says %j', async (options, path) => {
  const model = new Gpt({ ...sizes, ...options });
  await expect(saveHuggingFace(folder, model)).rejects.toThrow(
    new RegExp(`gpt2 has no .*${path}.*llama has no ${path} as`),
  );
  model.dispose();
});

test('what neither layout can say is not written', async () => {
  const model = new Gpt({ ...sizes, queryKeyNorm: { type: 'rms' }, logitSoftCap: 5 });
  await expect(saveHuggingFace(folder, model)).rejects.toThrow(
    /\[PAL_CONFIG\] saveHuggingFace: .*gpt2 has no positions, .*llama has no queryKeyNorm, logitSoftCap as these.*saveModel/,
  );
  expect(await readdir(root)).toEqual([]);
});
