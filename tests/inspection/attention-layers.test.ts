import { describe, expect, test } from '@jest/globals';
import {
  summarizeAttention,
  collectAttentionMaps,
  renderAttentionPage,
  renderAttentionPanel,
  renderAttentionMap,
} from '../../lib/inspection/index.js';
import type { AttentionMap } from '../../lib/inspection/index.js';
import { Gpt } from '../../lib/models/index.js';
import { manualSeed, scope, tensor } from '../../lib/tensor/index.js';
import { elements, parseMarkup, textOf } from '../helpers/markup.js';

const maps: AttentionMap[] = [
  { name: 'a', head: 0, weights: [[1, 0], [0.5, 0.5]] }, // prettier-ignore
  { name: 'a', head: 1, weights: [[1, 0], [0, 1]] }, // prettier-ignore
];

/** Every query looks at itself and all before it, evenly. */
const even = (T: number): AttentionMap => ({
  ...{ name: 'even', head: 0 },
  weights: Array.from({ length: T }, (_, i) => Array.from({ length: T }, (__, j) => (j <= i ? 1 / (i + 1) : 0))),
});

describe('summarizeAttention by hand', () => {
  test('means over heads, entropies, what keys give, the strongest keys', () => {
    const [layer] = summarizeAttention(maps);
    expect(layer).toMatchObject({ name: 'a', heads: 2, mean: [[1, 0], [0.25, 0.75]] }); // prettier-ignore
    expect(layer!.entropy).toEqual([0, expect.closeTo(Math.LN2 / 2, 12)]);
    // The first key is seen by both queries, the second by one.
    expect(layer!.received).toEqual([0.625, 0.75]);
    expect(layer!.top).toEqual([
      [{ key: 0, weight: 1 }],
      [
        { key: 1, weight: 0.75 },
        { key: 0, weight: 0.25 },
      ],
    ]);
  });

  test('a layer is narrow where queries that see eight tokens use few of them', () => {
    expect(summarizeAttention([even(7)])[0]).toMatchObject({ meanEntropy: NaN, narrow: false });
    const [wide] = summarizeAttention([even(9)]);
    expect(wide!.meanEntropy).toBeCloseTo((Math.log(8) + Math.log(9)) / 2, 12);
    expect(wide!.narrow).toBe(false);
    const sharp = even(9).weights.map((row, i) => row.map((weight, j) => (j === i ? 0.93 : 0.07 * weight)));
    expect(summarizeAttention([{ ...even(9), weights: sharp }])[0]).toMatchObject({ narrow: true });
  });

  test('weights that are taken away count by their size', () => {
    const [layer] = summarizeAttention([{ name: 'd', head: 0, weights: [[1, 0], [-0.5, 0.5]] }]); // prettier-ignore
    expect(layer!.entropy[1]).toBeCloseTo(Math.LN2, 12);
  });
});

describe('pictures of a model', () => {
  const words = [...'palabra'];
  const ids = [3, 0, 2, 0, 1, 4, 0];

  function modelMaps(): AttentionMap[] {
    manualSeed(4);
    const model = new Gpt({ vocabSize: 5, contextLength: 8, width: 8, layers: 2, heads: 2, initStd: 0.6 });
    const found = scope(() => collectAttentionMaps(model, tensor([ids], { dtype: 'int64' })));
    model.dispose();
    return found;
  }

  test('above the diagonal a heat map is empty, below it is not', () => {
    for (const map of modelMaps()) {
      const root = parseMarkup(renderAttentionMap(map, words));
      const cells = elements(root, 'rect').filter(({ attributes }) => attributes['fill-opacity'] !== undefined);
      expect(cells).toHaveLength(7 * 7);
      const opacities = cells.map(({ attributes }) => Number(attributes['fill-opacity']));
      opacities.forEach((opacity, at) => {
        const [row, column] = [Math.floor(at / 7), at % 7];
        if (column > row) expect(opacity).toBe(0);
      });
      expect(opacities.filter((opacity) => opacity > 0).length).toBeGreaterThan(14);
    }
  });

  test('a panel shows three pictures, every token in each', () => {
    const layers = summarizeAttention(modelMaps());
    expect(layers.map(({ name, heads }) => [name, heads])).toEqual([
      ['blocks.0.attention', 2],
      ['blocks.1.attention', 2],
    ]);
    const root = parseMarkup(renderAttentionPanel(layers[0]!, words));
    const [svg] = elements(root, 'svg');
    expect([svg!.attributes.width, svg!.attributes.height]).toEqual(['752', '550']);
    const texts = elements(root, 'text').map(textOf);
    expect(texts).toEqual(expect.arrayContaining(['Entropy of each query', 'What each token gives']));
    // Twice beside the map, once below each chart.
    expect(texts.filter((text) => text === 'p')).toHaveLength(4);
    expect(() => renderAttentionPanel(layers[0]!, ['p'])).toThrow(
      /\[PAL_ARGUMENT\] renderAttentionPanel: expected 7 tokens/,
    );
  });
});

test('a page has each layer with its panel, its strongest keys and its heads', () => {
  const page = renderAttentionPage(maps, ['the', ' sun']);
  expect(page).not.toMatch(/<script|src=|href=/);
  const root = parseMarkup(page);
  expect(elements(root, 'figure')).toHaveLength(3);
  expect(elements(root, 'td').map(textOf)).toEqual(
    expect.arrayContaining(['·sun (1)', '·sun (1) 75.0 %', 'the (0) 25.0 %']),
  );
  expect(renderAttentionPage([], [])).toContain('no attention');
});
