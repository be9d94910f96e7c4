import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { generateTexts } from '../../lib/generation/index.js';
import { importGguf, loadGguf, loadModel } from '../../lib/models/index.js';
import type { LanguageModel, LoadedModel } from '../../lib/models/index.js';
import { noGrad, openGguf, scope, tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { describeWithPython, python } from '../helpers/python.js';
import { findSmolLm } from '../helpers/smollm.js';

freedAfterEach();

/** The largest difference of logits. */
const MARK = 5e-5;
/** What float32 may cost, relative to the largest logit. */
const ROUNDING = 2e-5;

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabra-gguf-'));
});
afterAll(() => rm(root, { recursive: true }));

/** What Python answers to some requests, in their order. */
function ask<T>(...input: object[]): T {
  return python('tests/parity/gguf_files.py', { input }).json as T;
}

/** The logits of one row, `[T, V]` in row-major order. */
function computeLogits(model: LanguageModel, ids: readonly number[]): Float32Array | Float64Array {
  return scope(() => noGrad(() => model.forward(tensor([ids], { dtype: 'int64' })).data())) as
    Float32Array | Float64Array;
}

function findDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

function readNumbers(path: string): ArrayBuffer {
  const { buffer, byteOffset, length } = readFileSync(path);
  return buffer.slice(byteOffset, byteOffset + length);
}

const small = {
  ...{ vocab_size: 61, hidden_size: 256, intermediate_size: 512, num_hidden_layers: 2, max_position_embeddings: 128 },
  ...{ num_attention_heads: 8, num_key_value_heads: 2, rms_norm_eps: 1e-5, bos_token_id: 0, eos_token_id: 0 },
  rope_parameters: { rope_theta: 10_000, rope_type: 'default' },
};
const llama3 = {
  ...{ rope_theta: 500_000, rope_type: 'llama3', factor: 32 },
  ...{ low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 },
};
const exact = { norm: 'F32', matrix: 'F32' };
const models: Record<string, object> = {
  'grouped heads': { config: small, kinds: exact },
  'tied, one key-value head': { config: { ...small, num_key_value_heads: 1, tie_word_embeddings: true }, kinds: exact },
  biases: { config: { ...small, attention_bias: true, mlp_bias: true }, kinds: exact },
  "LLaMA 3's rotation": { config: { ...small, rope_parameters: llama3 }, kinds: exact, factors: true },
  'packed in Q8_0': { config: small, kinds: { norm: 'F32', matrix: 'Q8_0' } },
  'packed in Q5_1': { config: small, kinds: { norm: 'F32', matrix: 'Q5_1' } },
  float16: { config: small, kinds: { norm: 'F32', matrix: 'F16' } },
  bfloat16: { config: small, kinds: { norm: 'F32', matrix: 'BF16' } },
};

describeWithPython('GGUF files of the gguf package', () => {
  test('numbers of every type have the same bits', () => {
    const paths = ask<string[]>(...[0, 1, 2].map((seed) => ({ action: 'blocks', folder: root, seed })));
    for (const [seed, path] of paths.entries()) {
      using file = openGguf(path);
      expect(file.names).toHaveLength(13);
      for (const name of file.names) {
        const found = scope(() => file.tensor(name).to('float32').data()) as Float32Array;
        const expected = new Float32Array(readNumbers(join(root, `${seed}-${name}.f32`)));
        const differing = Array.from(found).findIndex((value, i) => !Object.is(value, expected[i]));
        expect([name, differing, found.length]).toEqual([name, -1, 5 * 768]);
      }
    }
  });

  test('logits over 64 positions are those of transformers', async () => {
    const random = new Random(4);
    const ids = Array.from({ length: 64 }, () => random.integer(61));
    const requests = Object.values(models).map((model, i) => {
      return { action: 'llama', path: join(root, `llama-${i}.gguf`), ids, ...model };
    });
    const expected = ask<[number[], number[]][]>(...requests);
    for (const [i, name] of Object.keys(models).entries()) {
      const { model } = await loadGguf(requests[i]!.path);
      const [theirs, exact] = expected[i]!;
      const logits = computeLogits(model, ids);
      const spread = Math.max(...exact.map(Math.abs));
      const inFloat64 = findDifference(computeLogits(model.to({ dtype: 'float64' }), ids), exact);
      const [off, theirOff] = [findDifference(logits, exact), findDifference(theirs, exact)];
      console.log(
        `${name}: logits up to ${spread.toPrecision(2)} differ by at most ${inFloat64.toExponential(1)} in float64; ` +
          `float32 is off by ${off.toExponential(1)} here, ${theirOff.toExponential(1)} in transformers`,
      );
      expect(inFloat64 / spread).toBeLessThan(1e-5);
      expect(off / spread).toBeLessThan(1e-5);
      expect(spread).toBeGreaterThan(1);
    }
  });
});

