import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  tokenize13a,
  corpusBleu,
  computeCoverage,
  computeDistinct,
  computeInterDiversity,
  computeIntraDiversity,
  findLongestRepeatedSpan,
  computeRepetitionRate,
  selfBleu,
  sentenceBleu,
  compareSentenceLengths,
  computeTypeTokenRatio,
  countUniquePer100,
  computeUnknownRate,
} from '../../lib/evaluation/index.js';
import { measureGrowth } from '../helpers/cpu-time.js';

const words = (text: string) => text.split(' ');

describe('BLEU by hand', () => {
  test('clips a word at the reference that has most of it', () => {
    const candidate = words('the the the the the the the');
    const references = [words('the cat is on the mat'), words('there is a cat on the mat')];
    const { precisions, matches, totals } = corpusBleu([candidate], [references], { order: 1 });
    expect({ precisions, matches, totals }).toEqual({ precisions: [2 / 7], matches: [2], totals: [7] });
  });

  test('is e to the mean of the logarithms, times the brevity penalty', () => {
    const { score, precisions, brevityPenalty } = corpusBleu([words('a b c x')], [[words('a b c d e f')]], {
      order: 2,
    });
    expect(precisions).toEqual([3 / 4, 2 / 3]);
    expect(brevityPenalty).toBeCloseTo(Math.exp(1 - 6 / 4), 12);
    expect(score).toBeCloseTo(Math.exp(-0.5) * Math.sqrt(0.5), 12);
  });

  test('sums counts over the corpus, it does not average scores', () => {
    const long = words('a b c d e f g h');
    const { score } = corpusBleu([long, words('x y')], [[long], [words('p q')]], { order: 1 });
    expect(score).toBeCloseTo(8 / 10, 12);
  });

  test('smooths a precision of 0', () => {
    const score = (smoothing: Parameters<typeof sentenceBleu>[2]) =>
      corpusBleu([words('a x')], [[words('a b')]], { order: 2, ...smoothing }).precisions[1];
    expect(score({ smoothing: { type: 'none' } })).toBe(0);
    expect(score({ smoothing: { type: 'floor' } })).toBe(0.1);
    expect(score({ smoothing: { type: 'addK' } })).toBe(1 / 2);
    expect(score({ smoothing: { type: 'exp' } })).toBe(1 / 2);
  });

  test('of a short sentence leaves out n-grams longer than it', () => {
    expect(sentenceBleu(words('a b'), [words('a b')]).score).toBe(1);
    expect(corpusBleu([words('a b')], [[words('a b')]]).score).toBe(0);
  });

  test('self-BLEU is 1 for equal texts and low for different ones', () => {
    expect(selfBleu([words('a b c d'), words('a b c d'), words('a b c d')])).toBe(1);
    expect(selfBleu([words('a b c d e'), words('f g h i j'), words('k l m n o')])).toBe(0);
    expect(() => selfBleu([words('a')])).toThrow(/at least 2 texts/);
  });

  test('self-BLEU is the mean BLEU against all others, and quick for many texts', () => {
    const text = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (texts) => {
        const scores = texts.map((one, i) => sentenceBleu(one, texts.toSpliced(i, 1)).score);
        expect(selfBleu(texts)).toBeCloseTo(scores.reduce((a, b) => a + b) / scores.length, 12);
      }),
      { numRuns: 200, seed: 2 },
    );
    const many = Array.from({ length: 1000 }, (_, i) => Array.from({ length: 60 }, (__, j) => (i * j * j + i) % 97));
    const growth = measureGrowth((count) => void selfBleu(many.slice(0, count)), 250, 4);
    // Between 4, linear, and 16, a comparison of each with each.
    expect(growth).toBeLessThan(10);
  });

  test('refuses candidates without references', () => {
    expect(() => corpusBleu([words('a')], [[]])).toThrow(/\[PAL_ARGUMENT\].*Candidate 0 has none/);
    expect(() => corpusBleu([words('a')], [])).toThrow(/PAL_ARGUMENT/);
  });
});

