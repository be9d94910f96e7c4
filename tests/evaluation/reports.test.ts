import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../lib/core/index.js';
import {
  TextMetric,
  analyzeErrors,
  compareModels,
  computeCompletionBleu,
  evaluateModel,
  evaluationConfigSchema,
  evaluationPrompts,
  judgePerplexity,
  buildLossChart,
  renderComparison,
  renderEvaluation,
  renderValidation,
  splitTextBlocks,
  findUnbalancedSigns,
  validateModel,
} from '../../lib/evaluation/index.js';
import type { MeasuredText, Metric } from '../../lib/evaluation/index.js';
import { Gpt, LstmLanguageModel, loadModel, saveModel } from '../../lib/models/index.js';
import { manualSeed, memory } from '../../lib/tensor/index.js';
import { ByteTokenizer, CharTokenizer, WordTokenizer } from '../../lib/text/index.js';
import { CountingModel } from '../helpers/counting-model.js';
import { elements, parseMarkup } from '../helpers/markup.js';

const tokenizer = new ByteTokenizer();
const sentence = 'The cat sat on the mat, and the dog (a good dog) sat by it. ';
const documents = Array.from({ length: 6 }, (_, i) => sentence.repeat(2).slice(i) + `Number ${i}.`);
const quick = {
  prompts: ['The cat', 'A dog (', 'On'],
  settings: { quick: { maxTokens: 20, temperature: 1, samples: 2 } },
  completions: { passages: 3, promptWords: 4, completionWords: 3 },
};

const models: Record<string, Gpt> = {};

beforeAll(() => {
  for (const [name, layers, seed] of [
    ['a', 1, 1],
    ['b', 2, 2],
  ] as const) {
    manualSeed(seed);
    const deviation = { initStd: name === 'a' ? 0.01 : 0.4 };
    models[name] = new Gpt({ vocabSize: 256, contextLength: 32, width: 16, layers, heads: 2, ...deviation });
  }
});

afterAll(() => {
  for (const model of Object.values(models)) model.dispose();
});

