import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateTexts } from '../../lib/generation/index.js';
import { Gpt, gptPresets, loadModel, saveHuggingFace } from '../../lib/models/index.js';
import type { GenerationConfig, LoadedModel } from '../../lib/models/index.js';
import { noGrad, scope, tensor } from '../../lib/tensor/index.js';
import { BpeTokenizer, ByteTokenizer, CharTokenizer, WordTokenizer, addSpecialTokens } from '../../lib/text/index.js';
import type { Tokenizer } from '../../lib/text/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { describeWithPython, python } from '../helpers/python.js';

freedAfterEach();

/** The largest difference of logits, in float32. */
const MARK = 1e-4;

const corpus = [
  'The quick brown fox jumps over the lazy dog, and the dog sleeps on. '.repeat(30),
  'In 1984 there were 365 days; it’s said they’ll come again, won’t they? '.repeat(20),
  'El ingenioso hidalgo don Quijote de la Mancha. ¿Qué dices? '.repeat(20),
  'function add(a, b) {\n\treturn a + b;\n}\n'.repeat(20),
];
const prompts = ['The quick brown', 'In 1984 it’s  said\n', ' dog 365 é 한 {\n\treturn'];

/** Fields of published folders that describe them. */
const describing = {
  ...{ _name_or_path: 'x', transformers_version: '4.40.0', torch_dtype: 'float32', use_cache: true },
  ...{ 'transformers.js_config': { dtype: 'q4' }, unsloth_version: '2024.9', unsloth_fixed: true },
};
const gpt2 = {
  ...{ model_type: 'gpt2', architectures: ['GPT2LMHeadModel'], n_ctx: 96, n_embd: 48, n_head: 4, n_layer: 2 },
  ...{ n_positions: 96, layer_norm_epsilon: 1e-5, activation_function: 'gelu_new', initializer_range: 0.02 },
  ...{ summary_type: 'cls_index', summary_use_proj: true, summary_activation: null, summary_first_dropout: 0.1 },
  task_specific_params: { 'text-generation': { do_sample: true, max_length: 50 } },
};
const llama = {
  ...{ model_type: 'llama', architectures: ['LlamaForCausalLM'], hidden_size: 48, intermediate_size: 80 },
  ...{ num_hidden_layers: 2, num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 96 },
  ...{ hidden_act: 'silu', rms_norm_eps: 1e-5, pretraining_tp: 1, rope_scaling: null, tie_word_embeddings: false },
};
const ends = { bos_token_id: '<s>', eos_token_id: '</s>' };
const endoftext = { bos_token_id: '<|endoftext|>', eos_token_id: '<|endoftext|>' };
const fast = { tokenizer_class: 'PreTrainedTokenizerFast', clean_up_tokenization_spaces: false };
const tokens = { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' };

interface Row {
  tokenizer: string;
  config: object;
  settings: object;
  /** Undefined for a folder without `generation_config.json`. */
  generation?: object;
  ids: object;
  padding?: number;
  begins?: boolean;
  /** What the settings of generation must be, in part. */
  expected?: GenerationConfig;
}

const rows: Record<string, Row> = {
  'GPT-2': {
    ...{ tokenizer: 'gpt2', config: gpt2, ids: endoftext, generation: {} },
    settings: { tokenizer_class: 'GPT2Tokenizer', model_max_length: 96 },
  },
  'gpt2-medium: fields of old trainings, no settings of generation': {
    ...{ tokenizer: 'gpt2', ids: endoftext, settings: { tokenizer_class: 'GPT2Tokenizer' } },
    config: { ...gpt2, n_special: 0, predict_special_tokens: true, ...describing },
  },
  'GPT-2 whose settings ask for BOS, which tokenizer.json overrules; padded rows': {
    ...{ tokenizer: 'gpt2', config: gpt2, ids: endoftext, generation: {}, padding: 47 },
    settings: { tokenizer_class: 'GPT2Tokenizer', bos_token: '<|endoftext|>', add_bos_token: true },
  },
  'LLaMA 1': {
    ...{ tokenizer: 'sentence pieces', ids: ends, generation: {}, settings: { ...fast, ...tokens } },
    config: { ...llama, num_key_value_heads: 4 },
  },
  'LLaMA 2: BOS twice said, sampled': {
    ...{ tokenizer: 'sentence pieces', ids: ends, config: { ...llama, rope_theta: 10_000 } },
    settings: { ...fast, ...tokens, add_bos_token: true, add_eos_token: false },
    generation: { do_sample: true, temperature: 0.6, top_p: 0.9, max_length: 4096 },
    expected: { temperature: 0.6, topP: 0.9, topK: 50 },
  },
  'LLaMA 3: scaled, several ends': {
    ...{ tokenizer: 'llama 3', settings: { ...fast, bos_token: '<|begin_of_text|>', eos_token: '<|eot_id|>' } },
    ids: { bos_token_id: '<|begin_of_text|>', eos_token_id: ['<|end_of_text|>', '<|eot_id|>'] },
    config: {
      ...{ ...llama, rope_theta: 500_000, head_dim: 12, mlp_bias: false, attention_bias: false },
      rope_scaling: {
        ...{ factor: 8, low_freq_factor: 1, high_freq_factor: 4, rope_type: 'llama3' },
        original_max_position_embeddings: 32,
      },
    },
    generation: { do_sample: true, temperature: 0.6, top_k: 20, repetition_penalty: 1.3 },
    expected: { temperature: 0.6, topK: 20, repetitionPenalty: 1.3, repetitionWindow: 'all' },
  },
  'TinyLlama: the end in config.json alone': {
    ...{
      tokenizer: 'sentence pieces',
      ids: ends,
      settings: { ...fast, ...tokens },
      config: { ...llama, ...describing },
    },
  },
  'SmolLM2: tied, no BOS, another head_dim': {
    ...{
      tokenizer: 'smol',
      ids: endoftext,
      settings: { ...fast, bos_token: '<|endoftext|>', eos_token: '<|im_end|>' },
    },
    config: {
      ...llama,
      tie_word_embeddings: true,
      head_dim: 20,
      rope_interleaved: false,
      is_llama_config: true,
      ...describing,
    },
    generation: { repetition_penalty: 1.2 },
    expected: { temperature: 0, repetitionPenalty: 1.2, repetitionWindow: 'all' },
  },
  'LLaMA with biases of attention alone, no BOS': {
    ...{ tokenizer: 'sentence pieces', ids: ends, settings: { ...fast, ...tokens }, begins: false, generation: {} },
    config: { ...llama, attention_bias: true },
  },
  'LLaMA with biases of the MLP alone, an exact head_dim': {
    ...{ tokenizer: 'sentence pieces', ids: ends, settings: { ...fast, ...tokens }, generation: {} },
    config: { ...llama, mlp_bias: true, head_dim: 12 },
  },
  'Mistral: a window, a head_dim': {
    ...{ tokenizer: 'sentence pieces', ids: ends, settings: { ...fast, ...tokens }, generation: {} },
    config: { ...llama, model_type: 'mistral', architectures: ['MistralForCausalLM'], sliding_window: 9, head_dim: 16 },
  },
  'Mistral without a window': {
    ...{ tokenizer: 'sentence pieces', ids: ends, settings: { ...fast, ...tokens }, generation: {} },
    config: { ...llama, model_type: 'mistral', architectures: ['MistralForCausalLM'], sliding_window: null },
  },
  'Qwen2: a window from the second layer on': {
    ...{ tokenizer: 'qwen2', ids: endoftext, generation: {} },
    settings: { tokenizer_class: 'Qwen2Tokenizer', eos_token: '<|endoftext|>' },
    config: {
      ...{ ...llama, model_type: 'qwen2', architectures: ['Qwen2ForCausalLM'], num_hidden_layers: 3 },
      ...{ use_sliding_window: true, sliding_window: 7, max_window_layers: 1 },
    },
  },
  'Qwen2: biases of queries, keys and values, tied, padded rows': {
    ...{
      tokenizer: 'qwen2',
      settings: {
        tokenizer_class: 'Qwen2Tokenizer',
        eos_token: '<|endoftext|>',
        pad_token: '<|endoftext|>',
        add_prefix_space: false,
      },
    },
    ids: { bos_token_id: '<|endoftext|>', eos_token_id: ['<|im_end|>', '<|endoftext|>'] },
    config: {
      ...{ ...llama, model_type: 'qwen2', architectures: ['Qwen2ForCausalLM'], tie_word_embeddings: true },
      ...{ use_sliding_window: false, sliding_window: 96, max_window_layers: 21, attention_dropout: 0 },
    },
    padding: 30,
    generation: { do_sample: true, temperature: 0.7, top_p: 0.8, top_k: 20, repetition_penalty: 1.1 },
    expected: { temperature: 0.7, topP: 0.8, topK: 20, repetitionPenalty: 1.1 },
  },
};

/** Models of this size are no faster with more threads. */
const env = { OMP_NUM_THREADS: '1' };

interface Answer {
  prompts: { ids: number[]; text: string; logits: number[][]; greedy: number[] }[];
  generation: Record<string, unknown> | null;
  special: Record<string, string | null>;
}

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-folders-'));
});
afterAll(() => rm(root, { recursive: true }));

