import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  addAdapter,
  getAdapterParameters,
  loadAdapter,
  mergeAndUnload,
  saveAdapter,
  withoutAdapters,
} from '../../lib/adapters/index.js';
import type { LoraOptions } from '../../lib/adapters/index.js';
import { Random } from '../../lib/core/index.js';
import {
  Gpt,
  findArchitecture,
  gptPresets,
  importGguf,
  loadHuggingFace,
  saveHuggingFace,
} from '../../lib/models/index.js';
import type { GptOptions } from '../../lib/models/index.js';
import { trainStep } from '../../lib/step/index.js';
import { AdamW } from '../../lib/optim/index.js';
import { loadSafetensors, manualSeed, noGrad, randn, scope, tensor } from '../../lib/tensor/index.js';
import { batchOfRows } from '../helpers/batches.js';
import { freedAfterEach } from '../helpers/freed.js';
import { findSmolLm } from '../helpers/smollm.js';
import { describeWithPython, python } from '../helpers/python.js';

freedAfterEach();

/** The largest difference of logits, in float32. */
const MARK = 1e-4;

const layouts = findArchitecture('test', 'gpt').huggingFace;
const random = new Random(8);
const ids = Array.from({ length: 2 }, () => Array.from({ length: 11 }, () => random.integer(29)));

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-peft-'));
});
afterAll(() => rm(root, { recursive: true }));

type Logits = number[][][];

function logitsOf(model: Gpt): Logits {
  return scope(() => noGrad(() => model.forward(tensor(ids, { dtype: 'int64' }))).tolist()) as Logits;
}

function difference(a: Logits, b: Logits): number {
  const flat = b.flat(2);
  return Math.max(...a.flat(2).map((value, i) => Math.abs(value - flat[i]!)));
}

const llama = {
  ...{ model_type: 'llama', vocab_size: 29, hidden_size: 24, intermediate_size: 40, num_hidden_layers: 3 },
  ...{ num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 16 },
};
const gpt2 = { model_type: 'gpt2', vocab_size: 29, n_positions: 16, n_embd: 24, n_layer: 3, n_head: 4 };
const seven = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

/** What PEFT writes. */
const foreign: Record<string, { config: object; lora: object }> = {
  'seven targets': { config: llama, lora: { r: 4, lora_alpha: 8, target_modules: seven } },
  'all-linear, rsLoRA': {
    config: llama,
    lora: { r: 4, lora_alpha: 8, target_modules: 'all-linear', use_rslora: true },
  },
  'ranks and alphas by name': {
    config: llama,
    lora: {
      ...{ r: 4, lora_alpha: 16, target_modules: ['q_proj', 'down_proj'] },
      ...{
        rank_pattern: { q_proj: 2, '^model.layers.1.mlp.down_proj': 8 },
        alpha_pattern: { 'layers.2.mlp.down_proj': 3 },
      },
    },
  },
  'layers and left out': {
    config: llama,
    lora: { r: 2, target_modules: seven, exclude_modules: ['k_proj'], layers_to_transform: [0, 2] },
  },
  DoRA: { config: llama, lora: { r: 4, lora_alpha: 12, target_modules: seven, use_dora: true } },
  'biases of adapted maps, DoRA': {
    config: { ...llama, attention_bias: true, mlp_bias: true },
    lora: { r: 4, target_modules: ['q_proj', 'up_proj'], bias: 'lora_only', use_dora: true },
  },
  'all biases': {
    config: { ...llama, attention_bias: true, mlp_bias: true },
    lora: { r: 4, target_modules: ['q_proj', 'up_proj'], bias: 'all' },
  },
  'table, and head trained whole': {
    config: llama,
    lora: { r: 4, lora_alpha: 6, target_modules: ['embed_tokens', 'q_proj'], modules_to_save: ['lm_head', 'norm'] },
  },
  'tied head': {
    config: { ...llama, tie_word_embeddings: true },
    lora: { r: 4, lora_alpha: 6, target_modules: ['lm_head', 'v_proj'] },
  },
  'GPT-2, whose queries, keys and values are one map': {
    config: { ...gpt2, bos_token_id: 0, eos_token_id: 0 },
    lora: { r: 4, lora_alpha: 8, target_modules: ['c_attn', 'c_proj', 'c_fc'], fan_in_fan_out: true },
  },
};

const size = { vocabSize: 29, contextLength: 16, width: 24, layers: 3, heads: 4, kvHeads: 2, initStd: 0.3 } as const;
const untied: GptOptions = { ...size, ...gptPresets.llama, tied: false };

