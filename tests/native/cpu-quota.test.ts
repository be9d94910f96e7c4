import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { readCpuQuota } from '../../lib/native/cpu-quota.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

describe('the processors that control groups grant', () => {
  let root: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    root = temporaryFolder();
  });
  afterEach(() => root[Symbol.dispose]());

  function read(files: Record<string, string>): number | undefined {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root.path, name)), { recursive: true });
      writeFileSync(join(root.path, name), text);
    }
    return readCpuQuota(root.path);
  }

  test.each([
    ['nothing', {}, undefined],
    ['version 2, no limit', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' }, undefined],
    ['version 2, seen from inside a container', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '200000 100000\n' }, 2],
    [
      'version 2, the least of a group and those above it',
      {
        'proc/self/cgroup': '0::/a/b.scope\n',
        'sys/fs/cgroup/a/b.scope/cpu.max': 'max 100000\n',
        'sys/fs/cgroup/a/cpu.max': '50000 100000\n',
        'sys/fs/cgroup/cpu.max': '400000 100000\n',
      },
      0.5,
    ],
    [
      'version 1, beside version 2 without limits',
      {
        'proc/self/cgroup': '5:memory:/x\n4:cpu,cpuacct:/docker/1\n1:cpuset:/y\n0::/\n',
        'sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_quota_us': '150000\n',
        'sys/fs/cgroup/cpu,cpuacct/docker/1/cpu.cfs_period_us': '100000\n',
      },
      1.5,
    ],
    [
      "version 1, where the group's path is the host's",
      {
        'proc/self/cgroup': '3:cpuacct,cpu:/docker/not/here\n',
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '300000\n',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      3,
    ],
    [
      'version 1, no limit',
      {
        'proc/self/cgroup': '3:cpu:/\n',
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      undefined,
    ],
  ])('%s', (_, files: Record<string, string>, quota) => {
    expect(read(files)).toBe(quota);
  });
});