function difference(a: readonly number[][], b: readonly number[][]): number {
  const flat = b.flat();
  expect(a.flat()).toHaveLength(flat.length);
  return Math.max(...a.flat().map((value, i) => Math.abs(value - flat[i]!)));
}

const logitsOf = ({ model }: LoadedModel, ids: ArrayLike<number>) =>
  scope(() => noGrad(() => model.forward(tensor([Array.from(ids)], { dtype: 'int64' })).select(0, 0).tolist())) as number[][]; // prettier-ignore

/** What a folder gives here, beside what transformers gives with it. */
async function compare(name: string, loaded: LoadedModel, { prompts: theirs }: Answer): Promise<void> {
  const tokenizer = loaded.tokenizer!;
  const ids = prompts.map((prompt) => [...Array.from(addSpecialTokens(tokenizer, tokenizer.encode(prompt)))]);
  expect(ids).toEqual(theirs.map((one) => one.ids));
  const worst = Math.max(...ids.map((one, i) => difference(logitsOf(loaded, one), theirs[i]!.logits)));
  const largest = Math.max(...theirs.flatMap(({ logits }) => logits.flat().map(Math.abs)));
  const texts = await Promise.all(
    prompts.map((prompt) =>
      generateTexts(loaded.model, tokenizer, [prompt], { ...loaded.generation, temperature: 0, maxTokens: 60 }),
    ),
  );
  const greedy = texts.map(([text]) => text!.ids);
  const equal = greedy.map((one, i) => one.filter((id, at) => id === theirs[i]!.greedy[at]).length);
  console.log(`${name}: logits up to ${largest.toPrecision(2)} differ by ${worst.toExponential(1)}; equal tokens ${equal.join(', ')} of ${theirs.map((one) => one.greedy.length).join(', ')}`); // prettier-ignore
  expect(worst).toBeLessThan(MARK);
  expect(greedy).toEqual(theirs.map((one) => one.greedy));
}

