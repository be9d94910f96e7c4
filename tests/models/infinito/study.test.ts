import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseStudy } from '../../../lib/experiments/index.js';
import { Infinito } from '../../../lib/models/index.js';
import type { InfinitoOptions } from '../../../lib/models/index.js';
import { splitArticles, splitPassages } from '../../../scripts/experiments/infinito/articles.js';
import { applyTuning } from '../../../scripts/experiments/infinito/tune.js';
import type { TunedArm, TunedStudy, Tuning } from '../../../scripts/experiments/infinito/tune.js';

const study = parseStudy(JSON.parse(readFileSync('scripts/experiments/infinito/study.json', 'utf8')));

test('the arms of the study of the Infinito have as many parameters, to 2 %, but for the smaller baseline', () => {
  const { type: _, ...base } = (study.base as { model: Omit<InfinitoOptions, 'vocabSize'> & { type: string } }).model;
  const counts = Object.entries(study.arms).map(([arm, settings]): [string, number] => {
    const over = (settings as { model?: Partial<InfinitoOptions> }).model;
    const model = new Infinito({ ...base, ...over, vocabSize: 2048 });
    const count = model.parameterCount();
    model.dispose();
    return [arm, count];
  });
  const most = new Map(counts).get(study.baseline)!;
  const odd = counts.filter(([, count]) => Math.abs(count / most - 1) > 0.02).map(([arm]) => arm);
  expect(odd).toEqual(study.unmatched);
  expect(counts.map(([arm]) => arm)).toEqual([
    ...['B0plus', 'B0', 'M0', 'M1', 'M2', 'M3', 'M4', 'M5', 'G', 'N', 'context'],
  ]);
});

test('arms that need not match are arms of the study', () => {
  expect(() => parseStudy({ ...study, goal: 'minimize', unmatched: ['B9'] })).toThrow(/unmatched arms among .*B9/);
});

test('WikiText falls into articles, plays into passages, and nothing is lost', () => {
  const text = '\n = Lobster = \n \n It is . \n = = Life = = \n \n = 7 = 7 \n = Robert <unk> = \n \n He was . \n';
  expect(splitArticles(text).map((document) => document.text.split('\n')[0])).toEqual([
    ' = Lobster = ',
    ' = Robert <unk> = ',
  ]);
  expect(
    splitArticles(text)
      .map((document) => document.text)
      .join(''),
  ).toBe(text.slice(1));
  const play = 'A:\nOne.\n\nB:\nTwo.\n\nC:\nThree.';
  expect(splitPassages(play, 2).map((document) => document.text)).toEqual([
    'A:\nOne.\n\nB:\nTwo.\n\n',
    'C:\nThree.\n\n',
  ]);
});

test('every arm of the study is tuned by the same settings, which each of them has', () => {
  const tuning = JSON.parse(readFileSync('scripts/experiments/infinito/tuning.json', 'utf8')) as Tuning;
  const tune = ([arm]: [string, unknown]): TunedArm => ({ arm, trials: [], chosen: { [path!]: 7 } });
  const [path] = Object.keys(tuning.parameters);
  const { arms } = applyTuning(study as unknown as TunedStudy, Object.entries(study.arms).map(tune));
  expect(study.seeds).not.toContain(tuning.seed);
  for (const [arm, settings] of Object.entries(study.arms)) {
    expect(arms[arm]).toMatchObject(settings);
    expect(arms[arm]).toMatchObject({ trainer: { optimizer: { learningRate: 7 } } });
  }
});
