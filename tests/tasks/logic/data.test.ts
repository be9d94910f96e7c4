import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StopList, computeSyntacticPattern, generateRecord, parseFormula } from '../../../lib/logic/index.js';
import {
  drawLogicExamples,
  layOutLogicPasses,
  parseCurriculum,
  parseLogicExample,
  readLogicExamples,
  splitLogicExamples,
} from '../../../lib/tasks/index.js';
import type { LogicSplits, PlacedLogicExample } from '../../../lib/tasks/index.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-logic-'));
});
afterAll(() => rm(folder, { recursive: true }));

const patternOf = ({ formula }: PlacedLogicExample): string => computeSyntacticPattern(parseFormula(formula));
const wordsOf = ({ input }: PlacedLogicExample): string =>
  input
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

describe('sentences of the grammar', () => {
  let splits: LogicSplits;
  beforeAll(async () => {
    splits = await drawLogicExamples({ count: 1500, held: 150, seed: 3, noise: 0.1, avoid: new StopList([]) });
  });

  test('are as many as asked for, each once', () => {
    expect(splits.train).toHaveLength(1500);
    expect(new Set(splits.train.map(wordsOf)).size).toBe(1500);
    expect(Object.keys(splits.held)).toEqual(['seen', 'patterns', 'words']);
    expect(splits.held.words!.length).toBeGreaterThan(140);
    for (const examples of Object.values(splits.held)) expect(examples.length).toBeGreaterThan(20);
  });

  test('that are held out are none that are trained on, nor variants with a flaw', () => {
    const known = new Set(splits.train.map(wordsOf));
    const sources = new Set(splits.train.map(({ sourceId }) => sourceId));
    for (const example of Object.values(splits.held).flat()) {
      expect(known.has(wordsOf(example))).toBe(false);
      expect(sources.has(example.sourceId)).toBe(false);
    }
  });

  test('are held out by pattern: those of seen ones all trained on, the others none', () => {
    const trained = new Set(splits.train.map(patternOf));
    expect(splits.held.seen!.every((example) => trained.has(patternOf(example)))).toBe(true);
    expect(splits.held.patterns!.some((example) => trained.has(patternOf(example)))).toBe(false);
  });

  test('are the same for the same seed, and others for another', async () => {
    const draw = (seed: number) => drawLogicExamples({ count: 60, held: 10, seed, noise: 0, avoid: new StopList([]) });
    expect(await draw(7)).toEqual(await draw(7));
    expect((await draw(8)).train).not.toEqual((await draw(7)).train);
  });

  test('are none of those to avoid, in no spelling', async () => {
    const draw = (avoid: StopList) => drawLogicExamples({ count: 60, held: 10, seed: 7, noise: 0, avoid });
    const [first] = (await draw(new StopList([]))).train;
    const stops = new StopList([first!.input.toUpperCase()]);
    const { train, held } = await draw(stops);
    expect([train, ...Object.values(held)].flat().filter(({ input }) => stops.has(input))).toEqual([]);
  });

  test('stop where the signal says so', async () => {
    const options = { count: 1e6, held: 1, seed: 0, noise: 0, avoid: new StopList([]), signal: AbortSignal.abort() };
    await expect(drawLogicExamples(options)).rejects.toMatchObject({ code: 'PAL_ABORTED' });
  });
});

