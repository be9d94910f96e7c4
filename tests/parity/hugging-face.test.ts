import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { Gpt, gptPresets, loadHuggingFace, loadModel, saveHuggingFace } from '../../lib/models/index.js';
import type { GptOptions } from '../../lib/models/index.js';
import { manualSeed, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { describeWithPython, python } from '../helpers/python.js';

freedAfterEach();

/** The largest difference of logits, in float32. */
const MARK = 1e-4;

const random = new Random(8);
const ids = Array.from({ length: 2 }, () => Array.from({ length: 11 }, () => random.integer(29)));

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-hugging-face-'));
});
afterAll(() => rm(root, { recursive: true }));

/** What Python says to some requests at once, by name. */
function asked(requests: Record<string, object>): Record<string, number[][][]> {
  const input = Object.values(requests).map((request) => ({ ...request, ids }));
  const { logits } = python('tests/parity/hugging_face.py', { input }).json as { logits: number[][][][] };
  return Object.fromEntries(Object.keys(requests).map((name, i) => [name, logits[i]!]));
}

/** The requests with a folder for each. */
function inFolders(requests: Record<string, object>, action: string): Record<string, object> {
  const entries = Object.entries(requests).map(([name, request]) => [name, { ...request, action, folder: join(root, action, name) }]); // prettier-ignore
  return Object.fromEntries(entries) as Record<string, object>;
}

function ours(model: Gpt): number[][][] {
  return scope(() => noGrad(() => model.forward(tensor(ids, { dtype: 'int64' }))).tolist()) as number[][][];
}

function difference(a: number[][][], b: number[][][]): number {
  const flat = b.flat(2);
  return Math.max(...a.flat(2).map((value, i) => Math.abs(value - flat[i]!)));
}

const gpt2 = { vocab_size: 29, n_positions: 16, n_embd: 24, n_layer: 3, n_head: 4 };
const special = { bos_token_id: 0, eos_token_id: 0 };
const llama = {
  ...special,
  vocab_size: 29,
  hidden_size: 24,
  intermediate_size: 40,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  max_position_embeddings: 16,
};
const foreign: Record<string, object> = {
  'GPT-2': { kind: 'gpt2', config: { ...gpt2, ...special } },
  'GPT-2, exact GELU, inner width, untied': {
    kind: 'gpt2',
    config: { ...gpt2, ...special, activation_function: 'gelu', n_inner: 36, tie_word_embeddings: false },
  },
  'GPT-2 in shards': { kind: 'gpt2', config: { ...gpt2, ...special }, shard: '8KB' },
  LLaMA: { kind: 'llama', config: llama },
  'LLaMA, grouped heads, another base and eps, tied': {
    kind: 'llama',
    config: {
      ...llama,
      num_key_value_heads: 2,
      rms_norm_eps: 1e-3,
      tie_word_embeddings: true,
      rope_parameters: { rope_theta: 500, rope_type: 'default' },
    },
  },
  'LLaMA, scaled as LLaMA 3, biases': {
    kind: 'llama',
    config: {
      ...llama,
      attention_bias: true,
      mlp_bias: true,
      rope_parameters: {
        ...{ rope_theta: 500, rope_type: 'llama3', factor: 8 },
        ...{ low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 12 },
      },
    },
  },
  'LLaMA, scaled in line': {
    kind: 'llama',
    config: { ...llama, rope_parameters: { rope_theta: 10_000, rope_type: 'linear', factor: 3 } },
  },
  'LLaMA in shards': { kind: 'llama', config: llama, shard: '8KB' },
};

const size = { vocabSize: 29, contextLength: 16, width: 24, layers: 3, heads: 4, initStd: 0.3 } as const;
const scaling = { type: 'llama3', factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalContextLength: 12 } as const;

const own: Record<string, GptOptions> = {
  'GPT-2': {
    ...{ ...size, bias: true, queryKeyNorm: { type: 'none' } },
    ...{ positions: { type: 'learned' }, norm: { type: 'layer', eps: 1e-4 } },
    mlp: { type: 'gelu', approximate: 'tanh' },
  },
  LLaMA: { ...size, ...gptPresets.llama },
  'LLaMA, grouped heads, untied': {
    ...{ ...size, ...gptPresets.llama, kvHeads: 2 },
    ...{ tied: false, positions: { type: 'rotary', base: 700 } },
  },
  'LLaMA, biases, scaled as LLaMA 3': {
    ...{ ...size, ...gptPresets.llama, kvHeads: 2 },
    ...{ tied: false, bias: true, positions: { type: 'rotary', base: 700, scaling } },
  },
};

describeWithPython('folders of transformers', () => {
  test('are read', async () => {
    const expected = asked(inFolders(foreign, 'write'));
    for (const [name, request] of Object.entries(foreign)) {
      const folder = join(root, 'write', name);
      const model = (await loadHuggingFace(folder)).model as Gpt;
      const worst = difference(ours(model), expected[name]!);
      console.log(`${name}: logits up to ${spread(expected[name]!)} differ by at most ${worst.toExponential(1)}`);
      expect((await readdir(folder)).filter((file) => file.endsWith('.safetensors')).length > 1).toBe(
        'shard' in request,
      );
      expect(worst).toBeLessThan(MARK);
      const { model: again } = await loadModel(folder);
      expect(difference(ours(again as Gpt), ours(model))).toBe(0);
    }
  });

  test('are written', async () => {
    manualSeed(5);
    const models = Object.entries(own).map(([name, options]) => [name, new Gpt(options).eval()] as const);
    for (const [name, model] of models)
      await saveHuggingFace(join(root, 'read', name), model, { shardBytes: name === 'LLaMA' ? 20_000 : 1e9 });
    const found = asked(inFolders(Object.fromEntries(models.map(([name]) => [name, {}])), 'read'));
    for (const [name, model] of models) {
      const worst = difference(found[name]!, ours(model));
      console.log(`${name}: logits up to ${spread(found[name]!)} differ by at most ${worst.toExponential(1)}`);
      expect(worst).toBeLessThan(MARK);
    }
  });
});

/** The largest logit, which is far from zero, as the comparison would mean little otherwise. */
function spread(logits: number[][][]): string {
  const largest = Math.max(...logits.flat(2).map(Math.abs));
  expect(largest).toBeGreaterThan(0.3);
  return largest.toPrecision(2);
}
