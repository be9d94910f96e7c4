import { beforeAll, describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { generateRecord, listVerbForms } from '../../../lib/logic/index.js';
import { Gpt } from '../../../lib/models/index.js';
import {
  LogicConstraint,
  LogicVocabulary,
  encodeLogicPrompt,
  encodeLogicRecord,
  formalize,
  trainLogicTokenizer,
} from '../../../lib/tasks/index.js';
import { GlossWords, commonWords } from '../../../lib/tasks/logic/decoding/gloss-words.js';
import { TokenTable } from '../../../lib/tasks/logic/decoding/token-table.js';
import { manualSeed } from '../../../lib/tensor/index.js';

const records = Array.from({ length: 200 }, (_, index) => generateRecord(index, { seed: 5, slice: 'train' }));
const sentence = 'Si desaparecen los aranceles, cada país aplicará los suyos.';

let vocabulary: LogicVocabulary;
beforeAll(async () => {
  vocabulary = new LogicVocabulary(await trainLogicTokenizer(records, { vocabSize: 700 }));
});

/** Whether a constraint lets a record's output through, token by token. */
function passes(record: (typeof records)[number]): boolean {
  const { ids, answers } = encodeLogicRecord(record, vocabulary);
  const { start } = answers[0];
  const matcher = new LogicConstraint(vocabulary).start(Array.from(ids.slice(0, start)));
  for (const id of ids.slice(start)) {
    const allowed = new Uint8Array(vocabulary.tokenizer.size);
    matcher.allow(allowed);
    if (allowed[id] !== 1) return false;
    matcher.accept(id);
  }
  return true;
}

test('the clauses of the grammar are made of the words of their sentences, in other forms too', () => {
  expect(records.filter(passes).length).toBeGreaterThanOrEqual(0.98 * records.length);
});

describe('a model of random weights', () => {
  const find = async (glossWords: 'sentence' | 'any') => {
    manualSeed(1);
    const size = vocabulary.tokenizer.size;
    using model = new Gpt({ vocabSize: size, contextLength: 256, width: 16, layers: 1, heads: 2, initStd: 0.5 });
    const texts = Array.from({ length: 20 }, () => sentence);
    const options = { model, tokenizer: vocabulary.tokenizer, maxNewTokens: 60, temperature: 2, seed: 3, glossWords };
    return (await formalize(texts, options)).map(({ atoms }) => atoms);
  };
  const reduce = (word: string): string => word.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  const own = sentence.match(/\p{L}+/gu)!.flatMap((word) => [word, ...listVerbForms(word.toLowerCase())]);
  const known = new Set([...own, ...commonWords].map(reduce));
  const isKnown = (word: string): boolean => known.has(reduce(word));

  test('writes no word that the sentence has not', async () => {
    // Where tokens run out, the last clause is cut.
    const atoms = (await find('sentence')).flatMap((all) => all.slice(0, -1));
    const words = atoms.flatMap(({ gloss }) => gloss.match(/\p{L}+/gu) ?? []);
    expect(words.length).toBeGreaterThan(20);
    expect(words.filter((word) => !isKnown(word))).toEqual([]);
  });

  test('writes any where it may', async () => {
    const words = (await find('any')).flat().flatMap(({ gloss }) => gloss.match(/\p{L}+/gu) ?? []);
    expect(words.some((word) => !isKnown(word))).toBe(true);
  });
});

test('without a prompt any words may come', () => {
  const matcher = new LogicConstraint(vocabulary).start();
  const ids = encodeLogicPrompt('x', vocabulary);
  expect(ids.length).toBeGreaterThan(2);
  const write = (id: number): void => matcher.accept(id);
  [vocabulary.sections.atoms, ...vocabulary.encodeSymbols('p:')].forEach(write);
  const allowed = new Uint8Array(vocabulary.tokenizer.size);
  matcher.allow(allowed);
  const [zebra] = vocabulary.encodeWords('zebra');
  expect(allowed[zebra!]).toBe(1);
});

test('the tokens that are marked are those that a step knows, at every place of random words', () => {
  const { bytes } = new TokenTable(vocabulary);
  const random = new Random(3);
  for (const { input } of records.slice(0, 6)) {
    const words = new GlossWords(input, bytes);
    const all = new Uint8Array(bytes.length).fill(1);
    let place = words.root;
    for (let i = 0; i < 25; i++) {
      const allowed = words.restrict(place, all);
      const known = bytes.map((token) => words.step(place, token));
      expect(Array.from(allowed)).toEqual(known.map((next) => Number(next !== undefined)));
      const choices = known.filter((next) => next !== undefined && next !== words.root);
      place = choices.length > 0 ? choices[random.integer(choices.length)]! : words.root;
    }
  }
});

test('a place allows what one of the words goes on with, a byte at a time, and sentences keep their words to themselves', () => {
  const { bytes } = new TokenTable(vocabulary);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const reads = (words: GlossWords, text: string): boolean => words.step(words.root, encode(text))?.whole === true;
  const rain = new GlossWords('Si llueve, me mojo.', bytes);
  for (const word of ['llueve', 'llovió', 'lloverá', 'Si', 'si', 'moja', 'mojé', 'me', 'nunca'])
    expect([word, reads(rain, ` ${word}`)]).toEqual([word, true]);
  for (const word of ['nieve', 'mojox', 'lluev', 'x']) expect([word, reads(rain, ` ${word}`)]).toEqual([word, false]);
  const snow = new GlossWords('Si nieva, esquío.', bytes);
  expect([reads(snow, ' nieva'), reads(snow, ' llueve'), reads(rain, ' nieva'), reads(rain, ' llueve la si')]).toEqual([
    ...[true, false, false, true],
  ]);
});
