import { describe, expect, test } from '@jest/globals';
import { measureCovariancePhi, measureSequencePhi } from '../../../lib/inspection/index.js';
import { eye, full, manualSeed, randn, stack, tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('phi of a whole sequence', () => {
  // Four tokens of two dimensions: neighbours are at right angles, then opposite, then equal.
  const hidden = () =>
    tensor([
      [
        [1, 0],
        [0, 2],
        [0, -1],
        [0, -3],
      ],
    ]);

  test('its components, worked by hand', () => {
    const [found] = measureSequencePhi(hidden());
    expect(found!.temporal).toBeCloseTo((1 + (0 - 1 + 1) / 3) / 2, 12);
    // Each quarter is a token: cosines 0, 0, 0, −1, −1, 1.
    expect(found!.integration).toBeCloseTo(0.5, 12);
    const values = [1, 0, 0, 2, 0, -1, 0, -3];
    const mean = values.reduce((a, b) => a + b) / 8;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 7;
    expect(found!.complexity).toBeCloseTo(sigmoid(10 * variance), 12);
    expect(found!.attention).toBe(0.5);
    const sum = 0.3 * found!.temporal + 0.3 * found!.integration + 0.2 * found!.complexity + 0.2 * 0.5;
    expect(found!.integrationPhi).toBeCloseTo(sum, 12);
    expect(found!.phiEstimate).toBeCloseTo(3 * sum, 12);
  });

  test.each([
    [1000, 1],
    [100, 3],
    [10, 5],
  ])('a perplexity of %i makes phi %i times as large, at most 10', (perplexity, factor) => {
    const [plain] = measureSequencePhi(hidden());
    const [found] = measureSequencePhi(hidden(), { perplexity });
    expect(found!.phiEstimate).toBeCloseTo(Math.min(10, plain!.phiEstimate * factor), 10);
  });

  test('other weights weigh otherwise', () => {
    const weights = { temporal: 1, integration: 0, complexity: 0, attention: 0 };
    const [found] = measureSequencePhi(hidden(), { weights });
    expect(found!.integrationPhi).toBe(found!.temporal);
  });

  test('leaves out the tail after four equal quarters', () => {
    const [longer] = measureSequencePhi(
      tensor([
        [
          [1, 0],
          [0, 2],
          [0, -1],
          [0, -3],
          [9, 9],
          [7, -1],
        ],
      ]),
    );
    expect(longer!.integration).toBeCloseTo(0.5, 12);
  });

  test('is 1 where nothing can be compared', () => {
    const [found] = measureSequencePhi(tensor([[[1, 2]]]));
    expect(found).toMatchObject({ temporal: 1, integration: 1 });
  });

  test('attention: 1 where keys share evenly, 0 where one has all; coherence is 1 for rows that sum to 1', () => {
    const even = full([2, 4, 4], 0.25);
    const single = tensor([
      [
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [1, 0, 0, 0],
        [1, 0, 0, 0],
      ],
    ]).expand(2, 4, 4);
    const two = hidden().expand(2, 4, 2);
    const found = measureSequencePhi(two, { attention: stack([even, single]) });
    expect(found[0]!.attention).toBeCloseTo(1, 6);
    expect(found[1]!.attention).toBeCloseTo(0, 6);
    expect(found.map(({ coherence }) => coherence)).toEqual([1, 1]);
  });

  test('knows no other options', () => {
    expect(() => measureSequencePhi(hidden(), { perplexity: 0.5 })).toThrow(/perplexity/);
    expect(() => measureSequencePhi(hidden(), { attention: eye(4) })).toThrow(/\[PAL_SHAPE\]/);
  });
});

describe('the older phi', () => {
  test('its parts, worked by hand', () => {
    // Projected by the identity: two tokens of length 1 at right angles.
    const [found] = measureCovariancePhi(
      tensor([
        [
          [3, 0],
          [0, 2],
        ],
      ]),
      eye(2),
    );
    // Units (1, 0) and (0, 1): variance ½ in each dimension, no product of halves, entries 1, 0, 0, 1.
    expect(found!.trace).toBeCloseTo(1, 12);
    expect(found!.crossProduct).toBeCloseTo(0, 12);
    expect(found!.variance).toBeCloseTo(1 / 3, 12);
    expect(found!.phi).toBeCloseTo(2 * (0.4 + 0.2 / 3), 12);
    expect(found!.coherence).toBe(0);
  });

  test('multiplies halves, and measures attention', () => {
    manualSeed(2);
    const attention = full([1, 2, 2, 2], 0.5);
    const [found] = measureCovariancePhi(
      tensor([
        [
          [1, 1],
          [1, 1],
        ],
      ]),
      eye(2),
      attention,
    );
    expect(found!.crossProduct).toBeCloseTo(0.5, 12);
    expect(found!.trace).toBeCloseTo(0, 12);
    expect(found!.coherence).toBeCloseTo(0, 12);
    expect(measureCovariancePhi(randn([3, 5, 8]), randn([8, 4]))).toHaveLength(3);
  });
});
