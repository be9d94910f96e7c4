import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  WordBaseline,
  drawFallacies,
  fallacyLabels,
  generateFallacy,
  scoreLabels,
  writeLines,
} from '../../../../lib/logic/index.js';
import type { FallacyRecord } from '../../../../lib/logic/index.js';
import { Gpt, gptPresets, loadModel } from '../../../../lib/models/index.js';
import {
  DetectiveVocabulary,
  detect,
  encodeFallacy,
  trainDetective,
  trainDetectiveTokenizer,
} from '../../../../lib/tasks/index.js';
import type { TrainDetectiveReport } from '../../../../lib/tasks/index.js';
import { locateEdges } from '../../../../lib/tasks/logic/detective/encode-fallacy.js';
import { manualSeed } from '../../../../lib/tensor/index.js';

let folder = '';
let records: FallacyRecord[];
let vocabulary: DetectiveVocabulary;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-detective-'));
  records = Array.from({ length: 240 }, (_, index) => generateFallacy(index, { seed: 8 }));
  vocabulary = new DetectiveVocabulary(await trainDetectiveTokenizer(records, { vocabSize: 500 }));
});
afterAll(() => rm(folder, { recursive: true }));

describe('sequences', () => {
  test('name a label, a severity and the tokens at which the words begin and end, and these are found again', () => {
    const { tokenizer, labels, logic } = vocabulary;
    const close = records.map((record) => {
      const { ids, answers } = encodeFallacy(record, vocabulary);
      const { start, end } = answers[0]!;
      const [label, digit, ...rest] = ids.slice(start, end);
      expect([label, ids.at(-1)]).toEqual([labels[record.label], logic.eos]);
      expect(ids[start - 1]).toBe(logic.output);
      if (record.span === null) return end - start === 2;
      expect(tokenizer.decode([digit!])).toBe(String(record.severity));
      const found = locateEdges(record.text, rest.slice(0, -1), Array.from(ids.slice(0, start)), vocabulary);
      return found !== null && Math.abs(found[0] - record.span[0]) < 3 && Math.abs(found[1] - record.span[1]) < 3;
    });
    // Where the first tokens stand before the words too, or the last ones behind them, other places are taken.
    expect(close.filter(Boolean).length).toBeGreaterThan(0.9 * records.length);
  });

  test('are placed by UTF-16 units, whatever the text has, and never by special tokens that it spells', () => {
    const text = '  «Ñandú» 🦊 y más: <|none|> o vienes o te odio, dijo. ';
    const span = [text.indexOf('o vienes'), text.indexOf(', dijo')] as const;
    const { ids, answers } = encodeFallacy({ text, label: 'falseDilemma', span: [...span], severity: 2 }, vocabulary);
    const { start } = answers[0]!;
    const prompt = Array.from(ids.slice(0, start));
    expect(prompt).not.toContain(vocabulary.labels.none);
    const found = locateEdges(text, Array.from(ids.slice(start + 2, -1)), prompt, vocabulary)!;
    expect(text.slice(...found)).toContain('o vienes o te odio');
    expect(locateEdges(text, [1, 2, 3, 4], prompt, vocabulary)).toBeNull();
  });
});

