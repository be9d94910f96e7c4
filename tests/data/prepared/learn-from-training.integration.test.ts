import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openPrepared, prepare } from '../../../lib/data/index.js';
import type { PrepareOptions, PrepareStage } from '../../../lib/data/index.js';
import { BpeTokenizer, WordTokenizer, iterateDocuments } from '../../../lib/text/index.js';
import type { TextSource } from '../../../lib/text/index.js';

let folder: string;
let directory: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-learn-'));
  directory = join(folder, 'data');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Each of the words once, in order, with words that are everywhere between them. */
const name = (i: number): string => `name${String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26))}`;
const lines = Array.from({ length: 200 }, (_, i) => `there was ${name(i)} in the house`);

async function collect(source: TextSource): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of iterateDocuments(source)) texts.push(text);
  return texts;
}

describe('a tokenizer that prepare trains', () => {
  const cases: [string, TextSource, PrepareOptions['split']][] = [
    ['one text that is cut', lines.join('\n'), { by: 'block' }],
    ['lines that are cut', lines, { by: 'block' }],
    ['documents that are drawn', lines, { by: 'document', seed: 3 }],
    ['no held-out parts', lines, { validation: 0, test: 0 }],
  ];

  test.each(cases)('%s: knows the words of the training part and no other', async (_, source, split) => {
    const given: string[] = [];
    const train = async (training: TextSource): Promise<WordTokenizer> => {
      given.push(...(await collect(training)));
      return await WordTokenizer.train(training);
    };
    await prepare(source, { directory, tokenizer: train, split, endToken: null, startToken: null });
    using there = await openPrepared(directory, { verify: true });
    const unknown = there.tokenizer.specialTokens!['<UNK>']!;
    const { train: training, validation, test: last } = there;
    const count = (part: typeof training | undefined): number[] => {
      const ids = part === undefined ? [] : [...part.tokens.subarray(0, part.tokens.length)];
      return [ids.length / 6, ids.filter((id) => id === unknown).length];
    };
    const [trained, none] = count(training);
    expect(none).toBe(0);
    expect(given.join('\n').match(/name\w+/g)).toHaveLength(Math.round(trained!));
    const held = [count(validation), count(last)];
    // Each sentence has a word that is nowhere else.
    for (const [sentences, unseen] of held) expect(Math.abs(unseen! - sentences!)).toBeLessThanOrEqual(1);
    expect(trained! + held[0]![0]! + held[1]![0]!).toBeCloseTo(200, 6);
    if (split?.validation !== 0) {
      for (const [sentences] of held) expect(Math.abs(sentences! - 20)).toBeLessThanOrEqual(1);
    }
  });

  test('forms of words for truecasing come from the training part', async () => {
    const texts = [...lines.slice(0, 100), ...Array.from({ length: 100 }, () => 'and then Rosa saw Rosa')];
    const { preprocess } = await prepare(texts, {
      directory,
      tokenizer: (training) => BpeTokenizer.train(training, { vocabSize: 300 }),
      preprocess: { case: { type: 'truecase' } },
      split: { validation: 0.3, test: 0.3 },
    });
    const { forms } = preprocess!.case as { forms: string[] };
    expect(forms).toContain('house');
    expect(forms).not.toContain('Rosa');
  });

  test('tells its stages in order, and stops in each of them', async () => {
    const long = Array.from({ length: 30_000 }, (_, i) => `${lines[i % 200]!} ${i}`);
    const tokenizer = (training: TextSource): Promise<BpeTokenizer> => BpeTokenizer.train(training, { vocabSize: 300 });
    const seen: PrepareStage[] = [];
    await prepare(long, { directory, tokenizer, onStage: ({ stage }) => seen.push(stage) });
    const order: PrepareStage[] = ['measure', 'learn', 'encode', 'write', 'compare'];
    expect([...new Set(seen)]).toEqual(order);
    for (const at of order) {
      const stop = new AbortController();
      const onStage = ({ stage }: { stage: PrepareStage }): void => {
        if (stage === at) stop.abort();
      };
      const stopped = prepare(long, { directory, replace: true, tokenizer, signal: stop.signal, onStage });
      await expect(stopped).rejects.toMatchObject({ code: 'PAL_ABORTED' });
    }
  });
});
