import { describe, expect, test } from '@jest/globals';
import { CurriculumDataset, PackedDataset, WindowDataset } from '../../../lib/data/index.js';
import { corpusOf, countingTokens, testDataset } from '../dataset-suite.js';

const tokens = countingTokens(101);
const [short, long] = [10, 20].map((length) => new WindowDataset(tokens, { length })) as [
  WindowDataset<Uint32Array>,
  WindowDataset<Uint32Array>,
];

describe('CurriculumDataset', () => {
  test('goes from stage to stage by batches and by epochs', () => {
    const stages = [
      { dataset: short, until: { batches: 2 }, batchSize: 8 },
      { dataset: short, until: { epochs: 1 } },
      { dataset: long },
    ];
    const sequence = new CurriculumDataset(stages).batches({ batchSize: 4, order: 'shuffled' });
    const shapes = Array.from({ length: 7 }, () => sequence.next().value!.shape);
    expect(shapes).toEqual([
      [8, 10],
      [8, 10],
      [4, 10],
      [4, 10],
      [4, 10],
      [4, 20],
      [4, 20],
    ]);
    expect(sequence.epoch).toBeCloseTo(1.6 + 1.2 + 1.6, 12);
  });

  test('a stage is what its dataset gives alone', () => {
    const options = { batchSize: 4, order: 'shuffled', seed: 9 } as const;
    const sequence = new CurriculumDataset([{ dataset: short, until: { epochs: 2 } }, { dataset: long }]).batches(
      options,
    );
    const [first, second] = [short.batches(options), long.batches(options)];
    for (let i = 0; i < 5; i++) expect(sequence.next()).toEqual(first.next());
    for (let i = 0; i < 5; i++) expect(sequence.next()).toEqual(second.next());
  });

  test('in order it is the last stage', () => {
    const dataset = new CurriculumDataset([{ dataset: short, until: { epochs: 2 } }, { dataset: long }]);
    const options = { batchSize: 4, order: 'sequential' } as const;
    expect([...dataset.batches(options)]).toEqual([...long.batches(options)]);
    expect(String(dataset)).toBe(
      '10 windows of 10, every 10 of 101 tokens for 2 epochs, then 5 windows of 20, every 20 of 101 tokens',
    );
  });

  test('refuses stages without an end, without a place, or over other tokens', () => {
    const refused = (stages: ConstructorParameters<typeof CurriculumDataset<Uint32Array>>[0]) => () =>
      new CurriculumDataset(stages);
    expect(refused([])).toThrow('expected at least one stage');
    expect(refused([{ dataset: short }, { dataset: long }])).toThrow(
      'expected stages[0].until to end it, received none',
    );
    expect(refused([{ dataset: short, until: { epochs: 1 } }])).toThrow('expected stages[0].until to be absent');
    expect(refused([{ dataset: short, until: { epochs: 0 } }, { dataset: long }])).toThrow('stages[0].until.epochs');
    const other = new WindowDataset(countingTokens(50), { length: 4 });
    expect(refused([{ dataset: other, until: { epochs: 1 } }, { dataset: long }])).toThrow(
      'from the tokens of the others',
    );
  });
});

testDataset('a curriculum', (corpus) => {
  const until = { batches: 3 };
  return new CurriculumDataset([
    { dataset: new WindowDataset(corpus.tokens, { length: 3 }), until },
    { dataset: new PackedDataset(corpus, { length: 7 }) },
  ]);
});

test('the suite is given documents that count up', () => {
  expect(corpusOf([2, 3])).toEqual({ tokens: Uint32Array.of(0, 1, 2, 3, 4), starts: [0, 2] });
});
