import { describe, expect, test } from '@jest/globals';
import {
  cudaAvailable,
  devices,
  expectDevice,
  setThreads,
  synchronize,
  threads,
  zeros,
} from '../../lib/tensor/index.js';

describe('devices', () => {
  test('begin with the CPU', () => {
    expect(devices()[0]).toBe('cpu');
    expect(devices().length > 1).toBe(cudaAvailable());
    expect(expectDevice('test', 'cpu')).toBe('cpu');
    expect(() => synchronize()).not.toThrow();
  });

  test.each(['gpu', 'cuda:', 'cuda:x', '', 3, undefined, 'cpu:1'])('%p is refused', (device) => {
    expect(() => expectDevice('test', device)).toThrow(expect.objectContaining({ code: 'PAL_DEVICE' }));
  });

  test('an absent CUDA device is a DeviceError that says what to do', () => {
    const index = devices().length - 1;
    expect(() => zeros([1], { device: `cuda:${index}` })).toThrow(expect.objectContaining({ name: 'DeviceError' }));
    if (!cudaAvailable()) expect(() => zeros([1], { device: 'cuda' })).toThrow(/palabra doctor/);
  });
});

describe('threads', () => {
  test('can be set', () => {
    const before = threads();
    setThreads(1);
    expect(threads()).toBe(1);
    setThreads(before);
    expect(() => setThreads(0)).toThrow(/PAL_ARGUMENT/);
  });
});
