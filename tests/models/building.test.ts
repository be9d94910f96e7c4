import { describe, expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel, gptPresets } from '../../lib/models/index.js';
import type { Module } from '../../lib/nn/index.js';
import { memory } from '../../lib/tensor/index.js';

/** Tensors that are left of a model that was built outside every scope and disposed of. */
function countLeftovers(build: () => Module): number {
  const before = memory.stats().liveSlots;
  build().dispose();
  return memory.stats().liveSlots - before;
}

describe('building a model leaves nothing but its tensors', () => {
  test.each(Object.entries(gptPresets))('Gpt %s', (_, preset) => {
    expect(countLeftovers(() => new Gpt({ contextLength: 64, ...preset, vocabSize: 500 }))).toBe(0);
  });

  test('Lstm', () => {
    expect(countLeftovers(() => new LstmLanguageModel({ vocabSize: 100, embeddingDim: 8, width: 8 }))).toBe(0);
  });
});
