import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TokenBatch } from '../../lib/data/index.js';
import { evaluateDataset } from '../../lib/evaluation/index.js';
import { Gpt, loadModel } from '../../lib/models/index.js';
import { manualSeed, noGrad, scope, tensor } from '../../lib/tensor/index.js';
import {
  InstructionDataset,
  createPlainTemplate,
  encodeInstruction,
  findDuplicateInstructions,
  hashInstruction,
  openInstructions,
  parseInstruction,
} from '../../lib/tasks/index.js';
import type { EncodedInstruction, Instruction } from '../../lib/tasks/index.js';
import { BpeTokenizer, ByteTokenizer, ChatTemplate } from '../../lib/text/index.js';
import { Trainer } from '../../lib/training/index.js';
import { chatTemplates, specialTokens, templateTokens } from '../helpers/chat-templates.js';

const chatml = new ChatTemplate(chatTemplates.chatml, { tokens: templateTokens.chatml });
let tokenizer: BpeTokenizer;
let folder = '';
beforeAll(async () => {
  const text = 'what colour is the sky? the sky is blue. user assistant '.repeat(4);
  tokenizer = await BpeTokenizer.train(text, { vocabSize: 300, specialTokens: ['<END>', '<PAD>', ...specialTokens] });
  folder = await mkdtemp(join(tmpdir(), 'palabra-instruct-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = (value: unknown): Instruction => {
  const parsed = parseInstruction(value);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.instruction;
};
const encode = (value: unknown, template = chatml): EncodedInstruction =>
  encodeInstruction(read(value), tokenizer, template);
const answersOf = ({ ids, answers }: EncodedInstruction): string[] =>
  answers.map(({ start, end }) => tokenizer.decode(ids.subarray(start, end)));
const ask = (question: string, answer: string) => ({ instruction: question, output: answer });

async function write(name: string, records: readonly unknown[]): Promise<string> {
  const lines = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)));
  await writeFile(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
}

/** Targets that count, with the input before each, of every row. */
function listPairs({ inputs, targets }: TokenBatch): [number, number][] {
  return [...targets].flatMap((target, i): [number, number][] => (target < 0 ? [] : [[inputs[i]!, target]]));
}

describe('a record', () => {
  test.each([
    [{ instruction: 'Say', input: 'x', output: 'y' }, ['Say\n\nx', 'y']],
    [{ instruction: 'Say', input: '', output: 'y', id: 7 }, ['Say', 'y']],
    [
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
        ],
      },
      ['a', 'b'],
    ],
  ])('%j is a conversation', (record, contents) => {
    expect(read(record)).toMatchObject({ type: 'chat', messages: contents.map((content) => ({ content })) });
  });

  test('of a prompt and its completion, or of a text, stays a text', () => {
    expect(read({ prompt: 'a', completion: 'b' })).toEqual({ type: 'text', prompt: 'a', completion: 'b' });
    expect(read({ text: 'b' })).toEqual({ type: 'text', prompt: '', completion: 'b' });
  });

  test.each([
    [7, /7 in place of an object/],
    [{ instrucion: 'a', output: 'b' }, /Did you mean "instruction"/],
    [{ instruction: 'a', output: 'b', text: 'c' }, /several forms/],
    [{ instruction: 'a', output: ' ' }, /output: an empty text/],
    [{ instruction: 'a', output: 7 }, /output: 7 in place of a text/],
    [{ messages: [] }, /in place of turns/],
    [{ messages: [{ content: 'a' }] }, /has no role/],
    [{ messages: [{ role: 'user', content: 'a' }] }, /no answer/],
    [{ messages: [{ role: 'assistant', content: { a: 1 } }] }, /messages\[0\].content/],
  ])('%j does not fit', (record, problem) => {
    expect((parseInstruction(record) as { problem: string }).problem).toMatch(problem);
  });
});