describe('a detective of random weights', () => {
  test('names one label by probabilities of all, and words of the text alone; alone as side by side', async () => {
    manualSeed(4);
    const { tokenizer } = vocabulary;
    using model = new Gpt({ ...gptPresets['nanologic-xs'], layers: 1, vocabSize: 512 });
    const texts = [...records.slice(0, 24).map(({ text }) => text), 'a', 'Ñ🦊'];
    const found = await detect(texts, { model, tokenizer, batchSize: 10 });
    for (const [place, { text, label, span, severity, probabilities, explanation }] of found.entries()) {
      expect(text).toBe(texts[place]);
      expect(Object.keys(probabilities)).toEqual([...fallacyLabels]);
      const values = Object.values(probabilities);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
      expect(probabilities[label]).toBe(Math.max(...values));
      if (label === 'none') expect([span, severity]).toEqual([null, 0]);
      else expect(severity).toBeGreaterThanOrEqual(1);
      if (span !== null) expect(explanation).toContain(`«${text.slice(...span)}»`);
    }
    expect(found.filter(({ label }) => label !== 'none').length).toBeGreaterThan(0);
    const [alone] = await detect([texts[5]!], { model, tokenizer });
    expect(alone).toMatchObject({ label: found[5]!.label, span: found[5]!.span, severity: found[5]!.severity });
  });

  test('refuses empty texts, texts beyond its context, tokenizers without labels, and stops where it is told', async () => {
    manualSeed(4);
    const { tokenizer } = vocabulary;
    using model = new Gpt({ ...gptPresets['nanologic-xs'], layers: 1, vocabSize: 512, contextLength: 48 });
    await expect(detect([' '], { model, tokenizer })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    await expect(detect(['no '.repeat(60)], { model, tokenizer })).rejects.toThrow('at most 41 tokens');
    expect(() => new DetectiveVocabulary({ ...tokenizer, specialTokens: {} })).toThrow('special token');
    const stopped = detect(['Llueve.'], { model, tokenizer, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'PAL_ABORTED' });
  });
});

describe('a training', () => {
  const tiny = { records: 240, held: 12, vocabSize: 400, batchSize: 2, layers: 1, steps: 3, seed: 5 } as const;
  let report: TrainDetectiveReport;
  const heard: number[] = [];
  beforeAll(async () => {
    report = await trainDetective({ folder: join(folder, 'run'), ...tiny, onStep: ({ step }) => heard.push(step) });
  });

  test('leaves a model that detects, and what was measured beside the baseline', async () => {
    expect(heard).toEqual([1, 2, 3]);
    expect(report).toMatchObject({ texts: 240, steps: 3, vocabSize: 400 });
    expect(Object.keys(report.held)).toEqual(['templates', 'words', 'both']);
    for (const scores of Object.values(report.held)) {
      expect(scores.count).toBe(12);
      expect(scores.macroF1).toBeLessThanOrEqual(1);
      expect(scores.baseline).toBeGreaterThan(0.1);
    }
    expect(JSON.parse(await readFile(join(folder, 'run', 'detective.json'), 'utf8'))).toEqual(report);
    const { model, tokenizer } = await loadModel(report.model);
    expect(await detect(['Llueve.'], { model, tokenizer: tokenizer! })).toHaveLength(1);
    model.dispose();
  });

  test('by files holds out whole templates', async () => {
    const path = join(folder, 'fallacies.jsonl');
    await writeLines(path, (await drawFallacies({ count: 360, held: 12 })).train);
    const options = { folder: join(folder, 'files'), data: path, ...tiny, steps: 1, validation: 0.2 };
    const { texts, held } = await trainDetective(options);
    expect(texts + held.held!.count).toBe(360);
    expect(held.held!.count).toBeGreaterThan(20);
    await expect(trainDetective({ ...options, validation: 1e-9 })).rejects.toMatchObject({ code: 'PAL_DATA' });
    await expect(trainDetective({ ...options, length: 16 })).rejects.toThrow('at most 16 tokens');
    await expect(trainDetective({ ...options, fold: 10 })).rejects.toMatchObject({ code: 'PAL_CONFIG' });
    await expect(trainDetective({ ...options, fodl: 1 } as never)).rejects.toThrow('fold');
  });

  test('learns: the label of texts that it was shown', async () => {
    const path = join(folder, 'few.jsonl');
    const few = records.slice(0, 12);
    await writeLines(
      path,
      few.flatMap((one) => [
        { ...one, template: 'a' },
        { ...one, template: 'b', text: `${one.text} ` },
      ]),
    );
    const options = {
      ...tiny,
      data: path,
      validation: 0.5,
      epochs: 60,
      batchSize: 1,
      steps: 60,
      learningRate: 5e-3,
      dropout: 0,
    };
    const { held } = await trainDetective({ folder: join(folder, 'few'), ...options });
    expect(Object.values(held)[0]!.macroF1).toBeGreaterThan(0.8);
  });
});

test('scores of labels are those worked out by hand; the baseline of words tells what words tell', () => {
  const scores = scoreLabels(['none', 'none', 'strawMan', 'tuQuoque'], ['none', 'strawMan', 'strawMan', 'none']);
  expect(scores).toMatchObject({ count: 4, accuracy: 0.5, confusions: [{ count: 1 }, { count: 1 }] });
  const f1 = Object.fromEntries(scores.labels.map((one) => [one.label, one.f1]));
  expect(f1).toMatchObject({ none: 0.5, strawMan: 2 / 3, tuQuoque: 0, redHerring: 0 });
  expect(scores.macroF1).toBeCloseTo((0.5 + 2 / 3) / 3, 12);
  expect(() => scoreLabels([], [])).toThrow('scoreLabels');
  expect(() => scoreLabels(['none'], [])).toThrow('scoreLabels');
  const words = new WordBaseline([
    { text: 'perro gato', label: 'none' },
    { text: 'casa', label: 'tuQuoque' },
  ]);
  expect([words.predict('un gato'), words.predict('la casa')]).toEqual(['none', 'tuQuoque']);
});
