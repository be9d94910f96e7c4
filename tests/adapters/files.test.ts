import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addAdapter,
  getAdapterParameters,
  hashBase,
  listAdapters,
  loadAdapter,
  mergeAdapters,
  saveAdapter,
} from '../../lib/adapters/index.js';
import type { LoraOptions } from '../../lib/adapters/index.js';
import type { Gpt } from '../../lib/models/index.js';
import { buildOptimizer } from '../../lib/optim/index.js';
import { loadSafetensors, noGrad, saveSafetensors, scope, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { layouts, logitsOf, newIds, newLlama, perturb } from './models.js';

freedAfterEach();

let root = '';
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-adapter-files-'));
});
afterAll(() => rm(root, { recursive: true }));

const newFolder = (): string => join(root, String(++count));

type Fields = Record<string, unknown>;

/** An adapter as if it had been trained, stored; gives the logits with it. */
async function store(folder: string, options: LoraOptions = {}, model = newLlama({ bias: true })) {
  addAdapter(model, { r: 4, ...options }, { name: 'mine', layouts });
  perturb(model, 'mine');
  await saveAdapter(folder, model, { name: 'mine', layouts });
  return logitsOf(model);
}

const readConfig = async (folder: string): Promise<Fields> =>
  JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')) as Fields;

/** Rewrites the tensors of a folder. */
async function rewrite(folder: string, change: (tensors: Record<string, Tensor>) => Record<string, Tensor>) {
  const path = join(folder, 'adapter_model.safetensors');
  await saveSafetensors(path, change(loadSafetensors(path)));
}

const kinds: [string, LoraOptions][] = [
  ['plain', {}],
  [
    'rsLoRA with patterns',
    { useRslora: true, rankPattern: { q_proj: 2, 'blocks.1.mlp.up': 7 }, alphaPattern: { down: 3 } },
  ],
  ['DoRA, all biases', { useDora: true, bias: 'all' }],
  ['a table and a module trained whole', { targetModules: ['embedding', 'up'], modulesToSave: ['head', 'norm'] }],
  ['layers', { targetModules: ['query', 'gate'], layersToTransform: 1, bias: 'loraOnly' }],
];

