import { describe, expect, test } from '@jest/globals';
import { collectAttentionMaps, renderAttentionMap } from '../../lib/inspection/index.js';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import type { DifferentialAttention } from '../../lib/nn/index.js';
import { manualSeed, memory, scope, tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const newModel = () =>
  new Gpt({ vocabSize: 9, contextLength: 8, width: 8, layers: 2, heads: 4, kvHeads: 2, dropout: 0.3 });
const ids = tensor([[1, 2, 3, 8]], { dtype: 'int64' }).keep();

describe('collectAttentionMaps', () => {
  test('gives every layer and head, rows that sum to one and see no later token', () => {
    manualSeed(2);
    const model = newModel();
    const before = memory.stats().liveSlots;
    const maps = collectAttentionMaps(model, ids);
    expect(memory.stats().liveSlots).toBe(before);
    expect(maps.map(({ name, head }) => `${name} ${head}`)).toEqual(
      [0, 1].flatMap((layer) => [0, 1, 2, 3].map((head) => `blocks.${layer}.attention ${head}`)),
    );
    for (const { weights } of maps) {
      weights.forEach((row, i) => {
        expect(row).toHaveLength(4);
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
        expect(row.slice(i + 1).every((weight) => weight === 0)).toBe(true);
      });
    }
  });

  const wide = { vocabSize: 9, contextLength: 8, width: 16, heads: 2, initStd: 0.5 } as const;

  test('of differential attention are differences, whose rows sum to 1 − λ', () => {
    manualSeed(2);
    const model = new Gpt({ ...wide, attention: { type: 'differential' } });
    const maps = collectAttentionMaps(model, ids);
    expect(maps).toHaveLength(2 * model.blocks.length);
    for (const { name, weights } of maps) {
      const { kernel } = model.blocks[Number(name.split('.')[1])]!.attention;
      const rest = 1 - scope(() => (kernel as DifferentialAttention).lambda().item());
      weights.forEach((row, i) => {
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(rest, 5);
        expect(row.slice(i + 1).every((weight) => weight === 0)).toBe(true);
      });
    }
    expect(maps.flatMap(({ weights }) => weights.flat()).some((weight) => weight < 0)).toBe(true);
    model.dispose();
  });

  test('of a recurrent model are none', () => {
    expect(collectAttentionMaps(new LstmLanguageModel({ vocabSize: 9, width: 4 }), ids)).toEqual([]);
  });

  test('are of one sequence', () => {
    expect(() => collectAttentionMaps(newModel(), tensor([[1], [2]], { dtype: 'int64' }))).toThrow(
      /\[PAL_SHAPE\] collectAttentionMaps: .*one sequence/,
    );
  });
});

describe('renderAttentionMap', () => {
  const map = { name: 'blocks.0.attention', head: 2, weights: [[1, 0], [0.25, 0.75]] }; // prettier-ignore

  test('has a cell for each pair and both words, escaped, with signs for blanks', () => {
    const svg = renderAttentionMap(map, ['<a ', 'a-very-long-token']);
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    // Four cells on a ground.
    expect(svg.match(/<rect/g)).toHaveLength(5);
    expect(svg).toContain('fill-opacity="0.75"');
    expect(svg.match(/&lt;a·/g)).toHaveLength(2);
    expect(svg).toContain('a-very-l…');
    expect(svg).toContain('<title>blocks.0.attention, head 2</title>');
  });

  test('shows what is taken away in another colour', () => {
    const svg = renderAttentionMap({ ...map, weights: [[1, 0], [-0.25, 0.5]] }, ['a', 'b']); // prettier-ignore
    expect(svg.match(/<rect[^>]*fill="#d55e00" fill-opacity="0\.25"/g)).toHaveLength(1);
    expect(svg.match(/fill="#0072b2"/g)).toHaveLength(3);
  });

  test('takes a word for each token', () => {
    expect(() => renderAttentionMap(map, ['a'])).toThrow(
      /\[PAL_ARGUMENT\] renderAttentionMap: expected 2 tokens, received 1/,
    );
  });
});