test('words: signs stand alone, except within numbers', () => {
  expect(tokenize13a('Well, 3.14 (or 1,000)!')).toEqual(['Well', ',', '3.14', '(', 'or', '1,000', ')', '!']);
});

describe('repetition', () => {
  test('a text of one word is repetitive through and through', () => {
    const collapsed = [Array.from({ length: 200 }, () => 'a')];
    expect(computeRepetitionRate(collapsed, 2)).toBeGreaterThan(0.9);
    expect(computeDistinct(collapsed, 1)).toBeLessThan(0.05);
    expect(findLongestRepeatedSpan(collapsed[0]!)).toEqual({ length: 199, first: 0, again: 1 });
  });

  test('counts tokens, not letters, within each text', () => {
    expect(computeRepetitionRate([[1, 2, 1, 2]], 2)).toBeCloseTo(1 / 3, 12);
    expect(computeRepetitionRate([[12, 1, 2]], 1)).toBe(0);
    // Twice the same text repeats nothing within itself, but there are few different n-grams in all.
    expect(
      computeRepetitionRate(
        [
          [1, 2],
          [1, 2],
        ],
        1,
      ),
    ).toBe(0);
    expect(
      computeDistinct(
        [
          [1, 2],
          [1, 2],
        ],
        1,
      ),
    ).toBe(0.5);
    expect(computeDistinct([[1]], 2)).toBeNaN();
  });

  test('the longest span that comes twice, as found by looking at all', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 40 }), (text) => {
        const { length, first, again } = findLongestRepeatedSpan(text);
        expect(length).toBe(longestByHand(text));
        if (length === 0) return;
        expect(first).toBeLessThan(again);
        expect(text.slice(first, first + length)).toEqual(text.slice(again, again + length));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('in a long text too', () => {
    const half = Array.from({ length: 20_000 }, (_, i) => (i * i) % 10_007);
    expect(findLongestRepeatedSpan([...half, -1, ...half.slice(5000)]).length).toBe(15_000);
  });
});

function longestByHand(text: readonly number[]): number {
  for (let length = text.length - 1; length > 0; length--) {
    const seen = new Set<string>();
    for (let at = 0; at + length <= text.length; at++) {
      const span = text.slice(at, at + length).join();
      if (seen.has(span)) return length;
      seen.add(span);
    }
  }
  return 0;
}

describe('diversity by hand', () => {
  test('kinds over tokens', () => {
    expect(computeTypeTokenRatio([[1, 2, 1], [3]])).toBe(3 / 4);
  });

  test('kinds a hundred', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i % 40);
    expect(countUniquePer100([[...hundred, ...hundred.map(() => 0), 7, 8]])).toBe((40 + 1) / 2);
    expect(countUniquePer100([[1, 2]])).toBeNaN();
  });

  test('coverage at equal token counts', () => {
    expect(computeCoverage([[1, 2, 3, 4]], [1, 5, 2, 1, 9, 9])).toBe(2 / 3);
    expect(computeCoverage([[1]], [1, 5])).toBe(1);
    expect(() => computeCoverage([[1]], [])).toThrow(/PAL_ARGUMENT/);
  });

  test('unknown tokens', () => {
    expect(
      computeUnknownRate(
        [
          [1, 0],
          [0, 2],
        ],
        0,
      ),
    ).toBe(0.5);
  });

  test('between texts and within', () => {
    expect(computeInterDiversity([[1, 2], [2, 3], [4]])).toBeCloseTo((2 / 3 + 1 + 1) / 3, 12);
    expect(computeInterDiversity([[1]])).toBeNaN();
    const part = (from: number) => Array.from({ length: 50 }, (_, i) => from + i);
    expect(computeIntraDiversity([[...part(0), ...part(0), ...part(50)]])).toBe(0.5);
  });
});

test('sentence lengths beside those of a reference', () => {
  const found = compareSentenceLengths(['One two three. Four five.'], ['One two three four five. Six.']);
  // Words and signs: 4 and 3 beside 6 and 2.
  expect(found).toEqual({ mean: 3.5, referenceMean: 4, match: 0.875, distance: 1.5 });
});
