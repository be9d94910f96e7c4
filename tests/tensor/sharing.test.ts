import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import { addon } from '../../lib/native/index.js';
import { receive, scope, share, tensor, unshare } from '../../lib/tensor/index.js';

describe('share', () => {
  test('gives another handle on the same memory', () => {
    scope(() => {
      const x = tensor([1, 2]);
      const token = share(x);
      expect(structuredClone(token)).toEqual(token);
      const same = receive(token);
      same.add_(1);
      expect(x.tolist()).toEqual([2, 3]);
      expect([unshare(token), unshare(token)]).toEqual([true, false]);
      expect(() => receive(token)).toThrow(/\[PAL_/);
      expect(same.tolist()).toEqual([2, 3]);
    });
  });

  test('holds the memory while the token is open', () => {
    const token = scope(() => share(tensor([5])));
    scope(() => expect(receive(token).tolist()).toEqual([5]));
    unshare(token);
  });

  test('refuses other tokens', () => {
    expect(() => receive('x' as never)).toThrow(/PAL_ARGUMENT/);
    expect(() => share([1] as never)).toThrow(/PAL_ARGUMENT/);
  });

  test('reaches a worker thread, which leaves nothing behind', async () => {
    const before = addon().memoryStats().processLiveSlots;
    const x = tensor([1, 2]);
    const token = share(x);
    const worker = new Worker(new URL('./sharing-worker.mjs', import.meta.url), { workerData: token });
    const [exitCode] = (await once(worker, 'exit')) as [number];
    expect(exitCode).toBe(0);
    expect(x.tolist()).toEqual([10, 20]);
    unshare(token);
    x.dispose();
    expect(addon().memoryStats().processLiveSlots).toBe(before);
  });
});