describe('evaluateModel', () => {
  test('measures everything, and repeats it with the seed', async () => {
    const run = () => evaluateModel(models.a!, tokenizer, { documents, ...quick });
    const report = await run();
    expect(report.model).toMatchObject({ kind: 'gpt', vocabSize: 256, tokenizer: 'byte' });
    expect(report.model.parameters - report.model.bodyParameters).toBe(256 * 16);
    expect(report.scores!.bitsPerByte).toBeCloseTo(8, 1);
    expect(report.completions!.passages).toBe(3);
    const { texts, distinct, repetition, selfBleu, tokens, errors } = report.generations.quick!;
    expect(errors.texts.map(({ topic }) => topic.length)).toEqual(Array(6).fill(2));
    expect(texts.length).toBe(6);
    expect(tokens).toBe(6 * 20);
    expect(distinct[1]).toBeGreaterThan(0.3);
    expect(repetition[4]).toBe(0);
    expect(selfBleu).toBeLessThan(0.5);
    const again = await run();
    expect(again.generations.quick!.texts).toEqual(texts);
    expect(again.scores).toEqual(report.scores);
  });

  test('takes its options as plain data', async () => {
    const config = parseConfig('test', evaluationConfigSchema, {
      ...quick,
      metrics: ['perplexity', 'bleu', 'generation'],
      scoring: { stride: 8, dynamic: { learningRate: 0.01 } },
      completions: { ...quick.completions, smoothing: { type: 'addK', value: 0.5 } },
      goals: { 'completions.bleu.4': { min: 0 } },
    });
    const report = await evaluateModel(models.a!, tokenizer, { documents, ...config });
    expect(report).toMatchObject({ passed: true, scores: { stride: 8, dynamic: true } });
    const wrong = { scoring: { strid: 8 }, goals: { x: { maximum: 1 } } };
    expect(() => parseConfig('test', evaluationConfigSchema, wrong)).toThrow(/scoring.strid: unknown key[^]*goals.x/);
  });

  test('goals decide, by the path of a figure', async () => {
    const goals = { 'scores.perplexity': { max: 300 }, 'generations.quick.repetition.2': { max: 0.9, min: 0.5 } };
    const { checks, passed } = await evaluateModel(models.a!, tokenizer, { documents, ...quick, goals });
    expect(checks.map((check) => check.passed)).toEqual([true, false]);
    expect(passed).toBe(false);
    const wrong = { ...quick, metrics: ['generation'] as const, goals: { 'generations.quik.tokens': { min: 1 } } };
    await expect(evaluateModel(models.a!, tokenizer, wrong)).rejects.toThrow(/\[PAL_ARGUMENT\] checkGoals.*quick/);
  });

  test('own metrics of texts stand beside the built-in ones, and goals reach both', async () => {
    const vowels = new TextMetric(
      'vowels',
      (texts) =>
        texts
          .map(({ text }) => text)
          .join('')
          .match(/[aeiou]/gu)?.length ?? 0,
    );
    const letters: Metric<MeasuredText> & { seen: string } = {
      ...{ name: 'letters', seen: '' },
      start: () => void (letters.seen = ''),
      add: ({ text }) => Promise.resolve(void (letters.seen += text)),
      result: () => Promise.resolve(letters.seen.length),
    };
    const goals = {
      'generations.quick.metrics.letters': { min: 1 },
      'generations.quick.metrics.distinct-2': { max: 1 },
    };
    const options = { ...quick, metrics: ['generation'] as const, textMetrics: [vowels, letters], goals };
    const { generations, passed } = await evaluateModel(models.a!, tokenizer, options);
    const { metrics, texts, distinct } = generations.quick!;
    expect(passed).toBe(true);
    expect(metrics.letters).toBe(texts.map(({ text }) => text).join('').length);
    expect(metrics['distinct-2']).toBe(distinct[2]);
    expect(metrics.vowels).toBe(
      texts
        .map(({ text }) => text)
        .join('')
        .match(/[aeiou]/gu)?.length ?? 0,
    );
  });

  test('a model that repeats itself is seen to', async () => {
    const model = new CountingModel(256);
    const settings = { greedy: { maxTokens: 600, temperature: 0, samples: 1 } };
    const { generations } = await evaluateModel(model, tokenizer, { prompts: ['a'], settings });
    expect(generations.greedy!.longestRepeatedSpan).toBe(600 - 256);
    expect(generations.greedy!.byText).toEqual([
      { repetition: generations.greedy!.repetition, longestRepeatedSpan: 600 - 256 },
    ]);
    expect(generations.greedy!.repetition[2]).toBeGreaterThan(0.5);
  });

  test('built-in openings and settings: ten, three texts each', async () => {
    const report = await evaluateModel(models.a!, tokenizer);
    expect(Object.keys(report.generations)).toEqual(['conservative', 'creative']);
    expect(report.generations.creative!.texts.length).toBe(3 * evaluationPrompts.length);
    expect(evaluationPrompts.length).toBe(10);
  });

  test('openings that the tokenizer cannot express are left out, or taken from the documents', async () => {
    const upper = new CharTokenizer([...' ABCDEFGH']);
    const model = new CountingModel(9);
    const metrics = ['generation'] as const;
    const report = await evaluateModel(model, upper, { documents: ['BAD CAFE FADED', ' '], metrics });
    expect(report.generations.creative!.prompts).toEqual(['BAD CAFE FADED']);
    const some = new CharTokenizer([...'abcdefghijklmnopqrstuvwxyz OL']);
    const found = await evaluateModel(new CountingModel(29), some, { metrics });
    expect(found.generations.creative!.prompts).toEqual(['Once upon a time', 'Language is']);
  });

  test('is written as text, CSV, JSON and a page', async () => {
    const goals = { 'scores.perplexity': { max: 1 } };
    const report = await evaluateModel(models.a!, tokenizer, { documents, ...quick, goals });
    const text = renderEvaluation(report, 'text');
    expect(text).toMatch(/Scores: 6 documents, context 32, stride 32, first token not predicted/);
    expect(text).toMatch(/scores\.perplexity .* failed/);
    expect(renderEvaluation(report, 'csv')).toMatch(/^figure,value\r\n[^]*\r\nscores\.perplexity,\d+/);
    expect((JSON.parse(renderEvaluation(report, 'json')) as typeof report).model).toEqual(report.model);
    const page = renderEvaluation(report, 'html');
    expect(page).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    expect(page).toContain('A dog (▸');
    expect(page).not.toMatch(/<script|src=|href=/);
    const titles = elements(parseMarkup(page), 'svg').map(({ attributes }) => attributes['aria-label']);
    expect(titles).toEqual(['Documents by how well they are predicted', 'Repetition', 'Diversity', 'Topic']);
    for (const form of [text, page]) {
      expect(form).toContain('Faults of what was written');
      expect(form).toMatch(/byte tokenizer of 256 tokens: not below 2/);
    }
  });

  test('leaves no tensor behind', async () => {
    const run = () => evaluateModel(models.a!, tokenizer, { documents, ...quick });
    await run();
    const before = memory.stats().liveSlots;
    await run();
    expect(memory.stats().liveSlots).toBe(before);
  });
});