/** What palabra writes. */
const own: Record<string, { config: GptOptions; lora: LoraOptions }> = {
  'all linear maps': { config: untied, lora: { r: 4 } },
  'rsLoRA, ranks and alphas by name': {
    config: untied,
    lora: {
      r: 4,
      useRslora: true,
      targetModules: ['query', 'down'],
      rankPattern: { '1.mlp.down': 2 },
      alphaPattern: { query: 5 },
    },
  },
  'some layers': { config: untied, lora: { r: 4, targetModules: ['up', 'down'], layersToTransform: [0, 2] } },
  'DoRA, biases': {
    config: { ...untied, bias: true },
    lora: { r: 4, useDora: true, bias: 'loraOnly', excludeModules: ['key'] },
  },
  'all biases': { config: { ...untied, bias: true }, lora: { r: 4, targetModules: ['key'], bias: 'all' } },
  'table, and head trained whole': {
    config: untied,
    lora: { r: 4, targetModules: ['embedding', 'value'], modulesToSave: ['head'] },
  },
  'tied head': { config: { ...untied, tied: true }, lora: { r: 4, targetModules: ['head', 'value'] } },
};

/** Gives an adapter values as if it had been trained. */
function shake(model: Gpt, std = 0.1): void {
  noGrad(() =>
    scope(() => {
      for (const part of Object.values(getAdapterParameters(model, 'default'))) part.add_(randn(part.shape).mul(std));
    }),
  );
}

function ask<T>(requests: object[]): T[] {
  return python('tests/parity/adapters.py', { input: requests }).json as T[];
}

describeWithPython('adapters of PEFT', () => {
  test('are read: the same logits with, without and merged', async () => {
    const requests = Object.entries(foreign).map(([name, { config, lora }]) => {
      return { action: 'write', folder: join(root, 'write', name), config, lora, ids };
    });
    const expected = ask<Record<'with' | 'without', Logits>>(requests);
    for (const [i, name] of Object.keys(foreign).entries()) {
      const model = (await loadHuggingFace(join(root, 'write', name, 'base'))).model as Gpt;
      const { modules } = await loadAdapter(join(root, 'write', name, 'adapter'), model, { layouts });
      const found = expected[i]!;
      const worst = [
        difference(logitsOf(model), found.with),
        difference(withoutAdapters(model, () => logitsOf(model)), found.without), // prettier-ignore
      ];
      mergeAndUnload(model);
      worst.push(difference(logitsOf(model), found.with));
      console.log(
        `${name}: ${modules.length} modules, logits differ by at most ${Math.max(...worst).toExponential(1)}`,
      );
      expect(difference(found.with, found.without)).toBeGreaterThan(0.05);
      expect(Math.max(...worst)).toBeLessThan(MARK);
      await saveHuggingFace(join(root, 'write', name, 'merged'), model);
      const again = (await loadHuggingFace(join(root, 'write', name, 'merged'))).model as Gpt;
      expect(difference(logitsOf(again), logitsOf(model))).toBe(0);
    }
  });

  test('are written: the same logits and keys; 50 steps beside PEFT from the same first weights and batches', async () => {
    manualSeed(5);
    const written: Logits[] = [];
    for (const [name, { config, lora }] of Object.entries(own)) {
      const [model, folder] = [new Gpt(config).eval(), join(root, 'read', name)];
      await saveHuggingFace(join(folder, 'base'), model);
      addAdapter(model, lora, { layouts });
      shake(model);
      await saveAdapter(join(folder, 'adapter'), model, { layouts, baseModel: join(folder, 'base') });
      written.push(logitsOf(model));
    }
    const trained: number[][] = [];
    for (const name of TRAINED) trained.push(await trainHere(name));

    const names = Object.keys(own);
    const reading = names.map((name) => ({ action: 'read', folder: join(root, 'read', name), ids }));
    const training = TRAINED.map((name) => ({ action: 'train', folder: join(root, 'train', name), batches, settings }));
    const answers = ask<{ with: Logits; losses: number[] }>([...reading, ...training]);
    for (const [i, name] of names.entries()) {
      const worst = difference(answers[i]!.with, written[i]!);
      console.log(`${name}: logits differ by at most ${worst.toExponential(1)}`);
      expect(worst).toBeLessThan(MARK);
    }
    for (const [i, name] of TRAINED.entries()) {
      const [ours, theirs] = [trained[i]!, answers[names.length + i]!.losses];
      const losses = Math.max(...ours.map((loss, step) => Math.abs(loss - theirs[step]!)));
      const weights = compareFiles(join(root, 'train', name, 'ours'), join(root, 'train', name, 'trained'));
      console.log(`${name}: losses ${losses.toExponential(1)}, weights ${weights.toExponential(1)} apart`);
      expect(ours.at(-1)!).toBeLessThan(ours[0]!);
      expect(losses).toBeLessThanOrEqual(1e-4);
      expect(weights).toBeLessThanOrEqual(1e-5);
    }
  });
});