describeWithPython('folders in the shapes of published models', () => {
  const names = Object.keys(rows);
  const read = (name: string) => join(root, name);
  const written = (name: string) => join(root, `${name} again`);
  let first: Answer[] = [];

  beforeAll(() => {
    const write = names.map((name) => {
      const { expected: _, generation = null, ...row } = rows[name]!;
      return { ...row, generation, folder: read(name), texts: corpus };
    });
    const input = { write, ask: names.map((name) => ({ folder: read(name), prompts })) };
    first = (python('tests/parity/hugging_face_folders.py', { input, env }).json as { answers: Answer[] }).answers;
  });

  test.each(names)('%s', async (name) => {
    const loaded = await loadModel(read(name));
    await compare(name, loaded, first[names.indexOf(name)]!);
    expect(loaded.generation).toMatchObject({ ...(rows[name]!.expected ?? { temperature: 0 }) });
  });

  test('written again here, give transformers the same ids, logits, tokens and settings', async () => {
    for (const name of names) {
      const { model, tokenizer, generation } = await loadModel(read(name));
      expect(await saveHuggingFace(written(name), model, { tokenizer: tokenizer!, generation })).toEqual([]);
    }
    const input = { ask: names.map((name) => ({ folder: written(name), prompts })) };
    const { answers } = python('tests/parity/hugging_face_folders.py', { input, env }).json as { answers: Answer[] };
    for (const [i, name] of names.entries()) {
      const [before, after] = [first[i]!, answers[i]!];
      expect(after.prompts.map(({ ids }) => ids)).toEqual(before.prompts.map(({ ids }) => ids));
      const worst = after.prompts.map(({ logits }, j) => difference(logits, before.prompts[j]!.logits));
      expect(Math.max(...worst)).toBe(0);
      expect({ name, greedy: after.prompts.map(({ greedy }) => greedy) }).toEqual({ name, greedy: before.prompts.map(({ greedy }) => greedy) }); // prettier-ignore
      const again = await loadModel(written(name));
      expect(again.generation).toEqual((await loadModel(read(name))).generation);
    }
  });

  test('tokenizers of ours give AutoTokenizer the same ids, the same text and the tokens at the ends', async () => {
    const text = corpus.join('');
    const made: Record<string, Tokenizer> = {
      bytes: new ByteTokenizer(),
      characters: await CharTokenizer.train(`${text}é한\uFFFD`),
      'characters, one for others': await CharTokenizer.train(text, { unknown: true }),
      words: await WordTokenizer.train(text, { words: 60 }),
      'byte pairs': await BpeTokenizer.train(text, { vocabSize: 320, specialTokens: ['<|endoftext|>'] }),
    };
    const folder = (name: string) => join(root, `own ${name}`);
    const loaded: Record<string, LoadedModel> = {};
    for (const [name, tokenizer] of Object.entries(made)) {
      const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 96, width: 16, heads: 2, layers: 1, initStd: 0.4, ...gptPresets.llama, tied: false }); // prettier-ignore
      await saveHuggingFace(folder(name), model, { tokenizer });
      loaded[name] = await loadModel(folder(name));
      model.dispose();
    }
    const asked = { ask: Object.keys(made).map((name) => ({ folder: folder(name), prompts })) };
    const { answers } = python('tests/parity/hugging_face_folders.py', { input: asked, env }).json as {
      answers: Answer[];
    };
    for (const [i, [name, tokenizer]] of Object.entries(made).entries()) {
      await compare(name, loaded[name]!, answers[i]!);
      const ids = prompts.map((prompt) => [...tokenizer.encode(prompt)]);
      expect(answers[i]!.prompts.map((one) => one.ids)).toEqual(ids);
      const special = new Set(Object.values(tokenizer.specialTokens ?? {}));
      const texts = ids.map((one) => tokenizer.decode(one.filter((id) => !special.has(id))));
      if (name !== 'characters, one for others') expect(answers[i]!.prompts.map((one) => one.text)).toEqual(texts);
    }
    expect(answers.map(({ special }) => [special.bos_token, special.eos_token, special.pad_token])).toEqual([
      ...[
        [null, null, null],
        [null, null, null],
        [null, null, null],
      ],
      ...[
        ['<START>', '<END>', '<PAD>'],
        ['<|endoftext|>', '<|endoftext|>', null],
      ],
    ]);
  });
});
