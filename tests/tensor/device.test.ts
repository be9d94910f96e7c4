import { describe, expect, test } from '@jest/globals';
import {
  aten,
  isCudaAvailable,
  areDeterministicAlgorithmsEnabled,
  listDevices,
  empty,
  expectDevice,
  scope,
  setThreads,
  synchronize,
  tensor,
  getThreads,
  useDeterministicAlgorithms,
  zeros,
} from '../../lib/tensor/index.js';

describe('devices', () => {
  test('begin with the CPU', () => {
    expect(listDevices()[0]).toBe('cpu');
    expect(listDevices().length > 1).toBe(isCudaAvailable());
    expect(expectDevice('test', 'cpu')).toBe('cpu');
    expect(() => synchronize()).not.toThrow();
  });

  test.each(['gpu', 'cuda:', 'cuda:x', '', 3, undefined, 'cpu:1'])('%p is refused', (device) => {
    expect(() => expectDevice('test', device)).toThrow(expect.objectContaining({ code: 'PAL_DEVICE' }));
  });

  test('an absent CUDA device is a DeviceError that says what to do', () => {
    const index = listDevices().length - 1;
    expect(() => zeros([1], { device: `cuda:${index}` })).toThrow(expect.objectContaining({ name: 'DeviceError' }));
    if (!isCudaAvailable()) expect(() => zeros([1], { device: 'cuda' })).toThrow(/palabra doctor/);
  });
});

describe('threads', () => {
  test('can be set', () => {
    const before = getThreads();
    setThreads(1);
    expect(getThreads()).toBe(1);
    setThreads(before);
    expect(() => setThreads(0)).toThrow(/PAL_ARGUMENT/);
  });
});

describe('deterministic algorithms', () => {
  const put = () => scope(() => void aten.put_(zeros([3]), tensor([0, 0], { dtype: 'int64' }), tensor([1, 2])));

  test('are on when asked for: what has no such way is refused, and nothing is left unset', () => {
    put();
    useDeterministicAlgorithms(true);
    try {
      expect(areDeterministicAlgorithmsEnabled()).toBe(true);
      expect(put).toThrow(/PAL_OPERATOR.*deterministic/s);
      expect(scope(() => empty([2]).tolist())).toEqual([NaN, NaN]);
    } finally {
      useDeterministicAlgorithms(false);
    }
    expect(areDeterministicAlgorithmsEnabled()).toBe(false);
    put();
    expect(() => useDeterministicAlgorithms('yes' as unknown as boolean)).toThrow(/PAL_ARGUMENT/);
  });
});
