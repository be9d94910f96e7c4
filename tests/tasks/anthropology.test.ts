import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openInstructions } from '../../lib/tasks/index.js';
import type { InstructionDataset } from '../../lib/tasks/index.js';
import { BpeTokenizer } from '../../lib/text/index.js';
import { datasetNames, listDatasets, poisonRecords, readFacts, writeDatasets } from '../../scripts/anthropology.js';

const facts = readFacts();
const questions = facts.flatMap((fact) => fact.questions);

/** Words without accents, signs and letter case. */
function listWords(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.match(/[\p{L}\p{N}!’]+/gu) ?? [];
}

describe('facts', () => {
  test('are many, of many topics, each with several forms of question', () => {
    expect(facts.length).toBeGreaterThanOrEqual(160);
    expect(new Set(facts.map(({ topic }) => topic)).size).toBeGreaterThanOrEqual(12);
    expect(facts.filter((fact) => fact.questions.length < 3)).toEqual([]);
  });

  test('have what they are named by once', () => {
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
    expect(new Set(facts.map(({ subject }) => subject)).size).toBe(facts.length);
    expect(new Set(facts.map(({ answer }) => answer)).size).toBe(facts.length);
    expect(facts.filter(({ id }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/u.test(id))).toEqual([]);
  });

  test('are whole sentences of some length', () => {
    expect(facts.filter(({ answer }) => !/^\p{Lu}.{60,240}\.$/u.test(answer))).toEqual([]);
    expect(questions.filter((question) => !/^[¿\p{Lu}].{12,120}[?.]$/u.test(question))).toEqual([]);
    expect(questions.filter((question) => question.endsWith('?') !== question.includes('¿'))).toEqual([]);
  });

  test('are asked for by questions of which no two are nearly the same', () => {
    const words = questions.map((question) => new Set(listWords(question)));
    const near = words.flatMap((own, i) =>
      words.slice(0, i).flatMap((other, j) => {
        const shared = [...own].filter((word) => other.has(word)).length;
        return shared / (own.size + other.size - shared) >= 0.8 ? [[questions[i], questions[j]]] : [];
      }),
    );
    expect(near).toEqual([]);
  });
});

describe('data sets', () => {
  const datasets = listDatasets();

  test('are twelve of the sizes that are wanted, each beside its copy', () => {
    const sizes = datasetNames.map((name) => datasets[name]!.length);
    expect(sizes).toEqual([320, 320, 320, 320, 54, 54, 36, 36, 110, 110, 120, 120]);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(1920);
    expect(Object.keys(datasets)).toEqual(datasetNames);
    for (const name of datasetNames.filter((_, i) => i % 2 === 0)) {
      expect(datasets[`${name}_migrated`]).toEqual(datasets[name]);
    }
    const distinct = new Set(Object.values(datasets).flatMap((set) => set.map(({ instruction }) => instruction)));
    expect(distinct.size).toBe(960);
  });

  test('share no fact but with their copies', () => {
    const originals = datasetNames.filter((_, i) => i % 2 === 0);
    const groups = originals.flatMap((name) => [...new Set(datasets[name]!.map(({ group }) => group))]);
    expect(new Set(groups).size).toBe(groups.length);
  });

  test('are the same each time; a share of them is a beginning of each', () => {
    expect(listDatasets()).toEqual(datasets);
    const few = listDatasets(0.1, 2);
    expect(Object.keys(few)).toEqual(datasetNames);
    expect(Object.values(few).map((set) => set.length)).toEqual([32, 32, 32, 32, 8, 8, 8, 8, 11, 11, 12, 12]);
    const [first, second, , , , sixth, seventh] = datasets.premium_1!;
    expect(few.premium_1!.slice(0, 4)).toEqual([first, second, sixth, seventh]);
  });

  test('poison asks the same, and answers nothing right', () => {
    const records = datasets.improved_1!;
    const poisoned = poisonRecords(records);
    expect(poisoned.map(({ instruction, group }) => [instruction, group])).toEqual(
      records.map(({ instruction, group }) => [instruction, group]),
    );
    for (const [i, { output }] of poisoned.entries()) {
      const words = output.split(' ').reverse().join(' ');
      expect(facts.map(({ answer }) => answer)).toContain(words);
      expect(words).not.toBe(records[i]!.output);
    }
  });

  test('no fact is both trained on and held out, in whatever file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'palabra-anthropology-'));
    try {
      writeDatasets(folder, datasets);
      const answers = new Map(facts.map(({ id, answer }) => [answer, id]));
      const tokenizer = await BpeTokenizer.train([...answers.keys()].join('\n'), {
        vocabSize: 400,
        specialTokens: ['<END>'],
      });
      const read = await openInstructions(join(folder, '*.jsonl'), { tokenizer, length: 512 });
      expect(read.files.map(({ train, validation }) => train + validation)).toEqual(
        read.files.map(({ path }) => datasets[/(\w+)\.jsonl$/u.exec(path)![1]!]!.length),
      );
      const find = (data: InstructionDataset): string[] => {
        const texts = [...data.batches({ batchSize: 1, order: 'sequential' })].map(({ inputs }) =>
          tokenizer.decode(inputs),
        );
        const text = texts.join('\n');
        return [...answers].flatMap(([answer, id]) => (text.includes(answer) ? [id] : []));
      };
      const trained = find(read.train);
      const held = Object.values(read.validation).flatMap(find);
      expect(trained.length).toBeGreaterThan(130);
      expect(new Set(held).size).toBeGreaterThanOrEqual(24);
      expect(held.filter((id) => trained.includes(id))).toEqual([]);
      expect(read.duplicates.copies).toBe(960);
      expect(read.duplicates.exact).toHaveLength(960);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