describe('what is learned', () => {
  test('every answer with the token that ends it, and nothing else', () => {
    const messages = [
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: 'sky?' },
      { role: 'assistant', content: 'blue' },
      { role: 'user', content: 'sea?' },
      { role: 'assistant', content: 'the same' },
    ];
    expect(answersOf(encode({ messages }))).toEqual(['blue<|im_end|>', 'the same<|im_end|>']);
  });

  test('a text ends with the token that ends texts; a prompt before it is not learned', () => {
    expect(answersOf(encode({ prompt: 'the sky', completion: ' is blue' }))).toEqual([' is blue<END>']);
    expect(answersOf(encode({ text: 'the sky' }))).toEqual(['the sky<END>']);
  });

  test('the plain template ends every answer; a template that ends none gets the token behind the last', () => {
    const plain = createPlainTemplate(tokenizer);
    expect(answersOf(encode(ask('sky?', 'blue'), plain))).toEqual(['blue<END>']);
    const bare = new ChatTemplate(
      '{% for m in messages %}{{ m.role }}>{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant>{% endif %}',
    );
    expect(answersOf(encode(ask('sky?', 'blue'), bare))).toEqual(['blue\n<END>']);
    expect(() => createPlainTemplate(new ByteTokenizer())).toThrow(/\[PAL_ARGUMENT\].*ends a text/);
  });
});

describe('packing', () => {
  const examples = (): EncodedInstruction[] =>
    Array.from({ length: 9 }, (_, i) => encode(ask('sky? '.repeat(1 + (i % 3)), `blue ${'very '.repeat(i)}`)));

  test('keeps examples whole and apart, and loses no token', () => {
    const all = examples();
    const dataset = new InstructionDataset(all, { length: 200 });
    const batches = [...dataset.batches({ batchSize: 1, order: 'sequential' })];
    const wanted = all.flatMap(({ ids, answers }) =>
      answers.flatMap(({ start, end }) => [...ids.subarray(start, end)].map((id, i) => [ids[start + i - 1]!, id])),
    );
    const sort = (pairs: number[][]) => pairs.map((pair) => pair.join()).sort();
    expect(sort(batches.flatMap(listPairs))).toEqual(sort(wanted));
    expect(dataset.targetCount).toBe(wanted.length);
    expect(dataset.countBatches({ epochs: 1 }, { batchSize: 1, order: 'sequential' })).toBe(dataset.size);
    expect(dataset.cutExamples).toBe(0);
    const starts = batches.flatMap(({ positions, documents, targets }) =>
      [...positions!].flatMap((position, i) =>
        position === 0 && targets.subarray(i).some((t) => t >= 0) ? [documents![i]!] : [],
      ),
    );
    expect(starts.length).toBeGreaterThanOrEqual(all.length);
  });

  test('an example longer than a row goes on in another, with all its answers', () => {
    const all = examples();
    const dataset = new InstructionDataset(all, { length: 24 });
    const pairs = [...dataset.batches({ batchSize: 2, order: 'sequential' })].flatMap(listPairs);
    const whole = new InstructionDataset(all, { length: 500 });
    expect(dataset.cutExamples).toBeGreaterThan(0);
    expect(pairs.length).toBe(whole.targetCount);
  });

  test('the loss of packed examples is that of each alone, and none sees another', () => {
    manualSeed(3);
    const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 128, width: 32, layers: 2, heads: 4 });
    const two = [encode(ask('sky?', 'blue')), encode(ask('what colour?', 'the sky is blue'))];
    const sum = (dataset: InstructionDataset): number =>
      scope(() =>
        noGrad(() =>
          [...dataset.batches({ batchSize: 1, order: 'sequential' })].reduce((total, batch) => {
            const like = (values: Int32Array) => tensor(values, { shape: [...batch.shape], dtype: 'int64' });
            const context = { training: false, documents: like(batch.documents!), positions: like(batch.positions!) };
            return total + Number(model.loss(like(batch.inputs), like(batch.targets), context).lossSum.item());
          }, 0),
        ),
      );
    const apart = two.reduce((total, one) => total + sum(new InstructionDataset([one], { length: 100 })), 0);
    const packed = new InstructionDataset(two, { length: 100 });
    expect(packed.size).toBe(1);
    expect(Math.abs(sum(packed) / apart - 1)).toBeLessThan(1e-5);
    model.dispose();
  });

  test('its hash goes by tokens and by what counts', async () => {
    const [one] = examples();
    const same = new InstructionDataset([one!], { length: 100 });
    const other = new InstructionDataset([{ ...one!, answers: [{ start: 1, end: one!.ids.length }] }], { length: 100 });
    expect(await same.hash()).toBe(await new InstructionDataset([one!], { length: 100 }).hash());
    expect(await same.hash()).not.toBe(await other.hash());
  });

  test('examples in which the model writes nothing are an error', () => {
    expect(() => new InstructionDataset([{ ids: Uint32Array.of(1, 2, 3), answers: [] }], { length: 8 })).toThrow(
      /\[PAL_DATA\] InstructionDataset/,
    );
  });
});

