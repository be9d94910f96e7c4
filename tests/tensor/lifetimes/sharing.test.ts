import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { receive, scope, share, tensor, unshare } from '../../../lib/tensor/index.js';

const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

const withWorker = `
  import { once } from 'node:events';
  import { Worker } from 'node:worker_threads';
  import { memory, share, tensor } from ${here('../../../lib/tensor/index.ts')};
  const x = tensor([1, 2]);
  const worker = new Worker(new URL(${here('./sharing-worker.mjs')}), { execArgv: [], workerData: share(x) });
  await once(worker, 'exit');
  console.log(JSON.stringify({ values: x.tolist(), live: memory.stats().processLiveSlots }));
`;

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

  test('reaches a worker thread, which leaves nothing behind', () => {
    const args = ['--import', 'tsx', '--input-type=module', '-e', withWorker];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ values: [10, 20], live: 1 });
  });
});