describe('compareModels', () => {
  test('a model beside itself: no difference, p = 1', async () => {
    const pair = ['first', 'second'].map((name) => ({ name, model: models.a!, tokenizer }));
    const { models: rows, pairs } = await compareModels(pair, { documents, ...quick });
    expect(pairs).toHaveLength(1);
    const [{ test: paired, wilcoxon, corrected, effect, interval }] = pairs as [(typeof pairs)[0]];
    expect(paired).toMatchObject({ difference: 0, t: 0, p: 1 });
    expect([wilcoxon.p, corrected, effect.d]).toEqual([1, 1, 0]);
    expect(interval).toEqual({ estimate: 0, low: 0, high: 0 });
    expect(rows[1]!.improvement).toBe(0);
    expect(rows[1]!.report.generations.quick!.texts).toEqual(rows[0]!.report.generations.quick!.texts);
  });

  test('different models differ on every document; signs and corrections are right', async () => {
    manualSeed(3);
    const lstm = new LstmLanguageModel({ vocabSize: 256, embeddingDim: 8, width: 8 });
    const three = [
      { name: 'a', model: models.a!, tokenizer, epoch: 3 },
      { name: 'b', model: models.b!, tokenizer },
      { name: 'lstm', model: lstm, tokenizer },
    ];
    const comparison = await compareModels(three, { documents, ...quick, metrics: ['perplexity', 'generation'] });
    const [ab] = comparison.pairs;
    expect(comparison.pairs.map(({ first, second }) => first + second)).toEqual(['ab', 'alstm', 'blstm']);
    // b has larger random weights, so it is surer and more often wrong.
    expect(ab!.test.difference).toBeGreaterThan(0);
    expect(ab!.test.p).toBeLessThan(0.01);
    expect(ab!.corrected).toBeGreaterThanOrEqual(ab!.test.p);
    expect(ab!.interval.low).toBeGreaterThan(0);
    expect(comparison.models[1]!.improvement).toBeLessThan(0);
    const { efficiency, report } = comparison.models[0]!;
    expect(efficiency).toBeCloseTo(1 / report.scores!.perplexity / (report.model.parameters / 1e6), 12);
    const csv = renderComparison(comparison, 'csv').split('\r\n');
    expect(csv[0]).toMatch(/^model,kind,epoch,perplexity/);
    expect(csv[1]).toMatch(/^a,gpt,3,/);
    expect(renderComparison(comparison, 'text')).toMatch(/p \(Holm\)/);
    expect(JSON.parse(renderComparison(comparison, 'json'))).toMatchObject({ documents: 6 });
    const page = renderComparison(comparison, 'html');
    // Perplexity, by size, repetition, diversity, topic.
    expect(page.match(/<svg/g)).toHaveLength(5);
    expect(renderComparison(comparison, 'html', { pictures: false })).not.toContain('<svg');
    expect(page).toContain('lstm: ');
    expect(csv[0]).toMatch(/features$/);
    expect(csv[1]).toMatch(/positions rotary/);
    expect(renderComparison(comparison, 'text')).toMatch(/beside the first model[^]*change %[^]*a, quick/);
    lstm.dispose();
  });

  test('says where unknown words flatter a model, and how each was scored', async () => {
    const words = await WordTokenizer.train(documents.slice(0, 2), { words: 6 });
    manualSeed(5);
    const lstm = new LstmLanguageModel({ vocabSize: words.size, embeddingDim: 8, width: 8 });
    const pair = [
      { name: 'bytes', model: models.a!, tokenizer },
      { name: 'words', model: lstm, tokenizer: words },
    ];
    const comparison = await compareModels(pair, { documents, metrics: ['perplexity'] });
    expect(comparison.models.map(({ report }) => report.scores!.unknown > 0)).toEqual([false, true]);
    for (const format of ['text', 'html'] as const) {
      const written = renderComparison(comparison, format);
      expect(written).toMatch(/words: \d+\.\d % of the tokens are the unknown word/);
      expect(written).not.toContain('bytes: 0');
      // Contexts differ, so no one of them stands in the title.
      expect(written).toMatch(/Scores: 6 documents(\n|<)/);
    }
    lstm.dispose();
  });

  test('cuts one text into blocks', async () => {
    const text = documents.join('\n').repeat(8);
    expect(splitTextBlocks(text, 500).join('')).toBe(text);
    expect(Math.min(...splitTextBlocks(text, 500).map((block) => block.length))).toBeGreaterThanOrEqual(250);
    const pair = ['a', 'b'].map((name) => ({ name, model: models[name]!, tokenizer }));
    const long = text.repeat(3);
    const found = await compareModels(pair, { documents: long, metrics: ['perplexity'] });
    expect(found.documents).toBe(splitTextBlocks(long).length);
    expect(found.models[0]!.report.generations).toEqual({});
  });

  test('refuses one model, two of a name, and one document', async () => {
    const one = { name: 'a', model: models.a!, tokenizer };
    await expect(compareModels([one], { documents })).rejects.toThrow(/at least two models/);
    await expect(compareModels([one, one], { documents })).rejects.toThrow(/a twice/);
    const pair = [one, { ...one, name: 'b' }];
    await expect(compareModels(pair, { documents: ['x'] })).rejects.toThrow(/\[PAL_DATA\].*two documents/);
  });
});