describe('records of files', () => {
  const good = {
    input: 'Llueve y truena.',
    formula: 'p & q',
    atoms: [
      { letter: 'p', gloss: 'llueve' },
      { letter: 'q', gloss: 'truena' },
    ],
  };

  test('are read with what they lack filled in', () => {
    const parsed = parseLogicExample({ ...good, anything: 1 });
    expect(parsed).toEqual({ example: { ...good, anything: 1, connectors: [], reasoning: [], complexity: 'simple' } });
    expect(parseLogicExample(generateRecord(1, { seed: 1 }))).toHaveProperty('example');
  });

  test.each([
    [null, 'in place of an object'],
    [[good], 'in place of an object'],
    [{ ...good, formula: undefined }, 'formula'],
    [{ input: 'a', formla: 'p', atoms: [] }, 'no formula'],
    [{ ...good, input: ' ' }, 'input'],
    [{ ...good, input: '\ud800' }, 'surrogate'],
    [{ ...good, formula: 'p →' }, 'formula: [PAL_ARGUMENT]'],
    [{ ...good, atoms: { p: 'llueve' } }, 'atoms'],
    [{ ...good, atoms: [{ letter: 'P', gloss: 'llueve' }] }, 'atoms'],
    [{ ...good, connectors: [{ symbol: '&', cue: 'y' }] }, 'connectors'],
    [{ ...good, connectors: [{ symbol: '∧' }] }, 'connectors'],
    [{ ...good, reasoning: 'y' }, 'reasoning'],
    [{ ...good, split: 3 }, 'split'],
  ])('that do not fit are named: %j', (value, problem) => {
    expect(parseLogicExample(value)).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  test('are read line by line, those that do not fit by their place', async () => {
    const path = join(folder, 'some.jsonl');
    await writeFile(path, `${JSON.stringify(good)}\n{"input": 3}\n{\n${JSON.stringify(good)}\n`);
    const { examples, malformed, malformedCount } = await readLogicExamples(path);
    expect(examples).toHaveLength(2);
    expect(malformed.map(({ line }) => line).sort()).toEqual([2, 3]);
    expect(malformedCount).toBe(2);
    await writeFile(path, '{"input": 3}\n');
    await expect(readLogicExamples(path)).rejects.toThrow('line 1');
  });

  const example = (input: string, sourceId: string, split?: string): PlacedLogicExample => ({
    ...good,
    ...{ input, sourceId, split, connectors: [], reasoning: [], complexity: 'simple' },
  });

  test('are split as they say', () => {
    const examples = [
      example('a', '1', 'train'),
      example('b', '2', 'test'),
      example('c', '3'),
      example('d', '4', 'test'),
    ];
    const { train, held } = splitLogicExamples(examples, 0.5);
    expect(train.map(({ input }) => input)).toEqual(['a', 'c']);
    expect(held.test!.map(({ input }) => input)).toEqual(['b', 'd']);
  });

  test('are held out by source and sentence, whatever their order', () => {
    const examples = Array.from({ length: 900 }, (_, i) => example(`Frase ${i % 600}.`, `s${Math.floor(i / 3)}`));
    const { train, held } = splitLogicExamples(examples, 0.2);
    const known = { inputs: new Set(train.map(wordsOf)), sources: new Set(train.map(({ sourceId }) => sourceId)) };
    expect(held.held!.length).toBeGreaterThan(60);
    expect(held.held!.length).toBeLessThan(400);
    for (const one of held.held!)
      expect([known.inputs.has(wordsOf(one)), known.sources.has(one.sourceId)]).toEqual([false, false]);
    const reversed = splitLogicExamples([...examples].reverse(), 0.2);
    expect(new Set(reversed.train)).toEqual(new Set(train));
  });

  test('of one source alone leave nothing to hold out', () => {
    expect(() => splitLogicExamples([example('a', '1'), example('b', '1')], 0.5)).toThrow('hold out');
  });
});

describe('passes', () => {
  const levels = Array.from({ length: 300 }, (_, i) => (['simple', 'intermediate', 'advanced'] as const)[i % 3]!);
  const plan = (options: Partial<Parameters<typeof layOutLogicPasses>[1]> = {}) =>
    layOutLogicPasses(levels, { epochs: 3, harder: 0, seed: 1, ...options });

  test('hold every example once, each in an order of its own, which the seed decides', () => {
    const passes = plan();
    for (const pass of passes) expect([...pass].sort((a, b) => a - b)).toEqual(levels.map((_, i) => i));
    expect(passes[0]).not.toEqual(passes[1]);
    expect(plan()).toEqual(passes);
    expect(plan({ seed: 2 })).not.toEqual(passes);
  });

  test('add a level where a stage begins, and some harder examples before it', () => {
    const curriculum = parseCurriculum('0:0,1:1,2:2');
    expect(plan({ curriculum }).map(({ length }) => length)).toEqual([100, 200, 300]);
    const [first] = plan({ curriculum, harder: 0.1 });
    expect(first!.length).toBeGreaterThan(105);
    expect(first!.length).toBeLessThan(140);
  });

  test('of a level that no example has are of all', () => {
    const passes = layOutLogicPasses(['advanced', 'advanced'], {
      epochs: 1,
      harder: 0,
      seed: 0,
      curriculum: parseCurriculum('0:0'),
    });
    expect(passes[0]).toHaveLength(2);
  });

  test.each(['', '1:0', '0:3', '0:0,0:1', '0:0,5', '0:0;5:1'])('refuse a curriculum of another form: %j', (text) => {
    expect(() => parseCurriculum(text)).toThrow('rising passes');
  });
});