describe('copies', () => {
  const place = (path: string, records: readonly unknown[]) =>
    records.map((record, i) => {
      const instruction = read(record);
      return { path, line: i + 1, instruction, hash: hashInstruction(instruction) };
    });

  test('are found across files, near ones too', () => {
    const base = 'the quick brown fox jumps over the lazy dog and runs into the dark green wood by the river at night';
    const a = place('a', [ask('One?', base), ask('Two?', 'another text'), ask('Three?', 'x')]);
    const b = place('b', [ask('ONE? ', base), ask('One?', base.replace('night', 'dawn')), ask('Four?', 'y z')]);
    const { copies, exact, near } = findDuplicateInstructions([...a, ...b]);
    expect(copies).toBe(1);
    expect(exact[0]!.places).toEqual([
      { path: 'a', line: 1 },
      { path: 'b', line: 1 },
    ]);
    expect(near.map(({ places }) => places.map(({ path, line }) => `${path}${line}`))).toEqual([['a1', 'b2']]);
    expect(near[0]!.similarity).toBeGreaterThan(0.8);
  });
});

describe('openInstructions', () => {
  const facts = (count: number, of: string) =>
    Array.from({ length: count }, (_, i) => ask(`${of} ${i}?`, `answer ${i}`));

  test('holds out a share of each file, the same in every run and in any order, with its copies', async () => {
    const paths = [
      await write('a.jsonl', facts(100, 'a')),
      await write('b.jsonl', [...facts(40, 'b'), ...facts(20, 'a')]),
      await write('c.jsonl', facts(6, 'c').reverse()),
    ];
    const options = { tokenizer, template: chatml, length: 64 };
    const found = await openInstructions(paths, options);
    const counts = found.files.map(({ train, validation }) => [train + validation, validation >= 3]);
    expect(counts).toEqual([
      [100, true],
      [60, true],
      [6, true],
    ]);
    expect(Object.keys(found.validation)).toEqual(['a.jsonl', 'b.jsonl', 'c.jsonl']);
    expect(found.duplicates.copies).toBe(20);
    const texts = (dataset: InstructionDataset): Set<string> => {
      const batches = [...dataset.batches({ batchSize: 1, order: 'sequential' })];
      return new Set(batches.flatMap(({ inputs }) => tokenizer.decode(inputs).match(/user\n. \d+\?/gu) ?? []));
    };
    const held = Object.values(found.validation).map(texts);
    const trained = texts(found.train);
    for (const text of held.flatMap((one) => [...one])) expect(trained).not.toContain(text);
    await write('a.jsonl', facts(100, 'a').reverse());
    const again = await openInstructions(paths, options);
    expect(texts(again.validation['a.jsonl']!)).toEqual(held[0]);
  });

  test('examples of a group lie on one side, in whatever file, with copies that name none', async () => {
    const asked = (of: string, group: string) =>
      ['what', 'why', 'how'].map((word) => ({
        ...ask(`${word} ${of} ${group}`, `answer ${group}`),
        group: `${of}${group}`,
      }));
    const all = Array.from({ length: 20 }, (_, i) => asked('fact', String(i))).flat();
    const paths = [
      await write('grouped.jsonl', all),
      await write('partly.jsonl', [
        ...all.slice(30).reverse(),
        ...asked('fact', '1').map(({ group: _, ...one }) => one),
      ]),
    ];
    const { train, validation, files } = await openInstructions(paths, { tokenizer, template: chatml, length: 64 });
    expect(files[0]!.validation).toBeGreaterThanOrEqual(12);
    expect(files[0]!.validation % 3).toBe(0);
    const list = (dataset: InstructionDataset): Set<string> => {
      const batches = [...dataset.batches({ batchSize: 1, order: 'sequential' })];
      return new Set(batches.flatMap(({ inputs }) => tokenizer.decode(inputs).match(/fact \d+/gu) ?? []));
    };
    const held = new Set(Object.values(validation).flatMap((dataset) => [...list(dataset)]));
    const trained = list(train);
    expect(held.size).toBeGreaterThanOrEqual(4);
    expect([...held].filter((fact) => trained.has(fact))).toEqual([]);
    expect(held.size + trained.size).toBe(20);
    const path = await write('group.jsonl', [{ ...ask('a', 'b'), group: 7 }]);
    await expect(openInstructions(path, { tokenizer, template: chatml, length: 64 })).rejects.toThrow(
      /line 1: group: 7 in place of a text/,
    );
  });

  test('tells of every record that does not fit, by file and line', async () => {
    const path = await write('bad.jsonl', [ask('a', 'b'), '{', { instruction: 'a' }, ask('c', 'd'), 7]);
    const options = { tokenizer, template: chatml, length: 64, validation: 0 };
    await expect(openInstructions(path, options)).rejects.toThrow(
      /\[PAL_DATA\] openInstructions.*3 others: .*bad.jsonl, line 2: no JSON.*line 3: none of the forms.*line 5: 7 in place/s,
    );
    const { files, malformed, validation } = await openInstructions(path, { ...options, onMalformed: 'report' });
    expect(files).toEqual([{ path, train: 2, validation: 0 }]);
    expect([malformed.map(({ line }) => line), validation]).toEqual([[2, 3, 5], {}]);
  });

  test('a template’s refusal is a flaw of the record', async () => {
    const gemma = new ChatTemplate(chatTemplates.gemma, { tokens: templateTokens.gemma });
    const messages = [
      { role: 'system', content: 'a' },
      { role: 'assistant', content: 'b' },
    ];
    const path = await write('system.jsonl', [{ messages }]);
    await expect(openInstructions(path, { tokenizer, template: gemma, length: 64 })).rejects.toThrow(
      /line 1: .*System role not supported/,
    );
  });

  test('a model learns these answers by the Trainer, not those of other questions', async () => {
    const answers = ['blue', 'red', 'green', 'black'];
    const open = async (name: string, shift: number): Promise<InstructionDataset> => {
      const records = answers.map((_, i) => ask(`colour ${i}?`, answers[(i + shift) % answers.length]!));
      const options = { tokenizer, template: chatml, length: 64, validation: 0 };
      return (await openInstructions(await write(name, records), options)).train;
    };
    const [own, shuffled] = [await open('own.jsonl', 0), await open('shuffled.jsonl', 1)];
    manualSeed(1);
    const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 64, width: 32, layers: 2, heads: 2 });
    const optimizer = { type: 'adamw', learningRate: 0.01 } as const;
    const runDirectory = join(folder, 'run');
    const inputs = { data: { train: own }, tokenizer, chatTemplate: chatml, runDirectory };
    await new Trainer({ model, ...inputs, steps: 150, batchSize: 4, optimizer }).run();
    const stored = await loadModel(join(runDirectory, 'model'));
    expect(stored.chatTemplate).toMatchObject({ source: chatml.source, tokens: chatml.tokens });
    stored.model.dispose();
    const [learned, other] = [await evaluateDataset(model, own), await evaluateDataset(model, shuffled)];
    expect(learned.loss).toBeLessThan(0.05);
    expect(other.loss).toBeGreaterThan(1);
    expect(learned.tokens).toBe(own.targetCount);
    model.dispose();
  });
});
