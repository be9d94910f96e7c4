import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { memory, ones, scope, zeros } from '../../../lib/tensor/index.js';

const leaky = `
  import { memory, zeros } from ${JSON.stringify(new URL('../../../lib/tensor/index.ts', import.meta.url).href)};
  for (let i = 0; i < 5; i++) zeros([7, 11]);
  const kept = zeros([3]);
  for (let i = 0; i < 50 && memory.stats().liveSlots > 1; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  console.log(memory.stats().liveSlots, kept.numel);
`;

describe('memory', () => {
  test('counts live tensors and their bytes, shared ones once', () => {
    const before = memory.stats();
    scope(() => {
      const x = zeros([1000]);
      x.view(10, 100);
      const now = memory.stats();
      expect(now.liveSlots - before.liveSlots).toBe(2);
      expect(now.liveBytes - before.liveBytes).toBe(4000);
      expect(now.openScopes).toBe(1);
    });
    expect(memory.stats().liveSlots).toBe(before.liveSlots);
  });

  test('remembers the peak until it is reset', () => {
    memory.resetPeak();
    const before = memory.stats().peakBytes;
    scope(() => zeros([100_000]).dispose());
    expect(memory.stats().peakBytes - before).toBeGreaterThanOrEqual(400_000);
    memory.resetPeak();
    expect(memory.stats().peakBytes).toBeLessThan(before + 400_000);
  });

  test('counts what only gradients hold, and its peak', () => {
    scope(() => {
      const x = zeros([1000], { requiresGrad: true });
      memory.resetPeak();
      const before = memory.stats();
      const loss = scope(() => x.exp().exp().sum());
      const held = memory.stats();
      expect(held.liveBytes - before.liveBytes).toBe(4);
      expect(held.allocatedBytes - before.allocatedBytes).toBeGreaterThanOrEqual(8004);
      loss.backward();
      const after = memory.stats();
      expect(after.allocatedBytes - before.allocatedBytes).toBeLessThan(8004);
      expect(after.peakAllocatedBytes - before.allocatedBytes).toBeGreaterThanOrEqual(12_004);
    });
    memory.resetPeak();
    const { allocatedBytes, peakAllocatedBytes } = memory.stats();
    expect(peakAllocatedBytes).toBe(allocatedBytes);
  });

  test('lists live tensors with the lines that made them, in debug mode', () => {
    memory.recordSites();
    const x = zeros([3]);
    scope(() => void zeros([4]));
    const [found, ...others] = memory.listLive();
    expect(others).toEqual([]);
    expect(found).toMatchObject({ shape: [3], dtype: 'float32' });
    expect(found?.site).toMatch(/memory\.test\.ts:\d+/);
    memory.recordSites(false);
    expect(memory.listLive()).toEqual([]);
    x.dispose();
  });

  test('warns once of each kind of tensor that was collected, and frees it', () => {
    const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', leaky];
    // The runner of the tests may have switched warnings off.
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    expect(stdout.trim()).toBe('1 3');
    expect(stderr.match(/PAL_LEAK/g)).toHaveLength(1);
    expect(stderr).toMatch(/PalabraLeakWarning: a float32 tensor of shape \[7, 11\] was collected/);
  });
});

describe('memory.setLimit', () => {
  test('refuses what goes beyond, and what is left still works', () => {
    memory.setLimit(memory.stats().allocatedBytes + 2 ** 20);
    try {
      scope(() => {
        expect(() => zeros([2 ** 19])).toThrow(/\[PAL_OUT_OF_MEMORY\].*2097152 bytes are wanted and \d+ are left/);
        expect(() => ones([2 ** 17]).repeat([8])).toThrow(expect.objectContaining({ name: 'OutOfMemoryError' }));
        expect(
          ones([2 ** 10])
            .sum()
            .item(),
        ).toBe(1024);
      });
    } finally {
      memory.setLimit(Infinity);
    }
    scope(() => expect(zeros([2 ** 19]).numel).toBe(2 ** 19));
    expect(() => memory.setLimit(-1)).toThrow(/\[PAL_ARGUMENT\] memory\.setLimit/);
    expect(() => memory.setLimit(NaN)).toThrow(/PAL_ARGUMENT/);
  });
});
