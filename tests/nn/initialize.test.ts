import { describe, expect, test } from '@jest/globals';
import { glorotUniform, normalInitializer, orthogonal, gatewiseInitializer } from '../../lib/nn/index.js';
import { allclose, eye, manualSeed, matmul } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

describe('initializers', () => {
  test('orthogonal: columns or rows are orthonormal, whichever are fewer', () => {
    const tall = orthogonal([6, 3]);
    expect(allclose(matmul(tall.transpose(0, 1), tall), eye(3), { atol: 1e-5 })).toBe(true);
    const wide = orthogonal([3, 6]);
    expect(wide.shape).toEqual([3, 6]);
    expect(allclose(matmul(wide, wide.transpose(0, 1)), eye(3), { atol: 1e-5 })).toBe(true);
  });

  test('glorotUniform stays within √(6 / (in + out))', () => {
    manualSeed(0);
    const bound = Math.sqrt(6 / 150);
    const highest = Number(glorotUniform([100, 50]).abs().max().item());
    expect(highest).toBeLessThanOrEqual(bound);
    expect(highest).toBeGreaterThan(0.98 * bound);
  });

  test('normalInitializer has the deviation', () => {
    manualSeed(0);
    expect(Number(normalInitializer(0.5)([200, 200]).std().item())).toBeCloseTo(0.5, 2);
  });

  test('gatewiseInitializer draws each gate by itself', () => {
    const gates = gatewiseInitializer(4, orthogonal)([8, 2]);
    expect(gates.shape).toEqual([8, 2]);
    for (let gate = 0; gate < 4; gate++) {
      const block = gates.narrow(0, 2 * gate, 2);
      expect(allclose(matmul(block, block.transpose(0, 1)), eye(2), { atol: 1e-5 })).toBe(true);
    }
  });
});
