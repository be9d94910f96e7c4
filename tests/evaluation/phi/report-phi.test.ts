import { describe, expect, test } from '@jest/globals';
import {
  describeControl,
  describeSample,
  renderPhiPage,
  renderPhiPictures,
  reportPhi,
} from '../../../lib/evaluation/index.js';
import { Infinito } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import { ByteTokenizer } from '../../../lib/text/index.js';
import { freedAfterEach } from '../../helpers/freed.js';
import { elements, parseMarkup, textOf } from '../../helpers/markup.js';

freedAfterEach();

const text = 'The sun climbs over the hill. The bird sings. The river runs down to the sea, and nobody asks it why.';

async function report(words: string) {
  manualSeed(4);
  const memory = { type: 'slots', slots: 4, chunkLength: 8 } as const;
  const model = new Infinito({ vocabSize: 256, segmentLength: 32, width: 8, layers: 2, heads: 2, memory });
  return await reportPhi(model, new ByteTokenizer(), words, { generated: 6, seed: 5 });
}

test('a report has what its pictures and its page show, and is the same again', async () => {
  const found = await report(text);
  expect(await report(text)).toEqual(found);
  expect(found.values).toHaveLength(3);
  expect(found.tokens.join('')).toBe(text.slice(0, 32));
  expect(found.layers.map(({ series }) => series.phi.length)).toEqual([32, 32]);
  expect(found.lengths.map(({ name, count }) => [name, count])).toEqual(
    ['1 to 8', '9 to 16', '17 to 24', '25 to 32'].map((name) => [name, 24]),
  );
  expect(found.kinds.map(({ name }) => name)).toContain('repetition');
  expect(found.generation.phi).toHaveLength(6);
  expect(found.importance).toHaveLength(32);
  for (const row of [0, 1, 2, 3, 4]) expect(found.correlations.pearson[row]![row]).toBeCloseTo(1, 9);
  const pictures = renderPhiPictures(found);
  for (const svg of Object.values(pictures)) expect(elements(parseMarkup(svg), 'svg')).toHaveLength(1);
  const page = parseMarkup(renderPhiPage(found));
  expect(elements(page, 'figure')).toHaveLength(Object.keys(pictures).length);
  expect(textOf(page)).toContain('heuristic');
});

test('one segment is too few to tell; a control says its difference', async () => {
  const { controls, statistics } = await report(text.slice(0, 40));
  expect(statistics).toBeUndefined();
  expect(controls.map(describeControl)[0]).toContain('one segment is too few');
  const twin = { difference: 0.25, interval: [0.1, 0.4] as [number, number], t: 5, freedom: 2, p: 0.01 };
  expect(describeControl({ name: 'shuffled', values: [], test: twin })).toContain('0.2500 (95 % 0.1000 to 0.4000');
});

test('a text of one token is refused', async () => {
  await expect(report('a')).rejects.toMatchObject({ code: 'PAL_DATA' });
});

describe('describeSample', () => {
  test('1, 2, 3, 4 and 100 by hand', () => {
    const found = describeSample([1, 2, 3, 4, 100]);
    const moment = (power: number) => [-21, -20, -19, -18, 78].reduce((sum, d) => sum + d ** power, 0) / 5;
    expect(found).toMatchObject({ count: 5, mean: 22, median: 3, lowerQuartile: 2, upperQuartile: 4, maximum: 100 });
    expect(found.skewness).toBeCloseTo(moment(3) / moment(2) ** 1.5, 12);
    expect(found.excessKurtosis).toBeCloseTo(moment(4) / moment(2) ** 2 - 3, 12);
    expect(found.outliers).toEqual({ quartiles: 1, standardScores: 0, medianDeviations: 1 });
    // t(0.975, 4) = 2.776445.
    expect(found.intervals[95][1] - 22).toBeCloseTo((2.776445105 * found.standardDeviation) / Math.sqrt(5), 6);
    expect(found.normality.p).toBeCloseTo(Math.exp(-found.normality.statistic / 2), 12);
  });

  test('a symmetric sample has no skew; what does not vary has no shape', () => {
    expect(describeSample([-2, -1, 0, 1, 2]).skewness).toBeCloseTo(0, 12);
    expect(describeSample([3, 3, 3])).toMatchObject({ skewness: NaN, normality: { p: NaN } });
    expect(() => describeSample([1])).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
    expect(() => describeSample([1, NaN])).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });
});