const texts = [
  ...['', ' ', 'Hello world! 123', 'Café déjà vu.', '  multiple   spaces'],
  ...[
    '1234567',
    "They're Mary's 're",
    'a\n\n\nb\r\n \n',
    '\ttab  \t',
    'año ½ ² Ⅷ ٣٤',
    'これは🦙です 한국어 русский',
    'x = y+1; // ok',
  ],
  'The capital of France is',
];

describeWithPython('SmolLM2-135M-Instruct', () => {
  const conversation = [{ role: 'user', content: 'What is the capital of France?' }];
  const TOKENS = 24;

  test('is the same model here and in transformers: weights, ids, logits, greedy text', async () => {
    const [path, folder] = [findSmolLm(), join(root, 'smollm')];
    await importGguf(path, folder);
    const [weights, found] = ask<[{ equal: number; left: string[] }, Found]>(
      { action: 'weights', path, folder },
      { action: 'folder', folder, texts, conversation, tokens: TOKENS },
    );
    expect(weights).toEqual({ equal: 272, left: [] });
    const loaded = await loadModel(folder);
    expectSameIds(loaded, found);
    const logits = computeLogits(loaded.model, found.ids);
    const expected = new Float32Array(readNumbers(join(folder, 'logits.f32')));
    const [worst, spread] = [
      findDifference(logits, expected),
      findDifference(
        expected,
        expected.map(() => 0),
      ),
    ];
    console.log(`SmolLM2-135M: logits up to ${spread.toPrecision(3)} differ by at most ${worst.toExponential(1)}`);
    expect(worst / spread).toBeLessThan(ROUNDING);
    expect(continueGreedily(loaded.model, found.ids, found.answer.length)).toEqual(found.answer);
    const settings = { ...loaded.generation, maxTokens: TOKENS };
    const [text] = await generateTexts(loaded.model, loaded.tokenizer!, [texts.at(-1)!], settings);
    console.log(`SmolLM2-135M: ${loaded.tokenizer!.decode(found.answer)} | ${texts.at(-1)!}${text!.text}`);
    expect(text!.text).toBe(found.continued);
    const direct = await loadGguf(path);
    expect(findDifference(computeLogits(direct.model, found.ids), logits)).toBe(0);
    expectSameInFloat64(direct.model, found.ids, folder, { logits, expected });
  });
});

/** Without the rounding of float32, of which either side has as much as they differ by. */
function expectSameInFloat64(
  model: LanguageModel,
  ids: readonly number[],
  folder: string,
  { logits, expected }: Record<'logits' | 'expected', ArrayLike<number>>,
): void {
  const exact = computeLogits(model.to({ dtype: 'float64' }), ids);
  const worst = findDifference(exact, new Float64Array(readNumbers(join(folder, 'logits.f64'))));
  console.log(`SmolLM2-135M: logits in float64 differ by at most ${worst.toExponential(1)}`);
  expect(worst).toBeLessThan(MARK);
  const [ours, theirs] = [findDifference(logits, exact), findDifference(expected, exact)];
  console.log(
    `SmolLM2-135M: float32 is off by ${ours.toExponential(1)} here, ${theirs.toExponential(1)} in transformers`,
  );
  // Both are sums of the same terms in other orders: neither side's rounding is worse by half.
  expect(ours).toBeLessThan(1.5 * theirs);
}

/** The likeliest token after some, again and again. */
function continueGreedily(model: LanguageModel, ids: readonly number[], count: number): number[] {
  const all = [...ids];
  for (let i = 0; i < count; i++) {
    const last = computeLogits(model, all).slice(-model.config.vocabSize);
    all.push(last.indexOf(Math.max(...last)));
  }
  return all.slice(ids.length);
}

/** What transformers made of a folder. */
interface Found {
  texts: number[][];
  decoded: string[];
  prompt: string;
  ids: number[];
  answer: number[];
  continued: string;
  ends: number;
}

function expectSameIds({ tokenizer, generation }: LoadedModel, found: Found): void {
  expect(texts.map((text) => [...tokenizer!.encode(text)])).toEqual(found.texts);
  expect(found.texts.map((ids) => tokenizer!.decode(ids))).toEqual(texts);
  expect([...tokenizer!.encode('Hello world! 123')]).toEqual([19_556, 905, 17, 216, 33, 34, 35]);
  expect([...tokenizer!.encode('Café déjà vu.')]).toEqual([51, 1939, 2756, 32_564, 90, 16_739, 386, 101, 30]);
  expect(found.prompt).toBe(
    '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' +
      '<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n',
  );
  expect([generation.endTokens, found.ends]).toEqual([[2], 2]);
}