describe('validateModel', () => {
  const falling = { train: [5, 4, 3.5], validation: [5.1, 4.2, 3.7] };
  const options = { validation: documents, test: documents.slice(0, 2), prompts: quick.prompts };
  const outcomes = (checks: { name: string; passed: boolean | undefined }[]) =>
    Object.fromEntries(checks.map(({ name, passed }) => [name, passed]));

  test('passes a model that is as it was stored', async () => {
    const { perplexity } = (await validateModel(models.a!, tokenizer, options)).validation;
    const siblings = [
      { name: 'step-2', perplexity: 300 },
      { name: 'step-1', perplexity: 280 },
    ];
    const given = { ...options, siblings, stored: perplexity * 1.001, perplexityGoal: 300, history: falling };
    const report = await validateModel(models.a!, tokenizer, given);
    expect(outcomes(report.checks)).toEqual({
      'perplexity as stored': true,
      'perplexity goal': true,
      'gap between training and validation': true,
      'no overfitting': true,
      'stable convergence': true,
      'no unknown tokens': true,
      repetition: true,
      'no sight of later tokens': true,
    });
    expect(report.passed).toBe(true);
    expect(report.siblings[0]!.name).toBe('step-1');
    expect(report.generation.tokensPerSecond).toBeGreaterThan(0);
    for (const format of ['text', 'csv', 'json', 'html'] as const) {
      expect(renderValidation(report, format)).toContain('perplexity as stored');
    }
    const page = parseMarkup(renderValidation(report, 'html'));
    expect(elements(page, 'svg').map(({ attributes }) => attributes['aria-label'])).toEqual(['Perplexity', 'Loss']);
    expect(renderValidation(report, 'text')).toContain('The cat▸');
  });

  test.each([
    ['perplexity as stored', { stored: 100 }],
    ['perplexity goal', { perplexityGoal: 100 }],
    ['gap between training and validation', { history: { ...falling, validation: [5, 5, 3.9] } }],
    ['no overfitting', { history: { ...falling, validation: [3, 3.1, 3.2, 3.3] } }],
    ['stable convergence', { history: { ...falling, train: [4, 3, 3.8, 3.6] } }],
    ['stable convergence', { history: { ...falling, train: [4, NaN, 3.5] } }],
    ['repetition', { repetitionGoal: -1 }],
  ])('fails for %s', async (name, given) => {
    const report = await validateModel(models.a!, tokenizer, { ...options, ...given });
    expect(outcomes(report.checks)[name]).toBe(false);
    expect(report.passed).toBe(false);
    expect(renderValidation(report, 'text')).toContain('failed');
  });

  test('a perplexity measured as the stored one was decides, where it is given', async () => {
    const given = { ...options, stored: 100 };
    const right = await validateModel(models.a!, tokenizer, { ...given, recomputed: 100.5 });
    expect(outcomes(right.checks)['perplexity as stored']).toBe(true);
    const wrong = await validateModel(models.a!, tokenizer, { ...given, recomputed: NaN });
    expect(outcomes(wrong.checks)['perplexity as stored']).toBe(false);
  });

  test('what was not given is not decided', async () => {
    const report = await validateModel(models.a!, tokenizer, options);
    expect(outcomes(report.checks)['perplexity goal']).toBeUndefined();
    expect(report.passed).toBe(true);
  });

  test('a folder whose configuration has other layers than its weights is refused', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'palabra-validate-'));
    await saveModel(join(folder, 'model'), models.a!, { tokenizer });
    const path = join(folder, 'model', 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8')) as { config: { layers: number } };
    config.config.layers = 3;
    await writeFile(path, JSON.stringify(config));
    await expect(loadModel(join(folder, 'model'))).rejects.toThrow(/PAL_CHECKPOINT.*blocks\.1/s);
    await rm(folder, { recursive: true });
  });
});