describe('an adapter', () => {
  test.each(kinds)('%s: stored under one name and read under another gives the same logits', async (_name, options) => {
    const folder = newFolder();
    const logits = await store(folder, options);
    const model = newLlama({ bias: true });
    const { name, trainableParameters } = await loadAdapter(folder, model, { name: 'yours', layouts });
    expect([name, trainableParameters]).toEqual(['yours', 0]);
    expect(logitsOf(model)).toEqual(logits);
    const names = Object.keys(loadSafetensors(join(folder, 'adapter_model.safetensors')));
    expect(names.every((key) => key.startsWith('base_model.model.') && !/mine|default/.test(key))).toBe(true);
    expect(Object.keys(model.namedParameters({ trainable: true }))).toEqual([]);
  });

  test('has PEFT’s fields, ranks and alphas that differ by module', async () => {
    const folder = newFolder();
    await store(folder, { ...kinds[1]![1], targetModules: ['query', 'mlp.up', 'down'] });
    expect(await readConfig(folder)).toEqual({
      ...{ peft_type: 'LORA', task_type: 'CAUSAL_LM', base_model_name_or_path: null, inference_mode: true },
      ...{ r: 4, lora_alpha: 8, lora_dropout: 0.025, bias: 'none', fan_in_fan_out: false, init_lora_weights: true },
      ...{ use_rslora: true, use_dora: false, modules_to_save: null },
      target_modules: ['q_proj', 'up_proj', 'down_proj'],
      rank_pattern: {
        'model.layers.0.self_attn.q_proj': 2,
        'model.layers.1.self_attn.q_proj': 2,
        'model.layers.1.mlp.up_proj': 7,
      },
      alpha_pattern: { 'model.layers.0.mlp.down_proj': 3, 'model.layers.1.mlp.down_proj': 3 },
    });
  });

  test('is the same whatever the order of its keys, and at the default alpha of a file without one', async () => {
    const folder = newFolder();
    const logits = await store(folder, { loraAlpha: 8, rankPattern: { q_proj: 16 } });
    await rewrite(folder, (tensors) => Object.fromEntries(Object.entries(tensors).reverse()));
    const { lora_alpha: _alpha, ...fields } = await readConfig(folder);
    await writeFile(join(folder, 'adapter_config.json'), JSON.stringify(fields));
    const model = newLlama({ bias: true });
    await loadAdapter(folder, model, { layouts });
    expect(logitsOf(model)).toEqual(logits);
  });

  test('read to be trained further is thawed whole: one step moves each tensor', async () => {
    const folder = newFolder();
    await store(folder, { useDora: true, bias: 'loraOnly', modulesToSave: ['head'] });
    const model = newLlama({ bias: true });
    const { trainableParameters } = await loadAdapter(folder, model, { layouts, trainable: true });
    const stored = Object.values(loadSafetensors(join(folder, 'adapter_model.safetensors')));
    expect(trainableParameters).toBe(stored.reduce((sum, { numel }) => sum + numel, 0));
    const optimizer = buildOptimizer({ type: 'adamw', learningRate: 0.01 }, model);
    const before = Object.values(getAdapterParameters(model, 'default')).map((value) => value.bits());
    scope(() => model.accumulateGradients(newIds(), newIds()));
    optimizer.step();
    const after = Object.values(getAdapterParameters(model, 'default'));
    const still = Object.keys(getAdapterParameters(model, 'default')).filter((_, i) => Buffer.compare(Buffer.from(after[i]!.bits().buffer), Buffer.from(before[i]!.buffer)) === 0); // prettier-ignore
    // A bias of keys moves all scores of a query nearly alike where nothing rotates; here everything moves.
    expect(still).toEqual([]);
    optimizer.dispose();
  });

  test('of a merged model is stored all the same', async () => {
    const folder = newFolder();
    const model = newLlama();
    addAdapter(model, { r: 4 });
    perturb(model);
    const logits = logitsOf(model);
    mergeAdapters(model);
    await saveAdapter(folder, model);
    const other = newLlama();
    await loadAdapter(folder, other);
    expect(logitsOf(other)).toEqual(logits);
  });

  test('takes the place of a folder as a whole, or none', async () => {
    const folder = newFolder();
    await mkdir(folder);
    await writeFile(join(folder, 'adapter_model.bin'), 'stale');
    const model = newLlama();
    addAdapter(model, { r: 2 });
    await expect(saveAdapter(folder, model)).rejects.toMatchObject({ code: 'PAL_FILE' });
    expect(existsSync(join(folder, 'adapter_model.bin'))).toBe(true);
    await saveAdapter(folder, model, { replace: true });
    expect(existsSync(join(folder, 'adapter_model.bin'))).toBe(false);
  });
});

describe('the base', () => {
  test('is known by its bits, adapters and merging aside', () => {
    const model = newLlama({ tied: true, bias: true });
    const hash = hashBase(model);
    addAdapter(model, { r: 2, targetModules: ['head', 'up'], bias: 'all', modulesToSave: ['embedding'] });
    expect(hashBase(model)).toBe(hash);
    mergeAdapters(model);
    expect(hashBase(model)).toBe(hash);
    const other = newLlama({ tied: true, bias: true });
    noGrad(() => other.norm.weight.narrow(0, 0, 1).add_(1e-6));
    expect(hashBase(other)).not.toBe(hash);
  });

  test('must be the one that the adapter was trained on, unless any will do', async () => {
    const folder = newFolder();
    await store(folder);
    const model = newLlama({ bias: true });
    noGrad(() => model.norm.weight.mul_(1.5));
    const before = logitsOf(model);
    await expect(loadAdapter(folder, model, { layouts })).rejects.toMatchObject({ code: 'PAL_CHECKPOINT' });
    expect(logitsOf(model)).toEqual(before);
    await loadAdapter(folder, model, { layouts, anyBase: true });
    expect(logitsOf(model)).not.toEqual(before);
  });

  test('of a larger vocabulary is refused, and nothing is applied', async () => {
    const folder = newFolder();
    await store(folder, { modulesToSave: ['head'] }, newLlama({ bias: true, vocabSize: 31 }));
    const model = newLlama({ bias: true });
    await expect(loadAdapter(folder, model, { layouts })).rejects.toMatchObject({ code: 'PAL_CHECKPOINT' });
    const any = loadAdapter(folder, model, { layouts, anyBase: true });
    await expect(any).rejects.toThrow(/lm_head\.weight has shape \[31,24\], not \[29,24\]/);
    expect(listAdapters(model)).toEqual([]);
  });
});