describeWithPython('an adapter of SmolLM2-135M', () => {
  test('gives the logits of PEFT, rank 16 on seven targets', async () => {
    const folder = join(root, 'smollm');
    await importGguf(findSmolLm(), join(folder, 'base'), { dtype: 'float32' });
    const model = (await loadHuggingFace(join(folder, 'base'))).model as Gpt;
    manualSeed(7);
    const { modules, trainableParameters } = addAdapter(
      model,
      { r: 16, loraAlpha: 32, targetModules: seven },
      { layouts },
    );
    expect([modules.length, trainableParameters]).toEqual([210, (17_095_680 / 56) * 16]);
    shake(model, 0.01);
    await saveAdapter(join(folder, 'adapter'), model, { layouts });
    const prompt = [Array.from({ length: 24 }, () => random.integer(49_152))];
    const ours = scope(() =>
      noGrad(() =>
        model
          .forward(tensor(prompt, { dtype: 'int64' }), { training: false })
          .narrow(1, 22, 2)
          .tolist(),
      ),
    ) as Logits;
    const plain = withoutAdapters(model, () =>
      scope(() =>
        noGrad(() =>
          model
            .forward(tensor(prompt, { dtype: 'int64' }))
            .narrow(1, 22, 2)
            .tolist(),
        ),
      ),
    ) as Logits;
    model.dispose();
    const [found] = ask<{ with: Logits }>([{ action: 'read', folder, ids: prompt, last: 2 }]);
    const worst = difference(found!.with, ours);
    console.log(
      `SmolLM2-135M: logits differ by at most ${worst.toExponential(1)}, the base's by ${difference(plain, ours)}`,
    );
    expect(difference(plain, ours)).toBeGreaterThan(0.5);
    expect(worst).toBeLessThan(MARK);
  });
});

/** Those of {@link own} that are trained. */
const TRAINED = ['all linear maps', 'DoRA, biases', 'table, and head trained whole'];

const settings = { learningRate: 1e-3, betas: [0.9, 0.99], weightDecay: 0.01, maxGradNorm: 1 } as const;

/** Ids that rise by one from a random place, and the ids after them. */
const batches = Array.from({ length: 50 }, () => {
  const rows = Array.from({ length: 4 }, () => {
    const first = random.integer(29);
    return Array.from({ length: 13 }, (_, i) => (first + i) % 29);
  });
  return { inputs: rows.map((row) => row.slice(0, -1)), targets: rows.map((row) => row.slice(1)) };
});

/** Trains an adapter, stored before and after; gives the losses. */
async function trainHere(name: string): Promise<number[]> {
  const { config, lora } = own[name]!;
  const [model, folder] = [new Gpt(config).eval(), join(root, 'train', name)];
  await saveHuggingFace(join(folder, 'base'), model);
  addAdapter(model, { ...lora, loraDropout: 0 }, { layouts });
  await saveAdapter(join(folder, 'adapter'), model, { layouts });
  const { learningRate, betas, weightDecay, maxGradNorm } = settings;
  const groups = [{ parameters: getAdapterParameters(model, 'default'), weightDecay }];
  const optimizer = new AdamW(groups, { learningRate, betas });
  using step = trainStep({ model, optimizer, maxGradNorm });
  const losses: number[] = [];
  for (const { inputs, targets } of batches) losses.push((await step.run(batchOfRows(inputs, targets))).loss);
  await saveAdapter(join(folder, 'ours'), model, { layouts });
  optimizer.dispose();
  return losses;
}

/** The largest relative distance of two adapters' tensors, of Euclidean norms. */
function compareFiles(folder: string, other: string): number {
  return scope(() => {
    const [ours, theirs] = [folder, other].map((at) => loadSafetensors(join(at, 'adapter_model.safetensors')));
    const keys = Object.keys(theirs!).filter((key) => !key.endsWith('.base_layer.weight'));
    expect(Object.keys(ours!).sort()).toEqual(keys.sort());
    return Math.max(...keys.map((key) => ours![key]!.sub(theirs![key]!).norm().div(theirs![key]!.norm()).item()));
  });
}