describe('judgePerplexity', () => {
  const words = { tokenizer: 'word', vocabSize: 10_004 };

  test.each([
    [19.9, 'excellent'],
    [20, 'good'],
    [50, 'casual'],
    [100, 'more training'],
    [NaN, 'more training'],
  ])('%d is %s, said with tokenizer and vocabulary', (perplexity, band) => {
    const found = judgePerplexity({ perplexity, loss: Math.log(perplexity) }, words);
    expect(found).toMatchObject({ band, ...words, chance: Math.log(10_004) });
    expect(found.explanation).toMatch(
      /word tokenizer of 10,004 tokens.*chance|chance.*word tokenizer of 10,004 tokens/,
    );
  });

  test('of characters has no band, but a loss from which on they are of use', () => {
    const letters = { tokenizer: 'char', vocabSize: 65 };
    const found = judgePerplexity({ perplexity: 7, loss: 1.95 }, letters);
    expect(found).toMatchObject({ useful: true });
    expect(found.band).toBeUndefined();
    expect(judgePerplexity({ perplexity: 8, loss: 2.08 }, letters).useful).toBe(false);
  });
});

describe('buildLossChart', () => {
  test('has both losses and a mark at the lowest', () => {
    const chart = buildLossChart({ steps: [10, 20, 30], train: [3, 2, 1], validation: [3, 2.5, 2.75] });
    expect(chart.series.map(({ name }) => name)).toEqual(['training', 'validation']);
    expect(chart.series[1]).toMatchObject({ points: [[10, 3], [20, 2.5], [30, 2.75]] }); // prettier-ignore
    expect(chart.markers).toEqual([{ x: 20, label: 'lowest 2.500' }]);
    expect(buildLossChart({ train: [], validation: [] }).markers).toEqual([]);
  });
});

describe('computeCompletionBleu', () => {
  test('is 1 for a model that knows how the text goes on, and low for one that guesses', async () => {
    const letters = new CharTokenizer([...' abc']);
    const { bleu, passages } = await computeCompletionBleu(new CountingModel(4), letters, ['abc '.repeat(100)], {
      passages: 2,
      smoothing: { type: 'none' },
    });
    expect(passages).toBe(2);
    expect(bleu).toEqual({ 1: 1, 2: 1, 3: 1, 4: 1 });
    const lower = await computeCompletionBleu(models.a!, tokenizer, documents, quick.completions);
    expect(lower.bleu[1]).toBeLessThan(0.5);
  });

  test('refuses documents that are too short', async () => {
    await expect(computeCompletionBleu(models.a!, tokenizer, ['a b c'])).rejects.toThrow(/\[PAL_DATA\].*40 words/);
  });
});

describe('analyzeErrors', () => {
  test('finds quotes and brackets without a partner', () => {
    expect(findUnbalancedSigns('a (b [c] "d") e')).toEqual([]);
    expect(findUnbalancedSigns('a) b (c "d')).toEqual([
      { sign: ')', at: 1 },
      { sign: '(', at: 5 },
      { sign: '"', at: 8 },
    ]);
    expect(findUnbalancedSigns('«“x”»')).toEqual([]);
  });

  test('finds stretches that come again and sentences of odd length', () => {
    const usual = Array.from({ length: 20 }, (_, i) => `Some ${'word '.repeat(7 + (i % 3))}end.`).join(' ');
    const loop = `${'one two three four five six seven eight nine ten eleven twelve '.repeat(4)}.`;
    const { texts, repeating, unbalanced, oddSentences } = analyzeErrors(
      [{ text: loop }, { text: 'Fine words, said here for all to read.' }],
      {
        reference: [usual],
      },
    );
    expect(texts[0]!.repeated.words).toBe(36);
    expect(texts[0]!.oddSentences).toHaveLength(1);
    expect([repeating, unbalanced, oddSentences]).toEqual([0.5, 0, 0.5]);
  });

  test('sees a text leave its topic', () => {
    // Tokens 0 and 1 point one way, 2 and 3 another.
    const vectors = { values: Float32Array.of(1, 0, 1, 0.1, 0, 1, 0.1, 1), width: 2 };
    const promptIds = [0, 1];
    const stays = analyzeErrors([{ text: 'x', ids: [0, 1, 0, 1], promptIds }], { vectors, window: 2 });
    const leaves = analyzeErrors([{ text: 'x', ids: [0, 1, 2, 3], promptIds }], { vectors, window: 2 });
    expect(stays.drift).toBeCloseTo(0, 6);
    expect(leaves.drift).toBeGreaterThan(0.8);
    expect(analyzeErrors([{ text: 'x' }]).drift).toBeNaN();
  });
});