describe('a file that does not fit is refused by name, and the model stays as it was', () => {
  const first = 'base_model.model.model.layers.0.self_attn.q_proj';
  const damages: [string, (folder: string) => Promise<unknown>, RegExp][] = [
    ['truncated', (folder) => truncate(join(folder, 'adapter_model.safetensors'), 5000), /PAL_CHECKPOINT/],
    ['empty', (folder) => truncate(join(folder, 'adapter_model.safetensors'), 0), /PAL_CHECKPOINT/],
    ['absent', (folder) => rm(join(folder, 'adapter_model.safetensors')), /PAL_FILE/],
    ['no JSON', (folder) => writeFile(join(folder, 'adapter_config.json'), '{'), /PAL_CONFIG.*JSON/],
    ['a missing B', (folder) => rewrite(folder, ({ [`${first}.lora_B.weight`]: _, ...rest }) => rest), /q_proj\.lora_B\.weight is missing/], // prettier-ignore
    [
      'a missing module',
      (folder) =>
        rewrite(folder, (all) => Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith(first)))),
      /blocks\.0\.attention\.query is missing/,
    ],
    ['an unknown tensor', (folder) => rewrite(folder, (all) => ({ ...all, 'base_model.model.x': zeros([1]) })), /base_model\.model\.x is unknown/], // prettier-ignore
    [
      'an adapter’s name in its keys',
      (folder) =>
        rewrite(folder, (all) =>
          Object.fromEntries(
            Object.entries(all).map(([key, value]) => [key.replace('.weight', '.default.weight'), value]),
          ),
        ),
      /keys base_model\.model\.…\.lora_A\.weight/,
    ],
    ['another shape', (folder) => rewrite(folder, (all) => ({ ...all, [`${first}.lora_A.weight`]: zeros([4, 25]) })), /lora_A\.weight has shape \[4,25\], not \[4,24\]/], // prettier-ignore
    ['another rank', (folder) => change(folder, { r: 8 }), /has shape \[4,24\], not \[8,24\]/],
    ['another module', (folder) => rewrite(folder, (all) => ({ ...all, 'base_model.model.model.layers.9.mlp.up_proj.lora_A.weight': zeros([4, 24]) })), /layers\.9\.mlp\.up_proj/], // prettier-ignore
    ['rank 0', (folder) => change(folder, { r: 0 }), /PAL_CONFIG.*r: expected a number of at least 1/s],
    ['another kind', (folder) => change(folder, { peft_type: 'IA3' }), /peft_type/],
    ['base weights taken apart', (folder) => change(folder, { init_lora_weights: 'pissa' }), /init_lora_weights/],
    ['what is not computed', (folder) => change(folder, { layer_replication: [[0, 1]] }), /layer_replication/],
    ['patterns of more than names', (folder) => change(folder, { rank_pattern: { '(a+)+$': 4 } }), /rank_pattern/],
    ['targets that the model lacks', (folder) => change(folder, { target_modules: ['c_attn'] }), /"c_attn"/],
  ];

  test.each(damages)('%s', async (_name, damage, message) => {
    const folder = newFolder();
    await store(folder);
    await damage(folder);
    const model = newLlama({ bias: true });
    const [before, names] = [logitsOf(model), Object.keys(model.stateDict())];
    await expect(loadAdapter(folder, model, { layouts })).rejects.toThrow(message);
    expect(logitsOf(model)).toEqual(before);
    expect(Object.keys(model.stateDict())).toEqual(names);
    expect(Object.keys(model.namedParameters({ trainable: false }))).toEqual([]);
  });

  test('and adapters that are there go on', async () => {
    const folder = newFolder();
    await store(folder);
    await change(folder, { r: 8 });
    const model: Gpt = newLlama({ bias: true });
    addAdapter(model, { r: 2 }, { name: 'first' });
    perturb(model, 'first');
    const before = logitsOf(model);
    await expect(loadAdapter(folder, model, { layouts })).rejects.toThrow('PAL_CHECKPOINT');
    expect(logitsOf(model)).toEqual(before);
    expect(listAdapters(model)).toMatchObject([{ name: 'first', active: true, trainable: true }]);
  });

  async function change(folder: string, fields: Fields): Promise<void> {
    const old = await readConfig(folder);
    await writeFile(join(folder, 'adapter_config.json'), JSON.stringify({ ...old, ...fields }));
  }
});
